import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// What proves a connection open, what does not, and which evidence is named when there is more than one.
struct ProofTests {
    private func opened(_ rest: String) throws -> Conversation {
        var run = Conversation()
        try run.add(Opening.plain)
        try run.add(rest)
        return run
    }

    @Test func answeredKeepaliveProvesNothing() throws {
        let (verdict, readings) = try opened(
            """
            0.2 us   . 0:0(0) ack 1 win 502
            0.3 peer . 1:1(0) ack 1 win 509
            """
        ).judged(.open(end: .fin))
        #expect(verdict.openProof == nil)
        #expect(verdict.codes.contains(.notProvedOpen))
        #expect(readings.last?.peerState == .synReceived)
    }

    /// An embryonic connection, too, challenges a RST that lies in its window (RFC 9293 §3.10.7.4, second).
    @Test func challengeOfAnEmbryonicConnectionIsNamedAndProvesNothing() throws {
        var run = Conversation()
        try run.add(
            """
            0   us   S 0:0(0) win 64240 <mss 1460>
            0.1 peer S. 0:0(0) ack 1 win 65535 <mss 1460>
            0.2 us   R 1000:1000(0) win 1000
            0.3 peer . 1:1(0) ack 1 win 32767
            """
        )
        let (verdict, readings) = run.judged(.open(end: .fin))
        #expect(readings.last?.meanings == [.challenges])
        #expect(verdict.openProof == nil)
    }

    /// While a keepalive is out as well, one ACK answers either; the second one must answer the question.
    @Test func answerThatAKeepaliveExplainsProvesNothing() throws {
        var run = try opened(
            """
            0.2 us   . 0:0(0) ack 1 win 502
            0.2 us   . 1:1(0) ack 2 win 502
            0.3 peer . 1:1(0) ack 1 win 509
            """
        )
        #expect(run.verdict(.open(end: .fin)).openProof == nil)
        try run.add("0.4 peer . 1:1(0) ack 1 win 509")
        #expect(run.verdict(.open(end: .fin)).openProof == .challengeAnswered)
    }

    @Test func bareAcknowledgmentWithoutQuestionProvesNothing() throws {
        let verdict = try opened("0.3 peer . 1:1(0) ack 1 win 509").verdict(.open(end: .fin))
        #expect(verdict.openProof == nil)
    }

    @Test(arguments: [(1189.0, false), (1191.0, true)])
    func silenceIsWeakProofAfter1200Milliseconds(after: Double, isProof: Bool) throws {
        var run = try opened("0.2 us . 1:1(0) ack 2 win 502")
        run.add(0.103 + after, .timer(.gaveUp(.proof, after: .milliseconds(1200))))
        let verdict = run.verdict(.open(end: .fin))
        #expect((verdict.openProof == .noRepeatedSynAck) == isProof)
        #expect(verdict.codes.contains(.proofWeak) == isProof)
        #expect(verdict.codes.contains(.notProvedOpen) == !isProof)
    }

    @Test func silenceAcrossAClockStepProvesNothing() throws {
        var run = try opened("0.2 us . 1:1(0) ack 2 win 502")
        run.add(1, .clockStepped(.seconds(2)))
        run.add(2003, .timer(.gaveUp(.proof, after: .milliseconds(1200))))
        #expect(run.verdict(.open(end: .fin)).openProof == nil)
    }

    @Test func lateRepeatedSynAckTakesTheWeakProofBack() throws {
        var run = try opened("0.2 us . 1:1(0) ack 2 win 502")
        run.add(1300, .timer(.gaveUp(.proof, after: .milliseconds(1200))))
        #expect(run.verdict(.open(end: .fin)).openProof == .noRepeatedSynAck)
        try run.add("3000 peer S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 3900 ecr 100,nop,wscale 7>")
        #expect(run.verdict(.open(end: .fin)).openProof == nil)
    }

    /// The SYN-ACK that a second SYN drew comes after our ACK; it does not mean that our ACK was lost.
    @Test func synAckOfTheOtherSynIsNoRepetition() throws {
        var run = Conversation()
        try run.add(
            """
            0    us   S 0:0(0) win 64240 <mss 1460,TS val 100 ecr 0>
            1000 us   S 0:0(0) win 64240 <mss 1460,TS val 1100 ecr 0>
            1020 peer S. 0:0(0) ack 1 win 65160 <mss 1460,TS val 900 ecr 100>
            1021 us   . 1:1(0) ack 1 win 502
            2020 peer S. 0:0(0) ack 1 win 65160 <mss 1460,TS val 1900 ecr 1100>
            """
        )
        #expect(!run.verdict().codes.contains(.synAckRepeated))
        try run.add("3020 peer S. 0:0(0) ack 1 win 65160 <mss 1460,TS val 2900 ecr 1100>")
        #expect(run.verdict().codes.contains(.synAckRepeated))
    }

