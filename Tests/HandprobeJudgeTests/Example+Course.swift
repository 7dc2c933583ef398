import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension Example {
    static let proofs: [Example] = [
        Example(
            code: .synAckRepeated, outcome: .asExpected, stage: .postAck, source: .peer, evidence: [3],
            says: "999.938 ms after our ACK"
        ) {
            try $0.add(Opening.plain)
            try $0.add(
                """
                1000.041 peer S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 1900 ecr 100,nop,wscale 7>
                1000.050 us   . 1:1(0) ack 1 win 502
                1000.060 us   . 1:1(0) ack 2 win 502
                1000.090 peer . 1:1(0) ack 1 win 509
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .deferredAccept, outcome: .asExpected, stage: .postAck, source: .peer, evidence: [1, 4, 6],
            says: "opened it for our data"
        ) {
            try $0.add(Opening.plain)
            try $0.add(
                """
                0.110 us   . 1:1(0) ack 2 win 502
                0.150 peer R 2:2(0) win 0
                0.300 us   P. 1:6(5) ack 1 win 502
                0.340 peer . 1:1(0) ack 6 win 509
                5000.201 us   F. 6:6(0) ack 1 win 502
                5000.239 peer F. 1:1(0) ack 7 win 509
                5000.260 us   . 7:7(0) ack 2 win 502
                """
            )
        },
        Example(
            code: .notProvedOpen, outcome: .notAsExpected, stage: .postAck, source: nil, evidence: [1, 5],
            says: "answered with RST, as a connection that is not synchronised does"
        ) {
            try $0.add(Opening.plain)
            try $0.add(
                """
                0.110 us   . 1:1(0) ack 2 win 502
                0.150 peer R 2:2(0) win 0
                """
            )
            $0.add(1000, .timer(.gaveUp(.proof, after: .seconds(1))))
            try $0.add(
                """
                1000.1 us   R. 1:1(0) ack 1 win 0
                1000.2 us   . 1:1(0) ack 1 win 502
                1000.3 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .proofWeak, outcome: .asExpected, stage: .postAck, source: nil, evidence: [4],
            says: "only the absence"
        ) {
            try $0.add(Opening.plain)
            try $0.add("0.110 us   . 1:1(0) ack 2 win 502")
            $0.add(1200.103, .timer(.gaveUp(.proof, after: .milliseconds(1200))))
            try $0.add(
                """
                1300.1 us   R. 1:1(0) ack 1 win 0
                1300.2 us   . 1:1(0) ack 1 win 502
                1300.3 peer R 1:1(0) win 0
                """
            )
        },
    ]

    static let travel: [Example] = [
        Example(
            code: .malformedSegment, expectation: .open(end: .fin), outcome: .asExpected, stage: .postSyn,
            source: .peer, evidence: [1],
            says: "the peer's SYN,ACK cannot be read: tcp at octet 20 gives an impossible length of 60"
        ) {
            try $0.add(
                """
                0     us   S 0:0(0) win 64240 <mss 1460>
                0.030 peer S. 77:77(0) ack 1 win 65160
                """
            )
            $0.changeLast { $0.problem = .badLength(layer: .tcp, value: 60, offset: 20) }
            try $0.add(
                """
                0.041 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                0.103 us   . 1:1(0) ack 1 win 502
                """
            )
            try $0.add(Opening.proof)
            try $0.add(Ending.fin)
        },
        Example(
            code: .badChecksum, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "the peer's SYN,ACK has a wrong checksum"
        ) {
            try $0.add(
                """
                0 us    S 0:0(0) win 64240 <mss 1460>
                1 peer! S. 0:0(0) ack 1 win 65160 <mss 1460>
                """
            )
        },
        Example(
            code: .signatureMissing, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "the peer's RST,ACK has no MD5 digest"
        ) {
            try $0.add(
                """
                0 us    S 0:0(0) win 64240 <nop,nop,md5 000102030405060708090a0b0c0d0e0f,mss 1460>
                1 peer? R. 0:0(0) ack 1 win 0
                """
            )
        },
        Example(
            code: .signatureWrong, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "the peer's SYN,ACK has an MD5 digest of another key"
        ) {
            try $0.add(
                """
                0 us    S 0:0(0) win 64240 <nop,nop,md5 000102030405060708090a0b0c0d0e0f,mss 1460>
                1 peer? S. 0:0(0) ack 1 win 65160 <nop,nop,md5 000102030405060708090a0b0c0d0e0f,mss 1460>
                """
            )
        },
        Example(
            code: .retransmittedByUs, outcome: .asExpected, stage: .postSyn, source: .us, evidence: [1],
            says: "we sent 1 segment again; our SYN was confirmed after 1.031 s = 1.000 s until attempt 2 + 31.000 ms"
        ) {
            try $0.add(
                """
                0    us   S 0:0(0) win 64240 <mss 1460>
                1000 us   S 0:0(0) win 64240 <mss 1460>
                1031 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                1032 us   . 1:1(0) ack 1 win 502
                1032 us   . 1:1(0) ack 2 win 502
                1063 peer . 1:1(0) ack 1 win 509
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .retransmittedByPeer, outcome: .asExpected, stage: .postData, source: .peer, evidence: [7],
            says: "the peer sent 1 segment with 10 octets again"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1   peer P. 1:11(10) ack 1 win 509
                1   us   . 1:1(0) ack 11 win 502
                300 peer P. 1:11(10) ack 1 win 509
                300 us   . 1:1(0) ack 11 win 502
                400 us   F. 1:1(0) ack 11 win 502
                401 peer F. 11:11(0) ack 2 win 509
                402 us   . 2:2(0) ack 12 win 502
                """
            )
        },
        Example(
            code: .outOfOrder, outcome: .asExpected, stage: .postAck, source: .peer, evidence: [5],
            says: "5 octets from the peer beyond a gap"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1   peer P. 6:11(5) ack 1 win 509
                1   us   . 1:1(0) ack 1 win 502
                2   peer P. 1:6(5) ack 1 win 509
                2   us   . 1:1(0) ack 11 win 502
                400 us   F. 1:1(0) ack 11 win 502
                401 peer F. 11:11(0) ack 2 win 509
                402 us   . 2:2(0) ack 12 win 502
                """
            )
        },
        Example(
            code: .duplicated, outcome: .asExpected, stage: .postAck, source: nil, evidence: [3],
            says: "the peer's SYN,ACK was captured twice"
        ) {
            try $0.add("0 us   S 0:0(0) win 64240 <mss 1460>")
            try $0.add(
                """
                1 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                2 us   . 1:1(0) ack 1 win 502
                """
            )
            // The copy overtook nothing: it comes after our ACK, with the identification of the first one.
            var copy = $0.events[1]
            copy.time.nanoseconds += 40_000_000
            $0.add(41, copy.kind)
            try $0.add(
                """
                42 us   . 1:1(0) ack 2 win 502
                43 peer . 1:1(0) ack 1 win 509
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .coalesced, outcome: .asExpected, stage: .postAck, source: .peer, evidence: [5],
            says: "2920 octets is larger than the MSS allows"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add("1 peer P. 1:2921(2920) ack 1 win 509")
            $0.changeLast { $0.isCoalesced = true }
            try $0.add(
                """
                1   us   . 1:1(0) ack 2921 win 502
                400 us   F. 1:1(0) ack 2921 win 502
                401 peer F. 2921:2921(0) ack 2 win 509
                402 us   . 2:2(0) ack 2922 win 502
                """
            )
        },
        Example(
            code: .outsideWindow, outcome: .asExpected, stage: .postAck, source: .us, evidence: [5],
            says: "our segment lies outside the window"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 us   P. 9000001:9000006(5) ack 1 win 502
                2 peer . 1:1(0) ack 1 win 509
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .captureStartsLate, expectation: .observe, outcome: .asExpected, stage: .postData, source: nil,
            evidence: [0], says: "begins with the peer's ACK, in the middle of the connection"
        ) {
            try $0.add(
                """
                0 peer P. 501:601(100) ack 301 win 509
                1 us   . 301:301(0) ack 601 win 502
                2 us   F. 301:301(0) ack 601 win 502
                3 peer F. 601:601(0) ack 302 win 509
                4 us   . 302:302(0) ack 602 win 502
                """
            )
        },
        Example(
            code: .icmpNotOurs, outcome: .asExpected, stage: .postAck, source: .router(Conversation.router),
            evidence: [5], says: "quotes nothing that we have outstanding"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            $0.add(2, $0.icmp(type: 3, code: 1, seq: 99, isOurs: false))
            try $0.add(Ending.fin)
        },
        Example(
            code: .icmpSoftError, outcome: .asExpected, stage: .postSyn, source: .router(Conversation.router),
            evidence: [1], says: "host unreachable"
        ) {
            try $0.add("0 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(3, $0.icmp(type: 3, code: 1))
            try $0.add(
                """
                1000 us   S 0:0(0) win 64240 <mss 1460>
                1031 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                1032 us   . 1:1(0) ack 1 win 502
                1032 us   . 1:1(0) ack 2 win 502
                1063 peer . 1:1(0) ack 1 win 509
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .packetTooBig, outcome: .asExpected, stage: .postData, source: .router(Conversation.router),
            evidence: [6], says: "fragmentation needed, next-hop MTU 1280"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add("1 us   P. 1:1401(1400) ack 1 win 502")
            $0.add(2, $0.icmp(type: 3, code: 4, seq: 1, parameter: 1280))
            try $0.add(
                """
                3   us   P. 1:1201(1200) ack 1 win 502
                4   us   P. 1201:1401(200) ack 1 win 502
                5   peer . 1:1(0) ack 1401 win 509
                400 us   F. 1401:1401(0) ack 1 win 502
                401 peer F. 1:1(0) ack 1402 win 509
                402 us   . 1402:1402(0) ack 2 win 502
                """
            )
        },
    ]
}
