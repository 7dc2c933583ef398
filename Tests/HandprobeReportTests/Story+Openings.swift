import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Conversations that end before they begin.
extension Story {
    /// Our SYN, its clock gone on by so many milliseconds.
    private static func syn(_ milliseconds: Int) -> String {
        "S 0:0(0) win 64240 <mss 1460,sackOK,TS val \(305_419_896 + milliseconds) ecr 0,nop,wscale 7>"
    }

    /// The first SYN or its answer is lost; the second is answered, and the connection is left with a RST.
    static func retransmittedSyn() throws -> Story {
        var story = v4
        try story.us(0, syn(0), [.requests(.ourSyn, attempt: 1)], .synSent)
        story.happens(1000.213, .timer(.retransmission(nextAttempt: 2)))
        try story.us(1000.301, syn(1000), [.requests(.ourSyn, attempt: 2)], .synSent)
        try story.peer(
            1031.250,
            "S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 7 ecr 305420896,nop,wscale 7>",
            [.confirms(.ourSyn), .requests(.theirSyn, attempt: 1)]
        )
        try story.us(1031.298, ". 1:1(0) ack 1 win 502", [.confirms(.theirSyn)])
        try story.us(1031.301, ". 1:1(0) ack 2 win 502", [.asksForProof])
        try story.peer(1062.001, ". 1:1(0) ack 1 win 509", [.provesOpen(.challengeAnswered), .challenges])
        try story.us(1062.020, "R. 1:1(0) ack 1 win 0", [.resets(.exact)], .closed)
        try story.us(1062.031, ". 1:1(0) ack 1 win 0", [.asksWhetherForgotten], .closed)
        try story.peer(1093.500, "R 1:1(0) win 0", [.confirmsForgotten], .closed)
        story.verdict.ledger.ourSyn = RequestRecord(
            made: 0, 1000.301, confirmed: 1031.250, by: [.syn, .ack], event: 3, credited: 2)
        story.verdict.ledger.theirSyn = RequestRecord(made: 1031.250, confirmed: 1031.298, by: .ack, event: 4)
        story.verdict.openProof = .challengeAnswered
        story.verdict.openProvedAt = at(1062.001)
        story.verdict.openProvedBy = 6
        story.verdict.headline = "opened in three segments on the second attempt; left with a confirmed RST"
        return story
    }

    /// A closed port.
    static func refused() throws -> Story {
        var story = v6
        try story.us(
            0, "S 0:0(0) win 64800 <mss 1440,sackOK,TS val 9 ecr 0,nop,wscale 7>", [.requests(.ourSyn, attempt: 1)],
            .synSent)
        try story.peer(0.038, "R. 0:0(0) ack 1 win 0", [.resets(.exact)], .closed, knowsSeq: false) {
            $0.segment.header.sequenceNumber = SequenceNumber(0)
        }
        story.verdict.ledger.ourSyn = RequestRecord(made: 0, because: "the peer refused it")
        story.verdict.findings = [
            Finding(
                code: .refused,
                sentence: "port 8080 of fd00::2 is closed: the RST acknowledges our SYN exactly",
                stage: .postSyn,
                source: .peer,
                evidence: [1]
            )
        ]
        story.verdict.headline = "refused after our SYN: nothing listens on port 8080 (post-syn)"
        story.verdict.outcome = .notAsExpected
        return story
    }

    /// A firewall on the way that says so.
    static func filtered() throws -> Story {
        var story = v4
        let router = IPAddress("203.0.113.254")!
        try story.us(0, syn(0), [.requests(.ourSyn, attempt: 1)], .synSent)
        let error = ICMPError(family: .v4, type: 3, code: 13, parameter: 0, quote: nil, checksum: .good)
        story.happens(
            4.417,
            .icmpError(ObservedICMPError(origin: .router(router), error: error, quotesOurs: true)),
            [.reportsError("communication administratively prohibited")]
        )
        story.verdict.ledger.ourSyn = RequestRecord(made: 0, because: "a router rejects it")
        story.verdict.findings = [
            Finding(
                code: .filteredByICMP,
                sentence: "a router says that the way to port 80 is administratively prohibited",
                stage: .postSyn,
                source: .router(router),
                evidence: [1]
            )
        ]
        story.verdict.headline = "filtered-by-icmp: 203.0.113.254 rejects our SYN (post-syn)"
        story.verdict.outcome = .notAsExpected
        return story
    }

    /// Nobody there.
    static func silent() throws -> Story {
        var story = v4
        try story.us(0, syn(0), [.requests(.ourSyn, attempt: 1)], .synSent)
        story.happens(1000.120, .timer(.retransmission(nextAttempt: 2)))
        try story.us(1000.190, syn(1000), [.requests(.ourSyn, attempt: 2)], .synSent)
        story.happens(3000.120, .timer(.retransmission(nextAttempt: 3)))
        try story.us(3000.185, syn(3000), [.requests(.ourSyn, attempt: 3)], .synSent)
        story.happens(7000.101, .timer(.gaveUp(.synAck, after: .seconds(7))))
        story.verdict.ledger.ourSyn = RequestRecord(
            made: 0, 1000.190, 3000.185, because: "nothing was heard for 7 s")
        story.verdict.findings = [
            Finding(
                code: .noAnswer,
                sentence: "three SYNs left and nothing came back; the capture lost nothing",
                stage: .postSyn,
                source: nil,
                evidence: [0, 2, 4, 5]
            )
        ]
        story.verdict.headline = "no-answer: three SYNs in 7 s, nothing heard (post-syn)"
        story.verdict.outcome = .noAnswer
        return story
    }
}
