public import HandprobeJudge
import HandprobeTCP

/// The last line of a report: the orderly course, or the cause with its code and stage.
public enum Conclusion {
    /// The line, in more than one only where the terminal is too narrow for it; the one thing a quiet style shows.
    public static func lines(_ verdict: Verdict, style: TextStyle) -> [String] {
        WordWrap.lines(style.safe(verdict.headline), columns: style.columns).map {
            InkedLine($0, ink(verdict.outcome)).text(in: style)
        }
    }

    static func ink(_ outcome: Verdict.Outcome) -> Ink {
        switch outcome {
        case .asExpected: .good
        case .notAsExpected, .noAnswer: .bad
        case .degraded: .warning
        }
    }
}
