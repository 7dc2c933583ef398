import HandprobeJudge
import HandprobeReport
import HandprobeWire
import Testing

/// The stories are told by hand. The judge must read the same out of their events, or the golden files show what no run will.
@Suite struct JudgedStoryTests {
    @Test func fourWayClose() throws { try compare(Story.fourWayClose(), .close) }

    @Test func retransmittedSyn() throws { try compare(Story.retransmittedSyn(), .open(end: .rst)) }

    @Test func refused() throws { try compare(Story.refused(), .open(end: .fin)) }

    private func compare(_ story: Story, _ expectation: HandprobeJudge.Expectation) throws {
        var judge = Judge(flow: FourTuple(local: story.us, remote: story.peer), expectation: expectation)
        for (index, event) in story.events.enumerated() {
            let reading = judge.observe(event)
            guard case .segment = event.kind else { continue }
            #expect(reading.meanings == story.readings[index].meanings, "event \(index)")
            #expect(reading.relativeSeq == story.readings[index].relativeSeq, "event \(index)")
            #expect(reading.relativeAck == story.readings[index].relativeAck, "event \(index)")
        }
        for kind in RequestKind.allCases { #expect(judge.conclude().ledger[kind] == story.verdict.ledger[kind]) }
        #expect(judge.conclude().openProof == story.verdict.openProof)
        #expect(judge.conclude().outcome == story.verdict.outcome)
    }
}
