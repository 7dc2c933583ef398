import HandprobeJudge

/// Several runs against one target, a line for each and ping's figures at the end.
public struct PingSummary: Sendable {
    private let target: String
    private let style: TextStyle
    private var sent = 0
    private var answered = 0
    private var rtts: [Duration] = []
    private var asExpected = 0
    private var causes: [(name: String, count: Int)] = []

    /// No runs yet against `target`.
    public init(target: String, style: TextStyle) {
        self.target = style.safe(target)
        self.style = style
    }

    /// Counts `run` and gives its line: `seq=1 rtt=0.041 ms  closed in four segments`; none in a quiet style.
    public mutating func lines(for run: PingRun) -> [String] {
        sent += 1
        if run.isAnswered { answered += 1 }
        if let rtt = run.rtt { rtts.append(rtt) }
        if run.outcome == .asExpected {
            asExpected += 1
        } else {
            count(run.cause?.rawValue ?? Self.name(run.outcome))
        }
        guard style.verbosity != .quiet else { return [] }
        var line = InkedLine("seq=\(sent)")
        if let rtt = run.rtt { line.append(" rtt=\(DurationText.length(rtt))") }
        line.append("  ")
        let room = style.columns == .max ? .max : style.columns - 4
        let parts = WordWrap.lines(style.safe(run.headline), columns: room - line.width + 4, rest: room)
        var lines: [InkedLine] = []
        for (index, part) in parts.enumerated() {
            if index > 0 {
                lines.append(line)
                line = InkedLine("    ")
            }
            line.append(part, Conclusion.ink(run.outcome))
        }
        return (lines + [line]).map { $0.text(in: style) }
    }

    /// The figures so far: how many, how many answered, the round trips, and the outcomes by name.
    public func statistics() -> [String] {
        var items = [sent == 1 ? "1 run" : "\(sent) runs", "\(answered) answered"]
        if sent > 0 { items.append("\(Self.percent(sent - answered, of: sent)) loss") }
        var lines = WordWrap.lines("--- \(target) ---", columns: style.columns)
        lines += WordWrap.packed(items, separator: ", ", columns: style.columns)
        if let figures = Self.figures(rtts) {
            lines += WordWrap.lines("rtt min/median/max = \(figures)", columns: style.columns)
        }
        var outcomes = asExpected > 0 ? ["\(asExpected) as expected"] : []
        outcomes += causes.map { "\($0.count) \($0.name)" }
        if !outcomes.isEmpty { lines += WordWrap.packed(outcomes, separator: ", ", columns: style.columns) }
        return lines
    }

    private mutating func count(_ name: String) {
        if let index = causes.firstIndex(where: { $0.name == name }) {
            causes[index].count += 1
        } else {
            causes.append((name, 1))
        }
    }

    private static func name(_ outcome: Verdict.Outcome) -> String {
        switch outcome {
        case .asExpected: "as expected"
        case .notAsExpected: "not as expected"
        case .noAnswer: "without answer"
        case .degraded: "degraded"
        }
    }

    private static func figures(_ rtts: [Duration]) -> String? {
        let sorted = rtts.sorted()
        guard let least = sorted.first, let most = sorted.last else { return nil }
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        return [least, median, most].map(DurationText.number).joined(separator: "/") + " ms"
    }

    /// To a tenth of a percent, the tenth left out when it is none.
    private static func percent(_ part: Int, of whole: Int) -> String {
        let tenths = (part * 1000 + whole / 2) / whole
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }
}
