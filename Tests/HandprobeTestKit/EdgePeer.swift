import HandprobeTCP
public import HandprobeWire

/// A peer without a TCP behind it: it plays every address of the other side of a link, as its behaviour says.
///
/// The program under test runs in `us`, behind a real kernel. There is no kernel on the other side: the peer itself answers
/// ARP and neighbour discovery.
public final class EdgePeer: Sendable {
    struct State: Sendable {
        var behavior: EdgeBehavior
        var segments: [EdgeSegment] = []
        var unreadable = 0
        var answersNeighbours = true
        var stops = false
    }

    /// The namespace that probes run in.
    public let us: NetworkNamespace
    /// Our interface, `link0`: 10.77.0.1 and fd77::1. The way to every other network leads over it, too.
    public let ours: NetworkInterface
    private let port: FramePort
    private let state: Monitor<State>
    private let wake: WakeSignal
    let worker: Worker

    /// Makes the namespace, and a peer at every address but ours.
    public init(_ behavior: EdgeBehavior, withoutTap: Bool = false) throws {
        us = try NetworkNamespace()
        port = try FramePort(in: us, kind: withoutTap ? .packetSocket : nil)
        ours = try NetworkInterface(named: FramePort.interface, in: us, subnet: .first, host: 1)
        try us.ip(
            "route add default via \(Subnet.first.ipv4(2)) dev \(ours.name)",
            "route add default via \(Subnet.first.ipv6(2)) dev \(ours.name)"
        )
        let state = Monitor(State(behavior: behavior))
        let wake = try WakeSignal()
        self.state = state
        self.wake = wake
        let (port, ours) = (port, ours)
        worker = try Worker {
            var loop = EdgeLoop(port: port, ours: ours, state: state, wake: wake)
            loop.run()
        }
    }

    deinit {
        stop()
    }

    /// The address that tests usually probe: 10.77.0.2 or fd77::2.
    public func address(_ family: IPAddress.Family) -> IPAddress {
        switch family {
        case .v4: .v4(Subnet.first.ipv4(2))
        case .v6: .v6(Subnet.first.ipv6(2))
        }
    }

    /// A router's address on the link, 10.77.0.254 or fd77::fe, for ICMP errors that it sends.
    public func router(_ family: IPAddress.Family) -> IPAddress {
        switch family {
        case .v4: .v4(Subnet.first.ipv4(254))
        case .v6: .v6(Subnet.first.ipv6(254))
        }
    }

    /// Plays another behaviour from now on.
    public func play(_ behavior: EdgeBehavior) {
        state.withLock { $0.behavior = behavior }
    }

    /// Without, nobody on the link answers ARP or neighbour discovery.
    public func answerNeighbours(_ answers: Bool) {
        state.withLock { $0.answersNeighbours = answers }
    }

    /// Every segment with a good checksum that came so far.
    public var segments: [EdgeSegment] { state.withLock { $0.segments } }

    /// TCP packets that came and could not be read, or whose checksum was wrong.
    public var unreadable: Int { state.withLock { $0.unreadable } }

    /// Waits until `condition` holds for the segments that came and returns them; throws at `limit`.
    @discardableResult
    public func waitUntil(
        _ what: String = "the peer sees what is expected",
        limit: Duration = .patience,
        _ condition: ([EdgeSegment]) -> Bool
    ) throws -> [EdgeSegment] {
        let seen = state.wait(limit) { condition($0.segments) ? $0.segments : nil }
        if let seen { return seen }
        throw TestKitError.timeout("\(what); seen: \(segments.map(\.tcp))")
    }

    /// Ends the thread: nobody answers any more.
    public func stop() {
        state.withLock { $0.stops = true }
        wake.raise()
        worker.join()
    }
}
