import HandprobeJudge
import HandprobeReport
import HandprobeWire

/// A connection as a person reads it: the ladder, the ledger, the findings, the last line.
struct LadderReport: ConversationReport {
    private let header: RunHeader
    private let style: TextStyle
    private var ladder: Ladder
    private var start: Timestamp?

    init(_ header: RunHeader, style: TextStyle) {
        self.header = header
        self.style = style
        ladder = Ladder(peer: header.remote.address.description, style: style)
    }

    func opening() -> [String] { header.lines(style: style) + ladder.header() }

    mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        start = start ?? event.time
        return ladder.lines(for: event, reading: reading, index: index)
    }

    func closing(_ verdict: Verdict) -> [String] {
        start.map { RunSummary.lines(verdict, start: $0, style: style) } ?? []
    }

    /// The last line is how it went, also when something came after it.
    func revision(_ verdict: Verdict) -> [String] { Conclusion.lines(verdict, style: style) }

    func end() -> [String] { [] }
}
