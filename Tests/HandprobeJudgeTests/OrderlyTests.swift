import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// Whole runs in which nothing goes wrong (RFC 9293 §3.5, §3.6).
struct OrderlyTests {
    @Test(arguments: [(UInt32(0), UInt32.max), (.max, 0), (0xFFFF_FFF0, 0x7FFF_FFFE), (1, 1)])
    func closesInFourSegments(iss: UInt32, irs: UInt32) throws {
        var run = Conversation(iss: iss, irs: irs)
        try run.add(Opening.plain)
        try run.add(
            """
            0.120 us   P. 1:19(18) ack 1 win 502
            0.160 peer . 1:1(0) ack 19 win 509
            0.201 us   F. 19:19(0) ack 1 win 502
            0.239 peer . 1:1(0) ack 20 win 509
            0.500 peer P. 1:613(612) ack 20 win 509
            0.550 us   . 20:20(0) ack 613 win 502
            2.869 peer F. 613:613(0) ack 20 win 509
            2.902 us   . 20:20(0) ack 614 win 502
            """
        )
        let (verdict, readings) = run.judged(.close)
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.findings == [])
        #expect(verdict.opening == "opened in three segments")
        #expect(
            verdict.closing
                == "closed in four segments; half-closed for 2.630 ms, in which the peer sent 612 octets"
        )
        #expect(
            verdict.headline
                == "orderly: opened in three segments, proved open by the peer's ACK of our data, "
                + "closed in four segments; half-closed for 2.630 ms, in which the peer sent 612 octets"
        )
        #expect(verdict.openProof == .ourOctetsAcknowledged)
        #expect(verdict.openProvedBy == 4)
        #expect(verdict.halfClosed == .microseconds(2630))
        #expect(verdict.halfClosedOctets == 612)
        #expect(verdict.handshakeRTT == .microseconds(41))
        for kind in RequestKind.allCases {
            #expect(verdict.ledger[kind].attemptCount == 1)
            #expect(verdict.ledger[kind].creditedAttempt == 1)
            #expect(verdict.ledger[kind].unconfirmedBecause == nil)
        }
        #expect(RequestKind.allCases.map { verdict.ledger[$0].confirmedBy } == [1, 2, 6, 10])
        #expect(verdict.ledger.ourSyn.confirmingFlags == [.syn, .ack])
        #expect(
            readings.map(\.meanings) == [
                [.requests(.ourSyn, attempt: 1)],
                [.confirms(.ourSyn), .requests(.theirSyn, attempt: 1)],
                [.confirms(.theirSyn)],
                [.carriesData(octets: 18)],
                [.confirmsData(octets: 18), .provesOpen(.ourOctetsAcknowledged)],
                [.requests(.ourFin, attempt: 1)],
                [.confirms(.ourFin)],
                [.carriesData(octets: 612)],
                [.confirmsData(octets: 612)],
                [.requests(.theirFin, attempt: 1)],
                [.confirms(.theirFin)],
            ]
        )
        #expect(
            readings.map(\.ourState) == [
                .synSent, .established, .established, .established, .established, .finWait1, .finWait2, .finWait2,
                .finWait2, .timeWait, .timeWait,
            ]
        )
        #expect(
            readings.map(\.peerState) == [
                nil, .synReceived, .synReceived, .synReceived, .established, .established, .closeWait, .closeWait,
                .closeWait, .lastAck, .lastAck,
            ]
        )
        #expect(readings.map(\.relativeSeq) == [0, 0, 1, 1, 1, 19, 1, 1, 20, 613, 20])
        #expect(readings.map(\.relativeAck) == [nil, 1, 1, 1, 19, 1, 20, 20, 613, 20, 614])
    }

    @Test func closesInThreeSegments() throws {
        var run = Conversation()
        try run.add(Opening.plain)
        try run.add(Opening.proof)
        try run.add(
            """
            0.201 us   F. 1:1(0) ack 1 win 502
            0.239 peer F. 1:1(0) ack 2 win 509
            0.260 us   . 2:2(0) ack 2 win 502
            """
        )
        let (verdict, readings) = run.judged(.open(end: .fin))
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.closing == "closed in three segments: the peer's FIN and its ACK of ours shared one")
        #expect(verdict.openProof == .challengeAnswered)
        #expect(verdict.halfClosed == nil)
        #expect(readings[3].meanings == [.asksForProof])
        #expect(readings[4].meanings == [.provesOpen(.challengeAnswered), .challenges])
        #expect(readings[6].meanings == [.confirms(.ourFin), .requests(.theirFin, attempt: 1)])
        #expect(readings.last?.ourState == .timeWait)
    }

    @Test func endsByResetThatIsConfirmed() throws {
        var run = Conversation()
        try run.add(Opening.plain)
        try run.add(Opening.proof)
        try run.add(
            """
            0.201 us   R. 1:1(0) ack 1 win 0
            0.239 us   . 1:1(0) ack 1 win 502
            0.260 peer R 1:1(0) win 0
            """
        )
        let (verdict, readings) = run.judged(.open(end: .rst))
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.findings == [])
        #expect(verdict.closing == "reset by us at exactly SND.NXT, confirmed")
        #expect(
            verdict.headline.hasPrefix("orderly: opened in three segments, proved open by the peer's challenge ACK"))
        #expect(readings[5].meanings == [.resets(.exact)])
        #expect(readings[6].meanings == [.asksWhetherForgotten])
        #expect(readings[7].meanings == [.confirmsForgotten])
        #expect(readings[7].peerState == .closed)
    }

    @Test func peerClosesFirst() throws {
        var run = Conversation()
        try run.add(Opening.plain)
        try run.add(
            """
            0.200 peer FP. 1:11(10) ack 1 win 509
            0.210 us   . 1:1(0) ack 12 win 502
            1.210 us   P. 1:8(7) ack 12 win 502
            2.210 us   F. 8:8(0) ack 12 win 502
            2.250 peer . 12:12(0) ack 9 win 509
            """
        )
        let (verdict, readings) = run.judged(.close)
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.codes == [.peerClosedFirst, .lateDataTaken])
        #expect(
            verdict.closing
                == "the peer closed first; closed in four segments; half-closed for 2.000 ms, in which we sent 7 octets"
        )
        #expect(readings.map(\.ourState).suffix(5) == [.closeWait, .closeWait, .closeWait, .lastAck, .closed])
        #expect(readings.last?.peerState == .timeWait)
        #expect(verdict.openProof == .peerData)
    }

    @Test func closesSimultaneously() throws {
        var run = Conversation()
        try run.add(Opening.plain)
        try run.add(Opening.proof)
        try run.add(
            """
            0.201 us   F. 1:1(0) ack 1 win 502
            0.203 peer F. 1:1(0) ack 1 win 509
            0.210 us   . 2:2(0) ack 2 win 502
            0.240 peer . 2:2(0) ack 2 win 509
            """
        )
        let (verdict, readings) = run.judged(.close)
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.closing == "closed simultaneously: the two FINs crossed")
        #expect(readings.map(\.ourState).suffix(4) == [.finWait1, .closing, .closing, .timeWait])
    }

    @Test func opensSimultaneously() throws {
        var run = Conversation()
        try run.add(
            """
            0 us   S 0:0(0) win 64240 <mss 1460>
            1 peer S 0:0(0) win 65160 <mss 1460>
            2 us   S. 0:0(0) ack 1 win 64240 <mss 1460>
            3 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
            4 us   . 1:1(0) ack 1 win 502
            """
        )
        let (verdict, readings) = run.judged(.observe)
        #expect(verdict.opening?.hasPrefix("opened simultaneously") == true)
        #expect(verdict.finding(.synCrossed)?.evidence == [1])
        #expect(verdict.codes == [.synCrossed, .leftOpen])
        #expect(verdict.ledger.ourSyn.attemptCount == 1)
        #expect(verdict.ledger.theirSyn.attemptCount == 1)
        #expect(readings.map(\.ourState) == [.synSent, .synReceived, .synReceived, .established, .established])
    }

    @Test func opensInFourSegments() throws {
        var run = Conversation()
        try run.add(
            """
            0 us   S 0:0(0) win 64240 <mss 1460>
            1 peer . 0:0(0) ack 1 win 65160
            2 peer S 0:0(0) win 65160 <mss 1460>
            3 us   . 1:1(0) ack 1 win 502
            """
        )
        #expect(
            run.verdict(.observe).opening
                == "opened in four segments: the peer's ACK of our SYN and its own SYN came apart"
        )
    }

    @Test func theOtherEndOpens() throws {
        var run = Conversation()
        try run.add(
            """
            0 peer S 0:0(0) win 64240 <mss 1460>
            1 us   S. 0:0(0) ack 1 win 65160 <mss 1460>
            2 peer . 1:1(0) ack 1 win 502
            """
        )
        let (verdict, readings) = run.judged(.observe)
        #expect(verdict.opening == "opened by the peer in three segments")
        #expect(readings.map(\.ourState) == [.listen, .synReceived, .established])
        #expect(verdict.handshakeRTT == .milliseconds(1))
        #expect(verdict.outcome == .asExpected)
    }
}
