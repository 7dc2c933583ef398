import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What the peer makes of things done on purpose. The times are those of RFC 6298 §2 and §5.
extension Example {
    static let purposes: [Example] = [
        Example(
            code: .synAckSchedule, outcome: .asExpected, stage: .postSyn, source: .peer, evidence: [1, 2, 3],
            says: "sent its SYN-ACK 3 times: again after 1.000 s, 3.000 s"
        ) {
            try $0.add(
                """
                0    us   S 0:0(0) win 64240 <mss 1460>
                1    peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                1001 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                3001 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                5000 us   . 1:1(0) ack 1 win 502
                """
            )
            try $0.add(Opening.proof(at: 5000))
            try $0.add(Ending.fin)
        },
        Example(
            code: .synAckGivenUp, outcome: .asExpected, stage: .postAck, source: .peer, evidence: [4],
            says: "our ACK came 8.000 s after the peer's SYN-ACK"
        ) {
            try $0.add(
                """
                0    us   S 0:0(0) win 64240 <mss 1460>
                1    peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                1001 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                8001 us   . 1:1(0) ack 1 win 502
                8002 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .wrongAckRefused, outcome: .asExpected, stage: .postSyn, source: .peer, evidence: [3],
            says: "RST at exactly its number"
        ) {
            try $0.add(
                """
                0    us   S 0:0(0) win 64240 <mss 1460>
                1    peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                2    us   . 1:1(0) ack 2 win 502
                3    peer R 2:2(0) win 0
                1001 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                1002 us   . 1:1(0) ack 1 win 502
                """
            )
            try $0.add(Opening.proof(at: 1003))
            try $0.add(Ending.fin)
        },
        Example(
            code: .wrongAckIgnored, outcome: .notAsExpected, stage: .postSyn, source: nil, evidence: [2],
            says: "did not answer our wrong ACK"
        ) {
            try $0.add(
                """
                0    us   S 0:0(0) win 64240 <mss 1460>
                1    peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                2    us   . 1:1(0) ack 0 win 502
                1001 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                1002 us   . 1:1(0) ack 1 win 502
                """
            )
            try $0.add(Opening.proof(at: 1003))
            try $0.add(Ending.fin)
        },
        Example(
            code: .finSchedule, outcome: .asExpected, stage: .closing, source: .peer, evidence: [6, 7, 8],
            says: "sent its FIN 3 times: again after 200.000 ms, 600.000 ms"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1    us   F. 1:1(0) ack 1 win 502
                2    peer F. 1:1(0) ack 2 win 509
                202  peer F. 1:1(0) ack 2 win 509
                602  peer F. 1:1(0) ack 2 win 509
                1000 us   . 2:2(0) ack 2 win 502
                """
            )
        },
        Example(
            code: .finGivenUp, outcome: .asExpected, stage: .closing, source: .peer, evidence: [8],
            says: "our ACK came 4.000 s after the peer's FIN"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1    us   F. 1:1(0) ack 1 win 502
                2    peer F. 1:1(0) ack 2 win 509
                4002 us   . 2:2(0) ack 2 win 502
                4003 peer R 2:2(0) win 0
                """
            )
        },
        Example(
            code: .peerDidNotCloseFirst, outcome: .notAsExpected, stage: .postAck, source: nil, evidence: [5],
            says: "no FIN within 3.000 s"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            $0.add(3000, .timer(.gaveUp(.peerFin, after: .seconds(3))))
            try $0.add(Ending.fin)
        },
        Example(
            code: .halfCloseHonoured, outcome: .asExpected, stage: .closing, source: .peer, evidence: [5, 9],
            says: "answered with 612 octets and then closed, 3.000 ms after our FIN"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 us   FP. 1:19(18) ack 1 win 502
                2 peer . 1:1(0) ack 20 win 509
                3 peer P. 1:613(612) ack 20 win 509
                4 us   . 20:20(0) ack 613 win 502
                4 peer F. 613:613(0) ack 20 win 509
                5 us   . 20:20(0) ack 614 win 502
                """
            )
        },
        Example(
            code: .halfCloseTruncated, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [5, 6],
            says: "closed without an answer, 1.000 ms after our FIN"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 us   FP. 1:19(18) ack 1 win 502
                2 peer F. 1:1(0) ack 20 win 509
                3 us   . 20:20(0) ack 2 win 502
                """
            )
        },
        Example(
            code: .halfCloseReset, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [5, 7],
            says: "reset the connection after 5 octets of its answer, 2.000 ms after our FIN"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 us   FP. 1:19(18) ack 1 win 502
                2 peer P. 1:6(5) ack 20 win 509
                3 peer R. 6:6(0) ack 20 win 509
                """
            )
        },
        Example(
            code: .stillOpen, expectation: .open(end: .fin), outcome: .asExpected, stage: .postAck, source: .peer,
            evidence: [6], says: "after 3.000 s of silence"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                3000.150 us   . 0:0(0) ack 1 win 502
                3000.190 peer . 1:1(0) ack 1 win 509
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .idleClosed, expectation: .open(end: .fin), outcome: .notAsExpected, stage: .closing,
            source: .peer, evidence: [5], says: "closed the connection after 3.000 s of silence"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                3000.150 peer F. 1:1(0) ack 1 win 509
                3000.190 us   F. 1:1(0) ack 2 win 502
                3000.200 peer . 2:2(0) ack 2 win 509
                """
            )
        },
        Example(
            code: .idleClosed, expectation: .open(end: .fin), outcome: .notAsExpected, stage: .closing,
            source: .peer, evidence: [5, 7],
            says: "sent 233 octets and closed the connection after 3.000 s of silence"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                3000.150 peer P. 1:201(200) ack 1 win 509
                3000.160 peer P. 201:234(33) ack 1 win 509
                3000.170 peer F. 234:234(0) ack 1 win 509
                3000.190 us   F. 1:1(0) ack 235 win 502
                3000.200 peer . 235:235(0) ack 2 win 509
                """
            )
        },
        Example(
            code: .idleReset, expectation: .open(end: .fin), outcome: .notAsExpected, stage: .postAck, source: .peer,
            evidence: [5], says: "reset the connection after 3.000 s of silence"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add("3000.150 peer R. 1:1(0) ack 1 win 509")
        },
        Example(
            code: .idleForgotten, expectation: .open(end: .fin), outcome: .notAsExpected, stage: .postAck,
            source: .peer, evidence: [6], says: "answered our keepalive with RST"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                3000.150 us   . 0:0(0) ack 1 win 502
                3000.190 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .idleLost, expectation: .open(end: .fin), outcome: .notAsExpected, stage: .postAck, source: nil,
            evidence: [8], says: "after 3.000 s of silence the peer answers no keepalive any more"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                3000.150 us   . 0:0(0) ack 1 win 502
                4000.150 us   . 0:0(0) ack 1 win 502
                5000.150 us   . 0:0(0) ack 1 win 502
                """
            )
            $0.add(6000, .timer(.gaveUp(.keepaliveAnswer, after: .seconds(3))))
            try $0.add(
                """
                6001 us   R 1:1(0) win 0
                6001 us   . 1:1(0) ack 1 win 502
                6002 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .resetChallenged, outcome: .asExpected, stage: .postAck, source: .peer, evidence: [5, 6],
            says: "inside the window with a challenge ACK"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 us   R 30001:30001(0) win 0
                2 peer . 1:1(0) ack 1 win 509
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .resetIgnored, outcome: .asExpected, stage: .postAck, source: .peer, evidence: [5, 7],
            says: "said nothing to our RST outside the window"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1   us   R 900001:900001(0) win 0
                601 us   . 0:0(0) ack 1 win 502
                602 peer . 1:1(0) ack 1 win 509
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .resetBelieved, outcome: .notAsExpected, stage: .postAck, source: .peer, evidence: [5, 7],
            says: "believed our RST inside the window"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1   us   R 30001:30001(0) win 0
                601 us   . 0:0(0) ack 1 win 502
                602 peer R 1:1(0) win 0
                """
            )
        },
    ]
}

extension Opening {
    /// `proof` at another time.
    static func proof(at milliseconds: Int) -> String {
        """
        \(milliseconds) us   . 1:1(0) ack 2 win 502
        \(milliseconds) peer . 1:1(0) ack 1 win 509
        """
    }
}
