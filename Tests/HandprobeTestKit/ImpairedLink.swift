/// A link between two namespaces made of two ports and a thread of ours, which impairs frames the same way for the same
/// seed. Real kernels are at both ends.
public final class ImpairedLink: Sendable {
    /// Which way a frame goes.
    public enum Direction: Hashable, Sendable {
        case towardsPeer, towardsUs
    }

    /// What became of the packets of one direction, link upkeep left out.
    public struct Statistics: Hashable, Sendable {
        /// Packets that came to the link.
        public var arrived = 0
        /// Frames that left it, duplicates and replacements included.
        public var passed = 0
        /// Packets that chance or a rule dropped.
        public var dropped = 0
        /// Packets of which a second copy was made.
        public var duplicated = 0
        /// Packets that let the next one go first.
        public var reordered = 0
        /// Segments with a flipped bit.
        public var corrupted = 0
        /// Packets for which a rule gave another frame.
        public var replaced = 0
        /// Frames that the receiving kernel did not take.
        public var refused = 0
    }

    struct State: Sendable {
        var impairments: [Direction: Impairment]
        var rules: [LinkRule]
        var statistics: [Direction: Statistics] = [.towardsPeer: Statistics(), .towardsUs: Statistics()]
        var stops = false
    }

    /// True when TAP devices carry the frames; else packet sockets on veth do.
    public let usesTap: Bool
    /// Held so that the interfaces are there as long as the link, stopped or not.
    private let ports: [FramePort]
    private let state: Monitor<State>
    private let wake: WakeSignal
    let worker: Worker

    init(
        us: FramePort,
        peer: FramePort,
        seed: UInt64,
        towardsPeer: Impairment,
        towardsUs: Impairment,
        rules: [LinkRule]
    ) throws {
        usesTap = us.kind == .tap
        ports = [us, peer]
        let impairments: [Direction: Impairment] = [.towardsPeer: towardsPeer, .towardsUs: towardsUs]
        let state = Monitor(State(impairments: impairments, rules: rules))
        let wake = try WakeSignal()
        self.state = state
        self.wake = wake
        worker = try Worker {
            var relay = LinkRelay(us: us, peer: peer, seed: seed, state: state, wake: wake)
            relay.run()
        }
    }

    deinit {
        stop()
    }

    /// Changes what happens to the packets of one direction from now on.
    public func impair(_ direction: Direction, _ impairment: Impairment) {
        state.withLock { $0.impairments[direction] = impairment }
    }

    /// Puts a rule before those there are.
    public func add(_ rule: LinkRule) {
        state.withLock { $0.rules.insert(rule, at: 0) }
    }

    /// Takes all rules away.
    public func removeRules() {
        state.withLock { $0.rules = [] }
    }

    /// What became of the packets of one direction so far.
    public func statistics(_ direction: Direction) -> Statistics {
        state.withLock { $0.statistics[direction] ?? Statistics() }
    }

    /// Waits until `condition` holds for the statistics of one direction; throws at `limit`.
    public func waitUntil(
        _ what: String,
        _ direction: Direction,
        limit: Duration = .patience,
        _ condition: (Statistics) -> Bool
    ) throws {
        let holds = state.wait(limit) { condition($0.statistics[direction] ?? Statistics()) ? true : nil }
        if holds == nil { throw TestKitError.timeout("\(what): \(statistics(direction))") }
    }

    /// Ends the thread; frames still under way are lost, and nothing passes any more.
    public func stop() {
        state.withLock { $0.stops = true }
        wake.raise()
        worker.join()
    }
}
