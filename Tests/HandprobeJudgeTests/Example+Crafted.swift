import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension Example {
    /// How one crafted segment is answered.
    static let answersToCrafted: [Example] = [
        Example(
            code: .closedPortAnswer, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "RST at exactly our ACK, 1.000 ms after our segment"
        ) {
            try $0.add(
                """
                0 us   . 0:0(0) ack 5000 win 1
                1 peer R 5000:5000(0) win 0
                """
            )
        },
        Example(
            code: .answerInexact, expectation: .answer, outcome: .notAsExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "not our ACK"
        ) {
            try $0.add(
                """
                0 us   . 0:0(0) ack 5000 win 1
                1 peer R 5001:5001(0) win 0
                """
            )
        },
        Example(
            code: .answerNotDue, expectation: .answer, outcome: .notAsExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "RST,ACK came although no answer is due: its checksum is wrong"
        ) {
            try $0.add(
                """
                0 us!  S 0:0(0) win 1
                1 peer R. 0:0(0) ack 1 win 0
                """
            )
        },
        Example(
            code: .silenceExpected, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: nil,
            evidence: [0, 1], says: "within 1.000 s, as it must be: a RST is never answered"
        ) {
            try $0.add("0 us R 0:0(0) win 1")
            $0.add(1001, .timer(.gaveUp(.anyAnswer, after: .seconds(1))))
        },
    ]
}
