public import HandprobeJudge
public import HandprobeWire

/// What came back for one crafted segment, a line for each answer and a sentence at the end.
public struct AnswerLines: Sendable {
    private let style: TextStyle
    private var list: CompactList
    private var answers = 0

    /// Nothing yet; times count from the segment's leaving.
    public init(sentAt start: Timestamp, style: TextStyle) {
        self.style = style
        list = CompactList(style: style, start: start)
    }

    /// The lines of one event, the next in its transcript.
    public mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        switch event.kind {
        case .segment(let observed) where !observed.origin.isHere: answers += 1
        case .icmpError(let observed) where observed.quotesOurs: answers += 1
        default: break
        }
        return list.lines(for: event, reading: reading, index: index)
    }

    /// What to say when `waited` is over: how many answers came, or that none did.
    public func end(after waited: Duration) -> [String] {
        let text =
            switch answers {
            case 0: "nothing came back in \(DurationText.length(waited))"
            case 1: "1 answer in \(DurationText.length(waited))"
            default: "\(answers) answers in \(DurationText.length(waited))"
            }
        return WordWrap.lines(text, columns: style.columns).map {
            InkedLine($0, answers == 0 ? .warning : .good).text(in: style)
        }
    }
}
