import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What does not fit the peer's other segments.
extension Example {
    /// The opening with timestamps, those of the peer beginning at 900.
    private static let timed = """
        0.000 us   S 0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
        0.041 peer S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
        0.103 us   . 1:1(0) ack 1 win 502 <nop,nop,TS val 101 ecr 900>
        """

    static let traits: [Example] = [
        Example(
            code: .ttlChanged, expectation: .observe, outcome: .asExpected, stage: .postAck, source: .peer,
            evidence: [1, 3], says: "the peer's ACK came with TTL 57, its SYN,ACK with 64"
        ) {
            try $0.add(Opening.plain)
            try $0.add("1 peer P. 1:6(5) ack 1 win 509")
            $0.changeLast { $0.travels(ttl: 57) }
            try $0.add("2 peer P. 6:9(3) ack 1 win 509")
            $0.changeLast { $0.travels(ttl: 57) }
        },
        Example(
            code: .resetWithOtherTTL, outcome: .notAsExpected, stage: .postData, source: .peer, evidence: [1, 5],
            says: "the peer's RST came with hop limit 201, its SYN,ACK with 64", v6: true
        ) {
            try $0.add(Opening.plain)
            try $0.add("1 us P. 1:6(5) ack 1 win 502\n2 peer . 1:1(0) ack 6 win 509\n3 peer R 1:1(0) win 0")
            $0.changeLast { $0.travels(ttl: 201) }
        },
        Example(
            code: .dontFragmentChanged, outcome: .notAsExpected, stage: .postData, source: .peer, evidence: [1, 5],
            says: "the peer's RST came without don't-fragment, its SYN,ACK with"
        ) {
            try $0.add(Opening.plain)
            try $0.add("1 us P. 1:6(5) ack 1 win 502\n2 peer . 1:1(0) ack 6 win 509\n3 peer R 1:1(0) win 0")
            $0.changeLast { $0.travels(dontFragment: false) }
        },
        Example(
            code: .identificationJumped, outcome: .notAsExpected, stage: .postData, source: .peer, evidence: [1, 7],
            says: "the peer's RST has IP identification 40000, far from the 7 before it"
        ) {
            try $0.add(Opening.plain)
            try $0.add("1 us P. 1:6(5) ack 1 win 502")
            for step in 1...3 { try $0.add("\(1 + step) peer P. \(step):\(step + 1)(1) ack 6 win 509") }
            try $0.add("5 peer R 4:4(0) win 0")
            $0.changeLast { $0.travels(identification: 40000) }
        },
        Example(
            code: .timestampsDropped, expectation: .observe, outcome: .asExpected, stage: .postAck, source: .peer,
            evidence: [1, 3], says: "the peer's ACK has no timestamps, which both SYNs had"
        ) {
            try $0.add(timed)
            try $0.add("1 peer P. 1:6(5) ack 1 win 509")
            try $0.add("2 peer P. 6:9(3) ack 1 win 509")
        },
        Example(
            code: .timestampJumped, expectation: .observe, outcome: .asExpected, stage: .postAck, source: .peer,
            evidence: [1, 3], says: "timestamp 3000000000, 1294968196 behind the 900 before it"
        ) {
            try $0.add(timed)
            try $0.add("1 peer P. 1:6(5) ack 1 win 509 <nop,nop,TS val 3000000000 ecr 101>")
        },
        Example(
            code: .optionNotNegotiated, expectation: .observe, outcome: .asExpected, stage: .postAck, source: .peer,
            evidence: [1, 3], says: "carries timestamps, which its SYN,ACK had not"
        ) {
            try $0.add(Opening.plain)
            try $0.add("1 peer P. 1:6(5) ack 1 win 509 <nop,nop,TS val 1 ecr 1>")
        },
        Example(
            code: .synAckOptionsChanged, expectation: .observe, outcome: .asExpected, stage: .postAck, source: .peer,
            evidence: [1, 3], says: "came again with other options: MSS, window scale"
        ) {
            try $0.add(Opening.plain)
            try $0.add("1000 peer S. 0:0(0) ack 1 win 65160 <mss 536,nop,nop,sackOK>")
        },
        Example(
            code: .windowShrunk, expectation: .observe, outcome: .asExpected, stage: .postAck, source: .peer,
            evidence: [1, 3], says: "takes back 40072 octets of the window"
        ) {
            try $0.add(Opening.plain)
            try $0.add("1 peer P. 1:6(5) ack 1 win 196")
        },
    ]
}
