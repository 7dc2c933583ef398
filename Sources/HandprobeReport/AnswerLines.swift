public import HandprobeJudge
public import HandprobeWire

/// What came back for one crafted segment: a line for each segment and error, and what it comes to.
public struct AnswerLines: Sendable {
    private let style: TextStyle
    private var list: CompactList

    /// Nothing yet; times count from the segment's leaving.
    public init(sentAt start: Timestamp, style: TextStyle) {
        self.style = style
        list = CompactList(style: style, start: start)
    }

    /// The lines of one event, the next in its transcript; none for the end of the wait, which the last line tells.
    public mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        if case .timer = event.kind { return [] }
        return list.lines(for: event, reading: reading, index: index)
    }

    /// The findings that the last line does not tell already, and the last line.
    public static func end(_ verdict: Verdict, style: TextStyle) -> [String] {
        let untold = verdict.findings.filter { !verdict.headline.contains($0.sentence) }
        return FindingsText.lines(untold, style: style) + Conclusion.lines(verdict, style: style)
    }
}
