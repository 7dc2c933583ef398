import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// A conversation that shows one finding, and what the finding and the verdict must be.
struct Example: Sendable, CustomTestStringConvertible {
    var code: FindingCode
    var expectation: HandprobeJudge.Expectation = .close
    var outcome: Verdict.Outcome
    var stage: Stage
    var source: Origin?
    var evidence: [Int]
    /// Words that the finding's sentence must have.
    var says: String
    var v6 = false
    var build: @Sendable (inout Conversation) throws -> Void

    var testDescription: String { code.rawValue }

    func conversation(iss: UInt32 = 0xFFFF_FFF0, irs: UInt32 = 0x7FFF_FFFE) throws -> Conversation {
        var conversation = Conversation(iss: iss, irs: irs, v6: v6)
        try build(&conversation)
        return conversation
    }

    static let all: [Example] =
        answersToSyn + answersToCrafted + synAcks + agreements + proofs + travel + traits + endings + purposes + late
        + machine
}

/// An orderly end behind `Opening.plain` and `Opening.proof`.
enum Ending {
    static let fin = """
        5000.201 us   F. 1:1(0) ack 1 win 502
        5000.239 peer F. 1:1(0) ack 2 win 509
        5000.260 us   . 2:2(0) ack 2 win 502
        """
}

