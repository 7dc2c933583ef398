public import HandprobeWire

/// What is to be done with one client: how its SYN is answered, and what follows once the connection is open.
public struct ServicePlan: Sendable {
    /// The answer to its SYN.
    public var answer: Answer
    /// The connection that comes of it.
    public var connection: ConnectionPlan

    /// A plan from its parts.
    public init(answer: Answer, connection: ConnectionPlan) {
        self.answer = answer
        self.connection = connection
    }
}

/// A client whose SYN has just come.
public struct Caller: Hashable, Sendable {
    /// The connection it asks for; without scopes, which no packet carries.
    public var flow: FourTuple
    /// The interface its SYN came in by.
    public var interface: String

    /// A client from its parts.
    public init(flow: FourTuple, interface: String) {
        self.flow = flow
        self.interface = interface
    }
}

/// Why a SYN got no answer.
public enum PassedOver: String, Hashable, Sendable, CaseIterable {
    /// It did not come from where clients are awaited.
    case outside
    /// As many handshakes are under way as may be.
    case tooMany = "too-many"
    /// Its source is no host that could be answered: a group, everybody, nobody, or the listening socket itself.
    case noHost = "no-host"
    /// It came in on an interface where nothing is captured.
    case notCaptured = "not-captured"
    /// It is not signed with the key that both ends have.
    case unsigned
    /// There is no way back to its source.
    case noWay = "no-way"
}

/// Whom a listening socket answers, how many, and for how long.
public struct ListenPolicy: Sendable {
    /// The most handshakes that are under way at a time.
    public static let mostEmbryonic = 8

    /// Where clients may come from; empty for anywhere.
    public var from: [AddressBlock]
    /// How many clients are served in all.
    public var limit: Int
    /// How long the first client, and each further one, is awaited; nil for ever.
    public var wait: Duration?
    /// What every SYN has to be signed with; nil where none is.
    public var key: SignatureKey?

    /// A policy from its parts.
    public init(from: [AddressBlock] = [], limit: Int = 1, wait: Duration? = nil, key: SignatureKey? = nil) {
        self.from = from
        self.limit = limit
        self.wait = wait
        self.key = key
    }
}
