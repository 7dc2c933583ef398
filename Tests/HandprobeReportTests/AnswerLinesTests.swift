import HandprobeJudge
import HandprobeReport
import Testing

@Suite struct AnswerLinesTests {
    private let style = TextStyle(width: TextStyle.unlimited)

    private func shown(_ story: Story) -> (lines: [String], end: [String]) {
        var answers = AnswerLines(sentAt: Story.at(0), style: style)
        var lines: [String] = []
        for (index, (event, reading)) in zip(story.events, story.readings).enumerated() {
            lines += answers.lines(for: event, reading: reading, index: index)
        }
        return (lines, answers.end(after: .seconds(1)))
    }

    @Test func aRefusalIsAnAnswer() throws {
        let (lines, end) = try shown(Story.refused())
        #expect(lines.last == "    0.038 ms  peer →  R. 0:0(0) ack 1 win 0   resets exactly in sequence")
        #expect(end == ["1 answer in 1.000 s"])
    }

    @Test func soIsAnICMPErrorAboutOurSegment() throws {
        let (lines, end) = try shown(Story.filtered())
        #expect(
            lines.last
                == "    4.417 ms  router  ICMP type 3 code 13 from router 203.0.113.254"
                + "   communication administratively prohibited"
        )
        #expect(end == ["1 answer in 1.000 s"])
    }

    @Test func whatWeSendIsNone() throws {
        #expect(try shown(Story.silent()).end == ["nothing came back in 1.000 s"])
    }
}
