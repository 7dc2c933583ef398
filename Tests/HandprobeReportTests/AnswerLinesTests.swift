import HandprobeJudge
import HandprobeReport
import Testing

@Suite struct AnswerLinesTests {
    private let style = TextStyle(width: TextStyle.unlimited)

    private func shown(_ story: Story) -> [String] {
        var answers = AnswerLines(sentAt: Story.at(0), style: style)
        var lines: [String] = []
        for (index, (event, reading)) in zip(story.events, story.readings).enumerated() {
            lines += answers.lines(for: event, reading: reading, index: index)
        }
        return lines
    }

    @Test func eachAnswerIsALine() throws {
        let refused = try shown(Story.refused())
        #expect(refused.count == 2)
        #expect(refused.last == "    0.038 ms  peer →  R. 0:0(0) ack 1 win 0   resets exactly in sequence")
        #expect(
            try shown(Story.filtered()).last
                == "    4.417 ms  router  ICMP type 3 code 13 from router 203.0.113.254"
                + "   communication administratively prohibited"
        )
    }

    @Test func theEndOfTheWaitIsTheLastLinesAffair() throws {
        let story = try Story.silent()
        let segments = story.events.count { if case .segment = $0.kind { true } else { false } }
        #expect(segments < story.events.count)
        #expect(shown(story).count == segments)
    }

    /// The last line names its finding; the others are listed before it.
    @Test func nothingIsSaidTwice() {
        let told = Finding(
            code: .refused, sentence: "the peer refused", stage: .postSyn, source: .peer, evidence: [1])
        let untold = Finding(
            code: .rewrittenLocally, sentence: "our SYN left otherwise", stage: .postSyn, source: .kernel, evidence: [0]
        )
        let verdict = Verdict(
            ledger: Ledger(), findings: [untold, told], headline: "answered: the peer refused [refused]",
            outcome: .asExpected)
        let lines = AnswerLines.end(verdict, style: style)
        #expect(lines.count == 2)
        #expect(lines[0].contains("rewritten-locally: our SYN left otherwise"))
        #expect(lines[1] == "answered: the peer refused [refused]")
        #expect(AnswerLines.end(verdict, style: TextStyle(width: 80, verbosity: .quiet)) == [lines[1]])
    }
}
