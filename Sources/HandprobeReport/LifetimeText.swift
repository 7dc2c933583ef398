public import HandprobeJudge

/// How long connections are remembered, for a person.
public enum LifetimeText {
    /// What one connection said to the question; nothing in a quiet style.
    public static func lines(for finding: Finding, style: TextStyle) -> [String] {
        guard style.verbosity != .quiet else { return [] }
        return WordWrap.lines(
            style.safe("\(finding.sentence) [\(finding.code.rawValue)]"), columns: style.columns)
    }

    /// The last line: what was found out; or the verdict because of which it was not.
    public static func conclusion(_ lifetime: Lifetime, _ failure: Verdict?, style: TextStyle) -> [String] {
        guard let failure else {
            let ink: Ink = lifetime.kept == nil && lifetime.over == nil ? .warning : .good
            return WordWrap.lines(lifetime.sentence, columns: style.columns).map { InkedLine($0, ink).text(in: style) }
        }
        let hint =
            failure.findings.contains { $0.code == .peerDidNotCloseFirst }
            ? "; only who closes first has one, so ask for something after which the peer closes, as with --http" : ""
        let words = "\(lifetime.subject.words) was not measured: \(failure.headline)\(hint)"
        return WordWrap.lines(style.safe(words), columns: style.columns).map { InkedLine($0, .bad).text(in: style) }
    }
}
