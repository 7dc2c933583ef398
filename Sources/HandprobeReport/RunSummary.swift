public import HandprobeJudge
public import HandprobeWire

/// Everything that comes after the course of a conversation: the ledger, the findings, the last line.
public enum RunSummary {
    /// The lines, the first an empty one; in a quiet style only the last line.
    ///
    /// `start` is the time of the transcript's first event.
    public static func lines(_ verdict: Verdict, start: Timestamp, style: TextStyle) -> [String] {
        let conclusion = Conclusion.lines(verdict, style: style)
        guard style.verbosity != .quiet else { return conclusion }
        return [""] + LedgerText.lines(verdict, start: start, style: style)
            + FindingsText.lines(verdict.findings, style: style)
            + (style.explains ? IdeaText.lines(verdict, style: style) : []) + conclusion
    }

    /// The lines when something came after `former` was said: the findings that are new since, and the last line again.
    public static func revision(_ verdict: Verdict, of former: Verdict?, style: TextStyle) -> [String] {
        let said = former?.findings ?? []
        let more = verdict.findings.filter { finding in
            !said.contains { $0.code == finding.code && $0.source == finding.source }
        }
        return FindingsText.lines(more, style: style) + Conclusion.lines(verdict, style: style)
    }
}
