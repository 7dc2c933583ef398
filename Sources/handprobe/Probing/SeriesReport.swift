import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Several runs as they are written: for a person, or for a program.
protocol SeriesReport {
    /// A run begins.
    mutating func begin(_ id: ConversationID, from port: GuardedPort) -> [String]
    /// One event of a run.
    mutating func lines(for event: Event, reading: Reading, of id: ConversationID) -> [String]
    /// What came of a run.
    mutating func lines(for run: PingRun, _ verdict: Verdict, of id: ConversationID) -> [String]
    /// What came of a run together with what followed.
    mutating func revise(_ verdict: Verdict, of id: ConversationID)
    /// Nothing more follows in a run.
    mutating func end(_ id: ConversationID) -> [String]
    /// What the SYN of a run met between sockets that had a connection before.
    mutating func lines(for reuse: TupleReuse, of id: ConversationID) -> [String]
    /// The figures so far.
    func statistics() -> [String]
}

/// Several runs as a person reads them: where they go, a line a run, and ping's figures.
struct PingReport: SeriesReport {
    private let way: Path
    private let style: TextStyle
    private var summary: PingSummary

    init(_ way: Path, style: TextStyle) {
        self.way = way
        self.style = style
        summary = PingSummary(target: way.remote.description, style: style)
    }

    /// Where they go and what guards them is said once.
    func begin(_ id: ConversationID, from port: GuardedPort) -> [String] {
        guard id.number == 1 else { return [] }
        let guards = port.portGuard.kinds.map(\.rawValue)
        return way.header(local: port.portGuard.local, guards: guards).lines(style: style)
    }

    func lines(for event: Event, reading: Reading, of id: ConversationID) -> [String] { [] }

    mutating func lines(for run: PingRun, _ verdict: Verdict, of id: ConversationID) -> [String] {
        summary.lines(for: run)
    }

    func revise(_ verdict: Verdict, of id: ConversationID) {}

    func end(_ id: ConversationID) -> [String] { [] }

    mutating func lines(for reuse: TupleReuse, of id: ConversationID) -> [String] { summary.lines(for: reuse) }

    func statistics() -> [String] { summary.statistics() }
}
