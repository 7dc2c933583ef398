import HandprobeJudge
import HandprobeReport
import HandprobeWire

/// A connection as a person reads it: the ladder, the ledger, the findings, the last line.
struct LadderReport: ConversationReport {
    private let header: [String]
    private let style: TextStyle
    private var ladder: Ladder
    private var start: Timestamp?
    /// The result as it was given last.
    private var said: Verdict?

    /// `header` is what comes first, in lines.
    init(_ header: [String], _ flow: FourTuple, style: TextStyle) {
        self.header = header
        self.style = style
        ladder = Ladder(peer: flow.remote.address.description, style: style)
    }

    func opening() -> [String] { header + ladder.header() }

    mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        start = start ?? event.time
        return ladder.lines(for: event, reading: reading, index: index) + OctetsText.lines(for: event, style: style)
    }

    mutating func closing(_ verdict: Verdict) -> [String] {
        said = verdict
        return start.map { RunSummary.lines(verdict, start: $0, style: style) } ?? []
    }

    /// The last line is how it went, also when something came after it.
    mutating func revision(_ verdict: Verdict) -> [String] {
        defer { said = verdict }
        return RunSummary.revision(verdict, of: said, style: style)
    }

    func end() -> [String] { [] }
}
