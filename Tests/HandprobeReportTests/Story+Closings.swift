import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Conversations that open and end, one way or another.
extension Story {
    private static let syn = "S 0:0(0) win 64800 <mss 1440,sackOK,TS val 305419896 ecr 0,nop,wscale 7>"
    private static let synAck =
        "S. 0:0(0) ack 1 win 64260 <mss 1440,sackOK,TS val 4294967295 ecr 305419896,nop,wscale 7>"
    private static let request = "GET / HTTP/1.1\r\nHost: [fd00::2]:8080\r\nConnection: close\r\n\r\n"

    /// Opens in three segments; stands at event 3.
    private static func opened() throws -> Story {
        var story = v6
        try story.us(0, syn, [.requests(.ourSyn, attempt: 1)], .synSent)
        try story.peer(0.041, synAck, [.confirms(.ourSyn), .requests(.theirSyn, attempt: 1)])
        try story.us(0.103, ". 1:1(0) ack 1 win 507 <nop,nop,TS val 305419897 ecr 4294967295>", [.confirms(.theirSyn)])
        story.verdict.ledger.ourSyn = RequestRecord(made: 0, confirmed: 0.041, by: [.syn, .ack], event: 1)
        story.verdict.ledger.theirSyn = RequestRecord(made: 0.041, confirmed: 0.103, by: .ack, event: 2)
        return story
    }

    /// A request and a response, then four segments to close, the response sent while half-closed.
    static func fourWayClose() throws -> Story {
        var story = try opened()
        try story.us(
            0.121, "P. 1:60(59) ack 1 win 507 <nop,nop,TS val 305419897 ecr 4294967295>", [.carriesData(octets: 59)],
            text: request)
        try story.peer(
            0.160, ". 1:1(0) ack 60 win 501 <nop,nop,TS val 0 ecr 305419897>",
            [.confirmsData(octets: 59), .provesOpen(.ourOctetsAcknowledged)])
        try story.us(
            0.201, "F. 60:60(0) ack 1 win 507 <nop,nop,TS val 305419898 ecr 0>", [.requests(.ourFin, attempt: 1)],
            .finWait1)
        try story.peer(
            0.239, ". 1:1(0) ack 61 win 501 <nop,nop,TS val 0 ecr 305419898>", [.confirms(.ourFin)], .finWait2)
        try story.peer(
            2.702, "P. 1:613(612) ack 61 win 501 <nop,nop,TS val 2 ecr 305419898>", [.carriesData(octets: 612)],
            .finWait2, text: String(repeating: "HTTP/1.1 404 Not", count: 38) + "Fnd\n")
        try story.us(
            2.740, ". 61:61(0) ack 613 win 503 <nop,nop,TS val 305419900 ecr 2>", [.confirmsData(octets: 612)],
            .finWait2)
        try story.peer(
            2.871, "F. 613:613(0) ack 61 win 501 <nop,nop,TS val 2 ecr 305419900>",
            [.requests(.theirFin, attempt: 1)], .timeWait)
        try story.us(
            2.902, ". 61:61(0) ack 614 win 503 <nop,nop,TS val 305419900 ecr 2>", [.confirms(.theirFin)], .timeWait)
        story.verdict.ledger.ourFin = RequestRecord(made: 0.201, confirmed: 0.239, by: .ack, event: 6)
        story.verdict.ledger.theirFin = RequestRecord(made: 2.871, confirmed: 2.902, by: .ack, event: 10)
        story.verdict.openProof = .ourOctetsAcknowledged
        story.verdict.openProvedAt = at(0.160)
        story.verdict.openProvedBy = 4
        story.verdict.headline =
            "closed in four segments; half-closed for 2.63 ms, in which the peer sent 612 octets"
        return story
    }

    /// The peer answers our FIN with a RST, and our own kernel has interfered before.
    static func resetClose() throws -> Story {
        var story = try opened()
        try story.us(
            0.310, "R. 1:1(0) ack 1 win 0", [.remark("sent by this machine's kernel, not by us")], knowsSeq: false
        ) {
            $0.origin = .kernel
        }
        try story.us(0.500, "F. 1:1(0) ack 1 win 507", [.requests(.ourFin, attempt: 1)], .finWait1) {
            $0.rewritten = [RewrittenField(field: "ttl", crafted: "64", left: "63")]
        }
        try story.peer(0.544, "R 1:1(0) win 0", [.resets(.exact), .isDisregarded("its checksum is wrong")], .closed) {
            $0.checksum = .bad
        }
        story.happens(0.600, .captureLoss(frames: 3))
        story.happens(0.700, .manual("the ACK was withheld"))
        story.happens(0.800, .interrupted(signal: 2))
        story.verdict.ledger.ourFin = RequestRecord(made: 0.5, because: "their RST came instead")
        story.verdict.headline = "the result is degraded: this machine's kernel broke into the connection"
        story.verdict.outcome = .degraded
        return story
    }
}
