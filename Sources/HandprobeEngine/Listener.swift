import HandprobeTCP
import HandprobeWire

/// A local socket that answers SYNs: what it has promised, and what it may still promise.
///
/// A SYN takes a place. The place is used up when the client is served, and free again when its handshake came to
/// nothing, so that no forged SYN keeps a client out for good.
struct Listener {
    let policy: ListenPolicy
    let host: any Engine.Host
    /// Clients that were served.
    private(set) var served = 0
    /// When the next client is not awaited any more.
    private(set) var deadline: Instant?
    private var embryonic: Set<ConversationID> = []

    init(_ policy: ListenPolicy, host: any Engine.Host, at now: Instant) {
        self.policy = policy
        self.host = host
        deadline = policy.wait.map { now + $0 }
    }

    /// True when no further client will be served.
    var isDone: Bool { served >= policy.limit }

    /// Why `caller` gets no answer to `syn`; nil when it is answered.
    func refusal(of caller: Caller, to syn: TCPSegment) -> PassedOver? {
        let source = caller.flow.remote
        let isHost = !source.address.isMulticast && !source.address.isLimitedBroadcast && !source.address.isUnspecified
        guard isHost, source.port != 0, source != caller.flow.local else { return .noHost }
        guard policy.from.isEmpty || policy.from.contains(where: { $0.contains(source.address) }) else {
            return .outside
        }
        if let key = policy.key, !key.verifies(syn, from: source.address, to: caller.flow.local.address) {
            return .unsigned
        }
        let places = min(ListenPolicy.mostEmbryonic, policy.limit - served)
        return embryonic.count < places ? nil : .tooMany
    }

    /// A client takes a place.
    mutating func begin(_ id: ConversationID) {
        embryonic.insert(id)
    }

    /// A client is served: its connection is open, or it was refused or left alone as told.
    mutating func serve(_ id: ConversationID, at now: Instant) {
        guard embryonic.remove(id) != nil else { return }
        served += 1
        deadline = policy.wait.map { now + $0 }
    }

    /// A conversation has ended; a place that it still holds is free.
    mutating func end(_ id: ConversationID) {
        embryonic.remove(id)
    }
}
