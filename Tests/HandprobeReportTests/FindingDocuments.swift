import HandprobeJudge

/// The documents that list the findings, written from the code itself.
enum FindingDocuments {
    private static let notice = """
        <!-- Written from the code: HANDPROBE_RECORD=1 swift test --filter FindingDocumentTests -->

        """

    private static let commands: [(name: String, expectation: HandprobeJudge.Expectation)] = [
        ("open", .open(end: .fin)), ("close", .close), ("send", .answer), ("listen", .serve),
        ("read", .observe),
    ]

    private static let outcomes: [(outcome: Verdict.Outcome, words: String)] = [
        (.asExpected, "as expected"),
        (.notAsExpected, "the peer or a router answered, but not as expected"),
        (.noAnswer, "no answer where one was due, and the silence was truly heard"),
        (.degraded, "something on this machine makes the result uncertain"),
    ]

    /// What each finding means.
    static var findings: String {
        let rows = FindingCode.allCases.map { code in
            "| `\(code.rawValue)` | \(code.meaning) | \(code.clause ?? "") | \(code.outcome.rawValue) |"
        }
        return """
            \(notice)# Findings

            Everything handprobe says about a run, beside its course, is one of these findings. A code never changes its
            meaning. The last column is the exit code that the finding makes of a run by itself; a better answer that comes
            later can make it harmless, and [exit-codes.md](exit-codes.md) has the differences between commands.

            | code | meaning | clause | exit code |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    /// Which exit code each command makes of each finding.
    static var exitCodes: String {
        let outcomeRows = outcomes.map { "| \($0.outcome.rawValue) | \($0.words) |" }
        let rows = FindingCode.allCases.map { code in
            let cells = commands.map { "\(code.outcome(under: $0.expectation).rawValue)" }
            return "| `\(code.rawValue)` | \(cells.joined(separator: " | ")) |"
        }
        return """
            \(notice)# Exit codes

            | exit code | meaning |
            |---|---|
            \(outcomeRows.prefix(3).joined(separator: "\n"))
            | 3 | the command line cannot be used |
            | 4 | this machine cannot do it: privilege, unknown host, no route, capture |
            \(outcomeRows.suffix(1).joined(separator: "\n"))
            | 128 + n | ended by signal n: 130 after Ctrl-C, 141 when nobody reads the output any more |

            A run with several findings has the exit code of the weightiest: 5 before 1, 1 before 2, 2 before 0. `doctor`
            gives 0 or 4, `demo` what its two runs give.

            `read` gives the weightiest of the connections it was asked for, in the same order; 5 when the file itself lacks
            something: it breaks off, a block of it is broken, the capture says that it lost frames, or a connection had to
            be given up; 2 when there is no connection in it, or not the one asked for; 4 when it is no capture file at all.
            A connection in a file that handprobe wrote is measured by what that run was asked to do.

            ## By finding and command

            | finding | \(commands.map { "`\($0.name)`" }.joined(separator: " | ")) |
            |---|\(String(repeating: "---|", count: commands.count))
            \(rows.joined(separator: "\n"))

            `send` asks for an answer, so a port that refuses or challenges has done what was asked of it; an ICMP error
            is none, and a RST that is not the exact one is the wrong one. `listen` gives 2 when no client came; a handshake
            that came to nothing counts only where no client was served.

            """
    }
}
