import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// One engine, one conversation, one peer in memory; what came of it.
final class EngineRun: EngineObserver {
    static let flow = FourTuple(
        local: SocketAddress(.v4(IPv4Address(0xC000_0201)), port: 40000),
        remote: SocketAddress(.v4(IPv4Address(0xC000_0202)), port: 80)
    )
    /// Sequence numbers that wrap within the first octets.
    static let ourISS = SequenceNumber(0xFFFF_FFFE)
    static let theirISS = SequenceNumber(0xFFFF_FFF0)

    private(set) var events: [Event] = []
    private(set) var readings: [Reading] = []
    private(set) var verdict: Verdict?
    private(set) var settlements = 0
    /// Decides about segments before they leave.
    var gate: (TCPSegment, Int) -> SegmentDecision = { _, _ in .send }
    private var offers = 0
    /// How often to be told what is waited for.
    var progressInterval: Duration?
    /// What was told, with the moment.
    private(set) var waits: [(waiting: Waiting, at: Instant)] = []
    /// What a typed line decides.
    var lineDecision: SegmentDecision?

    static func plan() -> ConnectionPlan {
        ConnectionPlan(flow: flow, connection: configuration(iss: ourISS, flow: flow))
    }

    static func peerConfiguration() -> ConnectionConfiguration {
        configuration(iss: theirISS, flow: flow.reversed)
    }

    private static func configuration(iss: SequenceNumber, flow: FourTuple) -> ConnectionConfiguration {
        ConnectionConfiguration(
            iss: iss,
            localPort: flow.local.port,
            remotePort: flow.remote.port,
            synOptions: TCPOptions(linuxLayoutWithMSS: 1460, windowScale: 7, sackPermitted: true, timestamp: 1),
            minimumRTO: .milliseconds(200),
            timeWait: .seconds(60)
        )
    }

    @discardableResult
    func run(_ plan: ConnectionPlan, over link: MemoryLink, expectation: Expectation = .open(end: .fin)) -> Engine {
        let engine = Engine(transport: link, observer: self)
        engine.add(.connection(plan, expectation))
        engine.run()
        return engine
    }

    func run(_ plan: CraftedPlan, over link: MemoryLink) {
        let engine = Engine(transport: link, observer: self)
        engine.add(.crafted(plan))
        engine.run()
    }

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        events.append(event)
        readings.append(reading)
    }

    func offered(_ segment: TCPSegment, of id: ConversationID) -> SegmentDecision {
        offers += 1
        return gate(segment, offers)
    }

    func waits(_ waiting: Waiting, of id: ConversationID, at now: Instant) { waits.append((waiting, now)) }

    func typed(_ line: String) -> SegmentDecision? { lineDecision }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        self.verdict = verdict
        settlements += 1
    }

    /// Our segments in the order they left, as flags and relative numbers.
    var sent: [String] { notations(of: .us) }
    /// The peer's segments in the order they came.
    var came: [String] { notations(of: .peer) }

    private func notations(of origin: Origin) -> [String] {
        events.compactMap { event in
            guard case .segment(let observed) = event.kind, observed.origin == origin else { return nil }
            let base =
                origin == .us
                ? SequenceBase(seq: Self.ourISS, ack: Self.theirISS)
                : SequenceBase(seq: Self.theirISS, ack: Self.ourISS)
            var bare = observed.segment
            bare.options = TCPOptions()
            bare.header.window = 0
            return bare.notation(relativeTo: base).replacing(" win 0", with: "")
        }
    }
}
