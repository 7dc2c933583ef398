import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// A measurement as it is written: for a person, or for a program.
protocol MeasurementReport {
    /// A connection begins.
    mutating func begin(_ id: ConversationID, from port: GuardedPort) -> [String]
    /// One event of a connection.
    mutating func lines(for event: Event, reading: Reading, of id: ConversationID) -> [String]
    /// What one connection said to the question.
    mutating func lines(for finding: Finding, of id: ConversationID) -> [String]
    /// What came of a connection.
    mutating func settle(_ verdict: Verdict, of id: ConversationID) -> [String]
    /// Nothing more follows in a connection.
    mutating func end(_ id: ConversationID) -> [String]
    /// What was found out; or the verdict because of which it was not.
    func conclusion(_ lifetime: Lifetime, _ failure: Verdict?) -> [String]
}

/// A measurement as a person reads it: where it goes, a line an answer, and what they come to.
struct LifetimeReport: MeasurementReport {
    private let way: Path
    private let style: TextStyle

    init(_ way: Path, style: TextStyle) {
        self.way = way
        self.style = style
    }

    func begin(_ id: ConversationID, from port: GuardedPort) -> [String] {
        guard id.number == 1 else { return [] }
        return way.header(local: port.portGuard.local, guards: port.portGuard.kinds.map(\.rawValue)).lines(style: style)
    }

    func lines(for event: Event, reading: Reading, of id: ConversationID) -> [String] { [] }

    func lines(for finding: Finding, of id: ConversationID) -> [String] {
        LifetimeText.lines(for: finding, style: style)
    }

    func settle(_ verdict: Verdict, of id: ConversationID) -> [String] { [] }

    func end(_ id: ConversationID) -> [String] { [] }

    func conclusion(_ lifetime: Lifetime, _ failure: Verdict?) -> [String] {
        LifetimeText.conclusion(lifetime, failure, style: style)
    }
}

/// A measurement as a program reads it: the objects of each connection, and one of what they come to.
struct NDJSONLifetimeReport: MeasurementReport {
    private let run: RunIdentity
    private let now: () -> Timestamp
    private var series: NDJSONSeriesReport

    init(run: RunIdentity, series: NDJSONSeriesReport, now: @escaping () -> Timestamp) {
        self.run = run
        self.series = series
        self.now = now
    }

    mutating func begin(_ id: ConversationID, from port: GuardedPort) -> [String] { series.begin(id, from: port) }

    mutating func lines(for event: Event, reading: Reading, of id: ConversationID) -> [String] {
        series.lines(for: event, reading: reading, of: id)
    }

    func lines(for finding: Finding, of id: ConversationID) -> [String] { [] }

    mutating func settle(_ verdict: Verdict, of id: ConversationID) -> [String] {
        series.revise(verdict, of: id)
        return []
    }

    mutating func end(_ id: ConversationID) -> [String] { series.end(id) }

    func conclusion(_ lifetime: Lifetime, _ failure: Verdict?) -> [String] { [run.line(for: lifetime, at: now())] }
}
