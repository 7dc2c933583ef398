import Glibc
public import HandprobeWire

/// A TCP server of the kernel, played by a thread of this process, which records what it saw.
public final class TestServer: Sendable {
    /// How a server treats each of its connections.
    public struct Behavior: Hashable, Sendable {
        /// When the server sends its FIN, or its RST.
        public enum Closing: Hashable, Sendable {
            /// As soon as everything there is to send has been sent, without waiting for the peer.
            case atOnce
            /// When the peer's FIN has come, and what answers it has been sent.
            case afterPeer
            /// When the test says `closeNow()`, whether the peer's FIN has come or not.
            case whenTold
            /// Not before the server is stopped.
            case never
        }

        /// Connections are taken from the listener; without, they wait in its backlog.
        public var accepts = true
        /// What is sent on accepting.
        public var greeting: [UInt8] = []
        /// What arrives is read; without, the window fills up.
        public var reads = true
        /// What arrives is sent back.
        public var echoes = false
        /// What is sent once the peer's FIN has come: the server speaks in the half-closed interval.
        public var farewell: [UInt8] = []
        /// What is sent for the first octets that arrive.
        public var response: [UInt8] = []
        /// When the server closes.
        public var closing = Closing.afterPeer
        /// Closing gives up both directions, as close() does: what the peer sends after it draws RST from the kernel.
        /// Without, the server goes on reading after its FIN, and records the peer's.
        public var hangsUp = false
        /// Closing sends RST instead of FIN (SO_LINGER 0).
        public var resets = false
        /// Seconds of TCP_DEFER_ACCEPT; nil is without.
        public var deferAccept: Int32?
        /// The listener's backlog.
        public var backlog: Int32 = 128
        /// SO_RCVBUF of the listener in octets; nil leaves the kernel's.
        public var receiveBuffer: Int32?
        /// The key of the TCP MD5 option, 1 to 80 octets; nil is without.
        public var key: [UInt8]?

        /// A server that reads, and closes when the peer has.
        public init() {}
    }

    /// What a server saw of one connection.
    public struct Connection: Hashable, Sendable {
        /// Where it came from.
        public var remote: SocketAddress
        /// What arrived.
        public var received: [UInt8] = []
        /// The peer's FIN was seen.
        public var sawEOF = false
        /// The peer's RST was seen (ECONNRESET, or EPIPE after our FIN).
        public var sawReset = false
        /// The server has closed its direction, or reset.
        public var closed = false
    }

    struct State: Sendable {
        var connections: [Connection] = []
        var closes = false
        var stops = false
        var failure: String?
    }

    /// Where the server listens.
    public let address: SocketAddress
    private let state: Monitor<State>
    private let wake: WakeSignal
    let worker: Worker

    /// Listens on `address` inside `namespace`, or where we are; port 0 takes a free one.
    public init(_ behavior: Behavior, on address: SocketAddress, in namespace: NetworkNamespace? = nil) throws {
        let listener = try KernelSocket(address.address.family, in: namespace)
        try listener.set(SOL_SOCKET, SO_REUSEADDR, 1)
        if case .v6 = address.address { try listener.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        if let seconds = behavior.deferAccept { try listener.set(Int32(IPPROTO_TCP), TCP_DEFER_ACCEPT, seconds) }
        if let octets = behavior.receiveBuffer { try listener.set(SOL_SOCKET, SO_RCVBUF, octets) }
        if let key = behavior.key { try listener.setMD5Key(key, address.address.family) }
        try listener.bind(to: address)
        try listener.listen(backlog: behavior.backlog)
        self.address = try listener.name
        let state = Monitor(State())
        let wake = try WakeSignal()
        self.state = state
        self.wake = wake
        worker = try Worker {
            var loop = ServerLoop(behavior: behavior, listener: listener, state: state, wake: wake)
            loop.run()
        }
    }

    /// Listens at the peer's address of a testbed's first path.
    public convenience init(
        _ behavior: Behavior,
        in testbed: Testbed,
        _ family: IPAddress.Family = .v4,
        port: UInt16 = 0
    ) throws {
        try self.init(behavior, on: SocketAddress(testbed.theirs.address(family), port: port), in: testbed.peer)
    }

    deinit {
        stop()
    }

    /// Lets connections that close `whenTold` close: those there are and those to come.
    public func closeNow() {
        state.withLock { $0.closes = true }
        wake.raise()
    }

    /// Closes everything and ends the thread.
    public func stop() {
        state.withLock { $0.stops = true }
        wake.raise()
        worker.join()
    }

    /// What was seen of every connection, in the order of acceptance.
    public var connections: [Connection] { state.withLock { $0.connections } }

    /// How many connections were accepted.
    public var accepted: Int { connections.count }

    /// Waits until `condition` holds for what the server has seen, and returns that; throws at `limit`.
    @discardableResult
    public func waitUntil(
        _ what: String = "the server sees what is expected",
        limit: Duration = .patience,
        _ condition: ([Connection]) -> Bool
    ) throws -> [Connection] {
        let seen = state.wait(limit) { condition($0.connections) ? $0.connections : nil }
        if let seen { return seen }
        throw TestKitError.timeout("\(what); seen: \(connections) \(state.withLock { $0.failure } ?? "")")
    }
}

extension TestServer.Behavior {
    private static func with(_ change: (inout Self) -> Void) -> Self {
        var behavior = Self()
        change(&behavior)
        return behavior
    }

    /// Sends everything back and closes when the peer has.
    public static let echo = with { $0.echoes = true }
    /// Reads, and closes only when told.
    public static let closesLate = with { $0.closing = .whenTold }
    /// Sends its FIN at once after accepting, and goes on reading.
    public static let closesAtOnce = with { $0.closing = .atOnce }
    /// Answers the first octets with `response`, then closes before the peer does.
    public static func closesFirst(after response: [UInt8]) -> Self {
        with {
            $0.response = response
            $0.closing = .atOnce
        }
    }
    /// Reads, and does not close before the test ends.
    public static let neverCloses = with { $0.closing = .never }
    /// Resets the connection where it would send its FIN.
    public static let resetsOnClose = with { $0.resets = true }
    /// Reads, and resets the connection when told.
    public static let resetsLate = with {
        $0.resets = true
        $0.closing = .whenTold
    }
    /// Resets the connection at once after accepting.
    public static let resetsAtOnce = with {
        $0.resets = true
        $0.closing = .atOnce
    }
    /// Answers the peer's FIN with octets, then closes.
    public static func speaksAfterEOF(_ farewell: [UInt8]) -> Self { with { $0.farewell = farewell } }
    /// Speaks first, then waits for the peer to close.
    public static func banner(_ greeting: [UInt8]) -> Self { with { $0.greeting = greeting } }
    /// Is not told of a connection before its first octets have come (TCP_DEFER_ACCEPT).
    public static let defersAccept = with {
        $0.echoes = true
        $0.deferAccept = 30
    }
    /// Sends everything back, signed with a key, to whoever signs with it.
    public static func signs(_ key: [UInt8]) -> Self {
        with {
            $0.echoes = true
            $0.key = key
        }
    }
    /// Leaves connections in the listener's backlog.
    public static let neverAccepts = with { $0.accepts = false }
    /// Never reads, with a small buffer, so that its window soon is zero.
    public static let neverReads = with {
        $0.reads = false
        $0.closing = .never
        $0.receiveBuffer = 4096
    }
}
