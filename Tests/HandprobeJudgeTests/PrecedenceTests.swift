import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// Which finding prevails when several are there, and what the last line then says.
struct PrecedenceTests {
    private let syn = "0 us S 0:0(0) win 64240 <mss 1460>"

    @Test func silenceThatMayBeLossIsDegraded() throws {
        var run = Conversation()
        try run.add(syn)
        run.add(1, .captureLoss(frames: 5))
        run.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        let verdict = run.verdict(.open(end: .fin))
        #expect(verdict.outcome == .degraded)
        #expect(
            verdict.headline
                == "nothing answered our SYN within 7.000 s [no-answer, post-syn]; "
                + "degraded: the capture lost 5 frames [capture-loss, post-syn]"
        )
    }

    @Test func refusalWithLossIsDegradedButNamed() throws {
        var run = try Example.answersToSyn[0].conversation()
        run.add(2, .captureLoss(frames: 1))
        let verdict = run.verdict()
        #expect(verdict.outcome == .degraded)
        #expect(
            verdict.headline.hasPrefix(
                "the peer refused our SYN with RST 0.041 ms after it [refused, post-syn]; degraded"))
    }

    /// Noise on the way to a definite answer does not count against it.
    @Test func definiteAnswerPrevailsOverNoise() throws {
        var run = Conversation()
        try run.add(syn)
        try run.add("1 peer R 0:0(0) win 0")
        try run.add("2 peer . 5:5(0) ack 700 win 1")
        try run.add("3 peer! S. 0:0(0) ack 1 win 65160")
        run.add(4, run.icmp(type: 3, code: 13))
        #expect(run.verdict().outcome == .notAsExpected)
        try run.add(
            """
            5 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
            6 us   . 1:1(0) ack 1 win 502
            7 us   . 1:1(0) ack 2 win 502
            8 peer . 1:1(0) ack 1 win 65160
            """
        )
        try run.add(Ending.fin.replacing("win 509", with: "win 65160"))
        let verdict = run.verdict(.open(end: .fin))
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.codes == [.resetWithoutAck, .challenged, .badChecksum, .icmpSoftError])
        #expect(verdict.findings.allSatisfy { $0.outcome == .asExpected })
        #expect(verdict.headline.hasPrefix("orderly: "))
    }

    @Test func strayAnswerIsStillAnAnswer() throws {
        var run = Conversation()
        try run.add(syn)
        try run.add("1 peer R 0:0(0) win 0")
        run.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        let verdict = run.verdict()
        #expect(verdict.outcome == .notAsExpected)
        #expect(!verdict.codes.contains(.noAnswer))
    }

    @Test func informationDoesNotSpoilAnOrderlyRun() throws {
        var run = Conversation()
        try run.add(
            """
            0 us   S 0:0(0) win 64240 <mss 1460>
            1 peer S. 0:0(0) ack 1 win 0
            2 us   . 1:1(0) ack 1 win 502
            2 us   . 1:1(0) ack 2 win 502
            3 peer . 1:1(0) ack 1 win 509
            """
        )
        try run.add(Ending.fin)
        let verdict = run.verdict(.open(end: .fin))
        #expect(verdict.codes == [.zeroWindowInSynAck, .noMSS])
        #expect(verdict.outcome == .asExpected)
    }

    @Test func captureThatEndsEarlyIsNotHeldAgainstThePeer() throws {
        var run = Conversation()
        try run.add(Opening.plain)
        try run.add(
            """
            1 us   F. 1:1(0) ack 1 win 502
            2 peer . 1:1(0) ack 2 win 509
            """
        )
        #expect(run.verdict(.observe).outcome == .asExpected)
        #expect(run.verdict(.observe).codes == [.leftOpen])
        #expect(run.verdict(.close).codes == [.peerNeverClosed, .leftOpen])
        #expect(run.verdict(.close).outcome == .degraded)
    }

    /// A RST after an orderly end, or before any answer, is no goodbye.
    @Test func resetOutsideAConnectionIsNoGoodbye() throws {
        var closed = Conversation()
        try closed.add(Opening.plain)
        try closed.add(Opening.proof)
        try closed.add(Ending.fin)
        let orderly = closed.verdict()
        try closed.add("9000 us R 2:2(0) win 0")
        #expect(closed.verdict().codes == [])
        #expect(closed.verdict().headline == orderly.headline)
        var silent = Conversation()
        try silent.add(syn)
        silent.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        try silent.add("7001 us R 1:1(0) win 0")
        #expect(silent.verdict().codes == [.noAnswer])
        #expect(silent.verdict().closing == nil)
    }

    @Test func brokenCaptureIsDegraded() throws {
        var run = Conversation()
        try run.add(syn)
        run.add(1, .captureFailed(reason: "The interface disappeared"))
        #expect(run.verdict().outcome == .degraded)
        #expect(
            run.verdict().finding(.captureLoss)?.sentence == "the capture stopped working: The interface disappeared")
    }

    /// A SYN that waited for the link address of its next hop and then left is no loss; one that never leaves is.
    @Test func onlyWhatNeverLeftCounts() throws {
        var run = Conversation()
        let bare = TCPSegment(seq: run.iss, flags: .syn, wnd: 64240)
        run.add(-250, .notSeenLeaving(bare))
        #expect(run.verdict(.open(end: .fin)).codes == [.notSeenLeaving])
        try run.add(Opening.plain)
        try run.add(Opening.proof)
        try run.add(Ending.fin)
        #expect(run.verdict(.open(end: .fin)).codes == [])
        #expect(run.verdict(.open(end: .fin)).outcome == .asExpected)
        run.add(20000, .notSeenLeaving(bare))
        #expect(run.verdict(.open(end: .fin)).codes == [.notSeenLeaving])
        #expect(run.verdict(.open(end: .fin)).finding(.notSeenLeaving)?.stage == .closing)
    }

    @Test func interruptionExplainsSilence() throws {
        var run = Conversation()
        try run.add(syn)
        run.add(500, .interrupted(signal: 2))
        let verdict = run.verdict(.open(end: .fin))
        #expect(verdict.codes == [.interrupted])
        #expect(verdict.ledger.ourSyn.unconfirmedBecause == "the run was ended early")
    }

    @Test func emptyTranscriptIsNoSuccess() {
        let run = Conversation()
        #expect(run.verdict(.open(end: .fin)).outcome == .degraded)
        #expect(run.verdict(.answer).outcome == .degraded)
        #expect(run.verdict(.observe).headline == "no segment of this connection was captured")
    }

    @Test func reasonsAreGivenForWhatWasNotConfirmed() throws {
        let filtered = try Example.all.first { $0.code == .filteredByICMP }?.conversation().verdict()
        #expect(filtered?.ledger.ourSyn.unconfirmedBecause?.contains("administratively prohibited") == true)
        let refused = try Example.answersToSyn[0].conversation().verdict()
        #expect(refused.ledger.ourSyn.unconfirmedBecause == "the peer refused it")
        let silent = try Example.all.first { $0.code == .noAnswer }?.conversation().verdict()
        #expect(silent?.ledger.ourSyn.unconfirmedBecause == "nothing answered it")
        #expect(silent?.ledger.theirSyn.unconfirmedBecause == nil)
        let reset = try Example.all.first { $0.code == .resetAfterFin }?.conversation().verdict()
        #expect(reset?.ledger.ourFin.unconfirmedBecause == "the peer reset the connection")
    }
}
