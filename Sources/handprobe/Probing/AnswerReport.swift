import HandprobeJudge
import HandprobeReport

/// A crafted segment and its answers as a person reads them, a line each.
struct AnswerReport: ConversationReport {
    private let header: RunHeader
    private let style: TextStyle
    private var answers: AnswerLines?
    /// The result as it was given last.
    private var said: Verdict?

    init(_ header: RunHeader, style: TextStyle) {
        self.header = header
        self.style = style
    }

    func opening() -> [String] { header.lines(style: style) }

    mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        var answers = answers ?? AnswerLines(sentAt: event.time, style: style)
        let lines = answers.lines(for: event, reading: reading, index: index)
        self.answers = answers
        return lines + OctetsText.lines(for: event, style: style)
    }

    mutating func closing(_ verdict: Verdict) -> [String] {
        said = verdict
        return AnswerLines.end(verdict, style: style)
    }

    /// The last line is how it went, also when something came after it.
    mutating func revision(_ verdict: Verdict) -> [String] {
        defer { said = verdict }
        return RunSummary.revision(verdict, of: said, style: style)
    }

    func end() -> [String] { [] }
}
