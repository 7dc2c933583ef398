import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What the peer makes of what comes after its FIN or its RST. The answers are those of RFC 9293 §3.10.7.
extension Example {
    /// The peer closes first: event 5, confirmed by event 6.
    private static let peerCloses = """
        1 peer F. 1:1(0) ack 1 win 509
        2 us   . 1:1(0) ack 2 win 502
        """

    static let late: [Example] = [
        Example(
            code: .lateDataTaken, outcome: .asExpected, stage: .closing, source: .peer, evidence: [7, 8],
            says: "acknowledged 5 octets that we sent after its FIN"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(peerCloses)
            try $0.add(
                """
                3 us   P. 1:6(5) ack 2 win 502
                4 peer . 2:2(0) ack 6 win 509
                5 us   F. 6:6(0) ack 2 win 502
                6 peer . 2:2(0) ack 7 win 509
                """
            )
        },
        Example(
            code: .lateDataReset, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [7, 8],
            says: "answered 5 octets that we sent after its FIN with RST"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(peerCloses)
            try $0.add(
                """
                3 us   P. 1:6(5) ack 2 win 502
                4 peer R 2:2(0) win 0
                """
            )
        },
        Example(
            code: .resetRepeated, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [6, 7],
            says: "answered 5 octets that we sent after its RST with another RST"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 peer R. 1:1(0) ack 1 win 0
                2 us   P. 1:6(5) ack 1 win 502
                3 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .resetUnrepeated, outcome: .notAsExpected, stage: .closing, source: nil, evidence: [6],
            says: "nothing answered 5 octets that we sent after the peer's RST"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1    peer R. 1:1(0) ack 1 win 0
                2    us   P. 1:6(5) ack 1 win 502
                1002 us   P. 1:6(5) ack 1 win 502
                """
            )
            $0.add(2002, .timer(.gaveUp(.anyAnswer, after: .seconds(2))))
        },
        Example(
            code: .resetDisowned, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [6, 7],
            says: "answered 5 octets that we sent after its RST with an ACK: it still had the connection"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 peer R. 1:1(0) ack 1 win 0
                2 us   P. 1:6(5) ack 1 win 502
                3 peer . 1:1(0) ack 6 win 509
                """
            )
        },
        Example(
            code: .finWaitKept, outcome: .asExpected, stage: .closing, source: .peer, evidence: [6, 7, 8],
            says: "3.000 s after we had confirmed its FIN the peer still waited for ours"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(peerCloses)
            try $0.add(
                """
                3002 us   F. 1:1(0) ack 2 win 502
                3003 peer . 2:2(0) ack 2 win 509
                """
            )
        },
        Example(
            code: .finWaitOver, outcome: .asExpected, stage: .closing, source: .peer, evidence: [6, 7, 8],
            says: "60.000 s after we had confirmed its FIN the peer answered ours with RST"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(peerCloses)
            try $0.add(
                """
                60002 us   F. 1:1(0) ack 2 win 502
                60003 peer R 2:2(0) win 0
                """
            )
        },
        Example(
            code: .timeWaitKept, outcome: .asExpected, stage: .closing, source: .peer, evidence: [8, 9, 10],
            says: "30.000 s after the end the peer acknowledged our FIN again"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(peerCloses)
            try $0.add(
                """
                3     us   F. 1:1(0) ack 2 win 502
                4     peer . 2:2(0) ack 2 win 509
                30004 us   F. 1:1(0) ack 2 win 502
                30005 peer . 2:2(0) ack 2 win 509
                """
            )
        },
        Example(
            code: .timeWaitOver, outcome: .asExpected, stage: .closing, source: .peer, evidence: [8, 9, 10],
            says: "60.500 s after the end the peer answered our FIN with RST"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(peerCloses)
            try $0.add(
                """
                3     us   F. 1:1(0) ack 2 win 502
                4     peer . 2:2(0) ack 2 win 509
                60504 us   F. 1:1(0) ack 2 win 502
                60505 peer R 2:2(0) win 0
                """
            )
        },
    ]
}