extension Example {
    static let answersToSyn: [Example] = [
        Example(
            code: .refused, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "0.041 ms"
        ) {
            try $0.add(
                """
                0.000 us   S 0:0(0) win 64240 <mss 1460>
                0.041 peer R. -2147483646:-2147483646(0) ack 1 win 0
                """
            )
            $0.changeLast { $0.segment.header.sequenceNumber = SequenceNumber(0) }
        },
        Example(
            code: .refusalInexact, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "SEQ is 2147483646, not 0"
        ) {
            $0.irs = SequenceNumber(0x7FFF_FFFE)
            try $0.add(
                """
                0.000 us   S 0:0(0) win 64240 <mss 1460>
                0.041 peer R. 0:0(0) ack 1 win 0
                """
            )
            $0.changeLast { $0.segment.header.sequenceNumber = SequenceNumber(0x7FFF_FFFE) }
        },
        Example(
            code: .filteredByICMP, outcome: .notAsExpected, stage: .postSyn, source: .router(Conversation.router),
            evidence: [1, 3], says: "router 198.51.100.1 reports destination unreachable: administratively prohibited"
        ) {
            try $0.add("0 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(3, $0.icmp(type: 3, code: 13))
            try $0.add("1000 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(1003, $0.icmp(type: 3, code: 13))
            $0.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        },
        Example(
            code: .hopLimitExceeded, outcome: .notAsExpected, stage: .postSyn, source: .router(Conversation.router),
            evidence: [1], says: "hop limit exceeded in transit"
        ) {
            try $0.add("0 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(3, $0.icmp(type: 11, code: 0))
        },
        Example(
            code: .noAnswer, outcome: .noAnswer, stage: .postSyn, source: nil, evidence: [0, 2, 4, 5],
            says: "(sent 3 times) within 7.000 s; checked: seen leaving, no frame lost, no ICMP error"
        ) {
            try $0.add("0 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(1000, .timer(.retransmission(nextAttempt: 2)))
            try $0.add("1000 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(3000, .timer(.retransmission(nextAttempt: 3)))
            try $0.add("3000 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        },
        Example(
            code: .challenged, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "a bare ACK of 5000 octets too many"
        ) {
            try $0.add(
                """
                0 us   S 0:0(0) win 64240 <mss 1460>
                1 peer . 777:777(0) ack 5001 win 509
                2 us   R 5001:5001(0) win 0
                """
            )
            $0.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        },
        Example(
            code: .wrongAcknowledgment, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "the peer's SYN-ACK acknowledges 1 octet too many"
        ) {
            try $0.add(
                """
                0 us   S 0:0(0) win 64240 <mss 1460>
                1 peer S. 0:0(0) ack 2 win 65160 <mss 1460>
                2 us   R 2:2(0) win 0
                """
            )
        },
        Example(
            code: .resetWithoutAck, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "without ACK"
        ) {
            try $0.add(
                """
                0 us   S 0:0(0) win 64240 <mss 1460>
                1 peer R 0:0(0) win 0
                """
            )
        },
        Example(
            code: .resetStray, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [1],
            says: "acknowledges the octet before it (ISS itself), not our SYN"
        ) {
            try $0.add(
                """
                0 us   S 0:0(0) win 64240 <mss 1460>
                1 peer R. 0:0(0) ack 0 win 0
                """
            )
        },
        Example(
            code: .resetInHandshake, outcome: .notAsExpected, stage: .postAck, source: .peer, evidence: [3],
            says: "9.959 ms after its SYN-ACK"
        ) {
            try $0.add(Opening.plain)
            try $0.add("10 peer R 1:1(0) win 0")
        },
        Example(
            code: .synNotReturned, outcome: .notAsExpected, stage: .postSyn, source: .peer, evidence: [0, 1],
            says: "sent none of its own"
        ) {
            try $0.add(
                """
                0 us   S 0:0(0) win 64240 <mss 1460>
                1 peer . 0:0(0) ack 1 win 509
                """
            )
            $0.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        },
        Example(
            code: .synCrossed, expectation: .observe, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "a SYN of its own"
        ) {
            try $0.add(
                """
                0 us   S 0:0(0) win 64240 <mss 1460>
                1 peer S 0:0(0) win 65160 <mss 1460>
                2 us   S. 0:0(0) ack 1 win 64240 <mss 1460>
                3 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                4 us   . 1:1(0) ack 1 win 502
                """
            )
        },
        Example(
            code: .lateAnswer, outcome: .asExpected, stage: .postSyn, source: .peer, evidence: [2],
            says: "attempt 1 of 2 of our SYN, 1.020 s after it"
        ) {
            try $0.add(
                """
                0    us   S 0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
                1000 us   S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1100 ecr 0,nop,wscale 7>
                1020 peer S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
                1021 us   . 1:1(0) ack 1 win 502
                1022 us   . 1:1(0) ack 2 win 502
                2042 peer . 1:1(0) ack 1 win 509
                3000 us   F. 1:1(0) ack 1 win 502
                4020 peer F. 1:1(0) ack 2 win 509
                4021 us   . 2:2(0) ack 2 win 502
                """
            )
        },
        Example(
            code: .ambiguousAnswer, outcome: .asExpected, stage: .postSyn, source: nil, evidence: [2],
            says: "which of 2 SYNs"
        ) {
            try $0.add(
                """
                0    us   S 0:0(0) win 64240 <mss 1460>
                1000 us   S 0:0(0) win 64240 <mss 1460>
                1900 peer S. 0:0(0) ack 1 win 65160 <mss 1460>
                1901 us   . 1:1(0) ack 1 win 502
                1902 us   P. 1:6(5) ack 1 win 502
                2803 peer . 1:1(0) ack 6 win 509
                5000 us   F. 6:6(0) ack 1 win 502
                5001 us   F. 6:6(0) ack 1 win 502
                5901 peer F. 1:1(0) ack 7 win 509
                5902 us   . 7:7(0) ack 2 win 502
                """
            )
        },
    ]

    /// An opening with this SYN-ACK and an orderly rest.
    static func synAck(_ segment: String, offering options: String = "mss 1460")
        -> @Sendable (inout Conversation) throws -> Void
    {
        {
            try $0.add(
                """
                0 us   S 0:0(0) win 64240 <\(options)>
                1 peer \(segment)
                """
            )
        }
    }

    static let synAcks: [Example] = [
        Example(
            code: .synAckWithData, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "4 octets", build: synAck("S. 0:4(4) ack 1 win 65160 <mss 1460>")
        ),
        Example(
            code: .synAckWithFin, expectation: .observe, outcome: .notAsExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "carries a FIN"
        ) {
            try synAck("SF. 0:0(0) ack 1 win 65160 <mss 1460>")(&$0)
        },
        Example(
            code: .synAckChanged, expectation: .observe, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [2], says: "another initial sequence number"
        ) {
            try synAck("S. 0:0(0) ack 1 win 65160 <mss 1460>")(&$0)
            try $0.add("2 peer S. 1000:1000(0) ack 1 win 65160 <mss 1460>")
        },
        Example(
            code: .zeroWindowInSynAck, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "window of zero", build: synAck("S. 0:0(0) ack 1 win 0 <mss 1460>")
        ),
        Example(
            code: .noMSS, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "1220 octets must be assumed", v6: true,
            build: synAck("S. 0:0(0) ack 1 win 65160")
        ),
        Example(
            code: .oddMSS, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "MSS of 535 is below 536", build: synAck("S. 0:0(0) ack 1 win 65160 <mss 535>")
        ),
        Example(
            code: .reducedMSS, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "MSS of 1380, that of an MTU of 1420, is below our 1460",
            build: synAck("S. 0:0(0) ack 1 win 65160 <mss 1380>")
        ),
        Example(
            code: .timestampEchoZero, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "echoes timestamp 0, not our 100",
            build: synAck(
                "S. 0:0(0) ack 1 win 65160 <mss 1460,TS val 900 ecr 0>", offering: "mss 1460,TS val 100 ecr 0")
        ),
        Example(
            code: .windowScaleTooLarge, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "window scale is 15",
            build: synAck("S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 15>", offering: "mss 1460,nop,wscale 7")
        ),
        Example(
            code: .malformedOptions, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "option of kind 8 at octet 4 with length 10 runs past the header"
        ) {
            try synAck("S. 0:0(0) ack 1 win 65160 <mss 1460>")(&$0)
            $0.changeLast { $0.segment.options = TCPOptions(octets: [2, 4, 5, 180, 8, 10, 0, 0]) }
        },
        Example(
            code: .optionNotOffered, expectation: .answer, outcome: .asExpected, stage: .postSyn, source: .peer,
            evidence: [1], says: "window scale, SACK-permitted, timestamps",
            build: synAck("S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7>")
        ),
    ]
}
