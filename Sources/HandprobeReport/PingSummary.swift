public import HandprobeJudge

/// Several runs against one target, a line for each and ping's figures at the end.
public struct PingSummary: Sendable {
    private let target: String
    private let style: TextStyle
    private var figures = RunFigures()
    /// How the SYNs between sockets that had a connection before were answered, in the order in which that came up first.
    private var reuses: [(answer: TupleReuse.Answer, runs: Int)] = []

    /// No runs yet against `target`.
    public init(target: String, style: TextStyle) {
        self.target = style.safe(target)
        self.style = style
    }

    /// Counts `run` and gives its line: `seq=1 rtt=0.041 ms  closed in four segments`; none in a quiet style.
    public mutating func lines(for run: PingRun) -> [String] {
        figures.add(run)
        guard style.verbosity != .quiet else { return [] }
        var line = InkedLine("seq=\(figures.runs)")
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

    /// Counts what a run's SYN met between sockets that had a connection before, and says it below the run's line.
    public mutating func lines(for reuse: TupleReuse) -> [String] {
        if let index = reuses.firstIndex(where: { $0.answer == reuse.answer }) {
            reuses[index].runs += 1
        } else {
            reuses.append((reuse.answer, 1))
        }
        guard style.verbosity != .quiet else { return [] }
        let room = style.columns == .max ? .max : style.columns - 4
        return WordWrap.lines(reuse.sentence, columns: room).map { "    " + $0 }
    }

    /// The figures so far: how many, how many answered, the round trips, and the outcomes by name.
    public func statistics() -> [String] {
        let (runs, answered) = (figures.runs, figures.answered)
        var items = [runs == 1 ? "1 run" : "\(runs) runs", "\(answered) answered"]
        if runs > 0 { items.append("\(Self.percent(runs - answered, of: runs)) loss") }
        var lines = WordWrap.lines("--- \(target) ---", columns: style.columns)
        lines += WordWrap.packed(items, separator: ", ", columns: style.columns)
        if let trips = figures.roundTrips {
            let numbers = [trips.least, trips.median, trips.greatest].map(DurationText.number).joined(separator: "/")
            lines += WordWrap.lines("rtt min/median/max = \(numbers) ms", columns: style.columns)
        }
        var outcomes = figures.asExpected > 0 ? ["\(figures.asExpected) as expected"] : []
        outcomes += figures.causes.map { "\($0.runs) \($0.name)" }
        if !outcomes.isEmpty { lines += WordWrap.packed(outcomes, separator: ", ", columns: style.columns) }
        if !reuses.isEmpty {
            let answers = reuses.map { "\($0.runs) \($0.answer.rawValue)" }
            let whole = ["same sockets again: \(answers[0])"] + answers.dropFirst()
            lines += WordWrap.packed(whole, separator: ", ", columns: style.columns)
        }
        return lines
    }

    /// To a tenth of a percent, the tenth left out when it is none.
    private static func percent(_ part: Int, of whole: Int) -> String {
        let tenths = (part * 1000 + whole / 2) / whole
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }
}