    @Test func strongerEvidenceBeforeTheClosingReplacesWeaker() throws {
        var run = try opened(Opening.proof)
        #expect(run.verdict().openProof == .challengeAnswered)
        try run.add(
            """
            1 us   P. 1:6(5) ack 1 win 502
            2 peer . 1:1(0) ack 6 win 509
            """
        )
        #expect(run.verdict().openProof == .ourOctetsAcknowledged)
        #expect(run.verdict().openProvedBy == 6)
        try run.add("3 peer P. 1:6(5) ack 6 win 509")
        #expect(run.verdict().openProof == .ourOctetsAcknowledged)
    }

    /// What is learnt from the goodbye does not replace what the opening was proved by.
    @Test func acknowledgedFinProvesOnlyWhatNothingElseDid() throws {
        let fin = """
            1 us   F. 1:1(0) ack 1 win 502
            2 peer . 1:1(0) ack 2 win 509
            """
        let proved = try opened(Opening.proof + "\n" + fin).verdict()
        #expect(proved.openProof == .challengeAnswered)
        let unproved = try opened(fin).verdict()
        #expect(unproved.openProof == .ourOctetsAcknowledged)
        #expect(unproved.openProvedBy == 4)
    }

    /// Data in the SYN that the SYN-ACK acknowledges (RFC 7413) says nothing about our ACK.
    @Test func dataAcknowledgedByTheSynAckProvesNothing() throws {
        var run = Conversation()
        try run.add(
            """
            0 us   S 0:5(5) win 64240 <mss 1460>
            1 peer S. 0:0(0) ack 6 win 65160 <mss 1460>
            2 us   . 6:6(0) ack 1 win 502
            """
        )
        #expect(run.verdict().openProof == nil)
    }

    /// Two questions, two RSTs: the second does not become a RST with a wrong sequence number.
    @Test func everyEmbryonicAnswerIsKnownAsOne() throws {
        let verdict = try opened(
            """
            0.2 us   . 1:1(0) ack 2 win 502
            0.3 us   . 1:1(0) ack 2 win 502
            0.4 peer R 2:2(0) win 0
            0.5 peer R 2:2(0) win 0
            """
        ).verdict(.open(end: .rst))
        #expect(!verdict.codes.contains(.resetWrongSequence))
        #expect(verdict.codes.contains(.notProvedOpen))
    }

    /// A bogus acknowledgment in a capture that has lost the peer's data is not taken for the question.
    @Test func acknowledgmentOfUncapturedDataIsNoQuestion() throws {
        let (_, readings) = try opened(
            """
            1 peer P. 1:6(5) ack 1 win 509
            2 us   . 1:1(0) ack 11 win 502
            """
        ).judged(.observe)
        #expect(readings.last?.meanings == [.remark("acknowledges 5 octets that were not captured")])
    }

    /// A FIN alone proves as much as data, and is called what it is.
    @Test func aFinAloneProvesTheConnectionOpen() throws {
        let (verdict, readings) = try opened("0.3 peer F. 1:1(0) ack 1 win 509").judged(.close)
        #expect(verdict.openProof == .peerFin)
        #expect(readings.last?.meanings.contains(.provesOpen(.peerFin)) == true)
        let withData = try opened("0.3 peer FP. 1:3(2) ack 1 win 509").verdict(.close)
        #expect(withData.openProof == .peerData)
    }

    /// Once our RST at SND.NXT is out there is nothing left that a segment of ours could confirm (RFC 9293 §3.10.7.4).
    @Test func afterOurResetWeConfirmNothing() throws {
        var run = Conversation()
        try run.add(
            """
            0   us   S 0:0(0) win 64240 <mss 1460>
            0.1 peer S. 0:0(0) ack 1 win 65535 <mss 1460>
            0.2 us   R 1:1(0) win 0
            9.0 us   F. 1:1(0) ack 1 win 502
            9.1 peer R 1:1(0) win 0
            """
        )
        let (verdict, readings) = run.judged(.open(end: .fin))
        #expect(verdict.ledger.theirSyn.confirmedAt == nil)
        #expect(readings.allSatisfy { !$0.meanings.contains(.confirms(.theirSyn)) })
        #expect(readings.last?.meanings.contains(.confirmsForgotten) == true)
    }
}
