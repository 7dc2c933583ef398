import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// One crafted segment and what comes back: CLOSED and LISTEN at the other end (RFC 9293 §3.10.7.1, §3.10.7.2).
struct CraftedTests {
    /// A crafted segment at sequence number 100, and one answer in absolute numbers.
    private func run(_ crafted: String, _ answer: String?, checksum: ChecksumVerdict = .good) throws -> Conversation {
        var run = Conversation(iss: 0, irs: 0)
        try run.add("0 us \(crafted)")
        run.changeLast { $0.checksum = checksum }
        if let answer {
            try run.add("1 peer \(answer)")
        } else {
            run.add(1000, .timer(.gaveUp(.anyAnswer, after: .seconds(1))))
        }
        return run
    }

    /// Groups 1 and 2 of §3.5.2: with ACK `<SEQ=SEG.ACK><CTL=RST>`, without `<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>`.
    @Test(arguments: [
        (". 100:100(0) ack 7 win 1", "R 7:7(0) win 0"),
        ("F. 100:100(0) ack 7 win 1", "R 7:7(0) win 0"),
        ("S. 100:100(0) ack 7 win 1", "R 7:7(0) win 0"),
        ("P. 100:105(5) ack 4294967295 win 1", "R 4294967295:4294967295(0) win 0"),
        ("F 100:100(0) win 1", "R. 0:0(0) ack 101 win 0"),
        ("FP 100:105(5) win 1", "R. 0:0(0) ack 106 win 0"),
        ("- 100:100(0) win 1", "R. 0:0(0) ack 100 win 0"),
        ("- 100:103(3) win 1", "R. 0:0(0) ack 103 win 0"),
        ("F 4294967295:4294967295(0) win 1", "R. 0:0(0) ack 0 win 0"),
    ])
    func exactReset(crafted: String, answer: String) throws {
        let (verdict, readings) = try run(crafted, answer).judged(.answer)
        #expect(verdict.codes == [.closedPortAnswer])
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.headline.hasSuffix(" [closed-port-answer]"), "\(verdict.headline)")
        #expect(readings.last?.meanings.first == .resets(.exact))
    }

    @Test(arguments: [
        (". 100:100(0) ack 7 win 1", "R 8:8(0) win 0", "SEQ is 8, not our ACK, 7"),
        (". 100:100(0) ack 7 win 1", "R. 7:7(0) ack 100 win 0", "it has ACK set"),
        (". 100:100(0) ack 7 win 1", "R 7:9(2) win 0", "it carries 2 octets"),
        ("F 100:100(0) win 1", "R. 0:0(0) ack 100 win 0", "ACK is 100, not our SEQ+LEN, 101"),
        ("F 100:100(0) win 1", "R 0:0(0) win 0", "it has no ACK"),
        ("- 100:100(0) win 1", "R. 9:9(0) ack 100 win 0", "SEQ is 9, not 0"),
        (". 100:100(0) ack 7 win 1", "S. 5:5(0) ack 101 win 1", "SYN,ACK is no answer to our ACK"),
    ])
    func inexactAnswer(crafted: String, answer: String, says: String) throws {
        let verdict = try run(crafted, answer).verdict(.answer)
        #expect(verdict.codes == [.answerInexact])
        #expect(verdict.outcome == .notAsExpected)
        #expect(verdict.headline.contains(says), "\(verdict.headline)")
    }

    /// A connection that is still there answers what it cannot accept with a bare ACK, an inexact RST included.
    @Test(arguments: [
        ". 100:100(0) ack 7 win 1", "F 100:100(0) win 1", "R 100:100(0) win 0", "S 100:100(0) win 1",
    ])
    func bareAcknowledgmentShowsAConnection(crafted: String) throws {
        let (verdict, readings) = try run(crafted, ". 7000:7000(0) ack 5000 win 1").judged(.answer)
        #expect(verdict.codes == [.challenged])
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.headline.hasSuffix(" [challenged]"), "\(verdict.headline)")
        #expect(readings.last?.meanings == [.challenges])
    }

    @Test func synOfAListeningAndOfAClosedPort() throws {
        let open = try run("S 100:100(0) win 1", "S. 5:5(0) ack 101 win 1 <mss 1460>").verdict(.answer)
        #expect(open.outcome == .asExpected && open.codes == [])
        #expect(open.headline == "answered as a listening port must: SYN,ACK of our SYN, 1.000 ms after it")
        var closed = try run("S 100:100(0) win 1", "R. 0:0(0) ack 101 win 0")
        #expect(closed.verdict(.answer).codes == [.refused])
        #expect(closed.verdict(.answer).outcome == .asExpected)
        #expect(
            closed.verdict(.answer).headline
                == "answered as a closed port must: the peer refused our SYN with RST 1.000 ms after it [refused]")
        closed.add(3, .captureLoss(frames: 1))
        #expect(closed.verdict(.answer).outcome == .degraded)
        let withData = try run("S 100:104(4) win 1", "R. 0:0(0) ack 101 win 0").verdict(.answer)
        #expect(withData.outcome == .notAsExpected)
        #expect(withData.codes == [.refused, .refusalInexact])
        #expect(withData.headline.contains("ACK does not cover the data in our SYN"))
        let withFin = try run("SF 100:100(0) win 1", "R. 0:0(0) ack 101 win 0").verdict(.answer)
        #expect(withFin.codes == [.refused, .refusalInexact])
        #expect(withFin.headline.contains("ACK does not cover the FIN in our SYN"))
        let other = try run("S 100:100(0) win 1", "S. 5:5(0) ack 103 win 1 <mss 1460>").verdict(.answer)
        #expect(other.codes == [.wrongAcknowledgment])
        #expect(other.outcome == .notAsExpected)
    }

    /// Where an answer is due silence is no answer; where none is, it is what the RFC wants.
    @Test(arguments: [
        (". 100:100(0) ack 7 win 1", FindingCode.noAnswer, Verdict.Outcome.noAnswer, "our ACK within 1.000 s"),
        ("S 100:100(0) win 1", .noAnswer, .noAnswer, "our SYN within 1.000 s"),
        ("S. 100:100(0) ack 7 win 1", .noAnswer, .noAnswer, "our SYN,ACK within 1.000 s"),
        ("F 100:100(0) win 1", .silenceExpected, .asExpected, "a listening port drops"),
        ("- 100:100(0) win 1", .silenceExpected, .asExpected, "a listening port drops"),
        ("R 100:100(0) win 1", .silenceExpected, .asExpected, "a RST is never answered"),
        ("SR 100:100(0) win 1", .silenceExpected, .asExpected, "a RST is never answered"),
        ("R. 100:100(0) ack 7 win 1", .silenceExpected, .asExpected, "a RST is never answered"),
    ])
    func silence(crafted: String, code: FindingCode, outcome: Verdict.Outcome, says: String) throws {
        let verdict = try run(crafted, nil).verdict(.answer)
        #expect(verdict.codes == [code])
        #expect(verdict.outcome == outcome)
        #expect(verdict.headline.contains(says), "\(verdict.headline)")
    }

    /// MUST-3 of §3.1: what has a wrong checksum is discarded. One that is not filled in is wrong on the wire.
    @Test(arguments: [ChecksumVerdict.bad, .notFilledIn])
    func silenceAfterAWrongChecksumIsRight(checksum: ChecksumVerdict) throws {
        let silent = try run("S 100:100(0) win 1", nil, checksum: checksum).verdict(.answer)
        #expect(silent.codes == [.silenceExpected])
        #expect(silent.outcome == .asExpected)
        #expect(silent.headline.contains("within 1.000 s, as it must be: its checksum is wrong"))
        for answer in ["S. 5:5(0) ack 101 win 1", "R. 0:0(0) ack 101 win 0", ". 5:5(0) ack 101 win 1"] {
            let verdict = try run("S 100:100(0) win 1", answer, checksum: checksum).verdict(.answer)
            #expect(verdict.codes == [.answerNotDue])
            #expect(verdict.outcome == .notAsExpected)
        }
    }

    @Test func silenceAfterABrokenPacketIsRight() throws {
        var run = try run("S 100:100(0) win 1", nil)
        let reading = try {
            var broken = Conversation(iss: 0, irs: 0)
            try broken.add("0 us S 100:100(0) win 1")
            broken.changeLast { $0.problem = .badLength(layer: .tcp, value: 60, offset: 20) }
            let (verdict, readings) = broken.judged(.answer)
            #expect(verdict.codes == [.silenceExpected])
            run = broken
            return readings[0]
        }()
        #expect(
            reading.meanings == [
                .remark(
                    "a receiver must discard it: it cannot be read as a segment: "
                        + "tcp at octet 20 gives an impossible length of 60")
            ])
        #expect(run.verdict(.answer).outcome == .asExpected)
    }

    @Test func icmpIsNoAnswerOfThePort() throws {
        for crafted in ["FPU 0:0(0) win 1", ". 0:0(0) ack 7 win 1", "R 0:0(0) win 1", "S 0:0(0) win 1"] {
            var router = Conversation()
            try router.add("0 us \(crafted)")
            router.add(3, router.icmp(type: 3, code: 10))
            #expect(router.verdict(.answer).outcome == .notAsExpected)
            #expect(router.verdict(.answer).codes == [.filteredByICMP])
            #expect(router.verdict(.answer).headline.contains("host prohibited"))
        }
        var tooBig = Conversation()
        try tooBig.add("0 us . 0:0(0) ack 7 win 1")
        tooBig.add(3, tooBig.icmp(type: 3, code: 4))
        #expect(tooBig.verdict(.answer).outcome == .notAsExpected)
        try tooBig.add("4 peer R 7:7(0) win 0")
        #expect(tooBig.verdict(.answer).outcome == .asExpected)
    }

    /// An answer that cannot be read, or whose checksum is wrong, is shown and says nothing.
    @Test func spoiltAnswerIsNotTaken() throws {
        var run = try run(". 100:100(0) ack 7 win 1", "R 7:7(0) win 0")
        run.changeLast { $0.problem = .badLength(layer: .tcp, value: 16, offset: 20) }
        #expect(run.verdict(.answer).codes == [.malformedSegment])
        #expect(run.verdict(.answer).outcome == .notAsExpected)
        run.changeLast { ($0.problem, $0.checksum) = (nil, .bad) }
        #expect(run.verdict(.answer).codes == [.badChecksum])
        try run.add("2 peer R 7:7(0) win 0")
        #expect(run.verdict(.answer).outcome == .asExpected)
    }

    @Test func interruptedWaitIsNoSilence() throws {
        var run = try run(". 100:100(0) ack 7 win 1", nil)
        run.add(400, .interrupted(signal: 2))
        #expect(run.verdict(.answer).codes == [.interrupted])
    }

    /// What ends the answer is no second question.
    @Test func ourResetEndsTheAnswer() throws {
        var run = try run(". 100:100(0) ack 7 win 1", ". 7000:7000(0) ack 5000 win 1")
        try run.add("2 us R 5000:5000(0) win 0")
        let (verdict, readings) = run.judged(.answer)
        #expect(verdict.codes == [.challenged])
        #expect(readings.last?.meanings.first == .resets(.exact))
    }

    /// A listener that takes the SYN and leaves what came with it: it asks for the octet after the SYN, and a RST at that
    /// number is exact (RFC 9293 §3.5.3), though we have sent more.
    @Test(arguments: [
        ("SF 100:100(0) win 1", "R 101:101(0) win 0"), ("S 100:105(5) win 1", "R 101:101(0) win 0"),
        ("SF 100:105(5) win 1", "R 101:101(0) win 0"),
    ])
    func whatEndsAHalfTakenSynIsExact(crafted: String, reset: String) throws {
        var run = try run(crafted, "S. 500:500(0) ack 101 win 1")
        try run.add("1.1 us \(reset)")
        let (verdict, readings) = run.judged(.answer)
        #expect(verdict.outcome == .asExpected, "\(verdict.headline)")
        #expect(readings.last?.meanings.first == .resets(.exact))
        // Elsewhere it is not.
        var wrong = try self.run(crafted, "S. 500:500(0) ack 101 win 1")
        try wrong.add("1.1 us R 99:99(0) win 0")
        #expect(wrong.judged(.answer).readings.last?.meanings.first == .resets(.outOfWindow))
    }

    /// Nobody answered: what is released is at most a SYN that was taken.
    @Test func whatReleasesAnUnheardPeerIsExact() throws {
        var run = try run("SF 100:100(0) win 1", nil)
        try run.add("1001 us R 101:101(0) win 0")
        let (verdict, readings) = run.judged(.answer)
        #expect(readings.last?.meanings.first == .resets(.exact))
        #expect(verdict.codes == [.noAnswer])
    }
}
