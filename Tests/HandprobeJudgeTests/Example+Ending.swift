import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension Example {
    static let endings: [Example] = [
        Example(
            code: .resetByPeer, outcome: .notAsExpected, stage: .postData, source: .peer, evidence: [5],
            says: "reset the connection after 18 octets of ours"
        ) {
            try $0.add(Opening.plain)
            try $0.add(
                """
                1 us   P. 1:19(18) ack 1 win 502
                2 peer . 1:1(0) ack 19 win 509
                3 peer R. 1:1(0) ack 19 win 509
                """
            )
        },
        Example(
            code: .resetWrongSequence, outcome: .notAsExpected, stage: .postAck, source: .peer, evidence: [5],
            says: "inside the window but not at the octet expected next"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 peer R 101:101(0) win 0
                1 us   . 1:1(0) ack 1 win 502
                """
            )
            try $0.add(Ending.fin)
        },
        Example(
            code: .resetAfterFin, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [6],
            says: "after our FIN"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 us   F. 1:1(0) ack 1 win 502
                2 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .dataAfterFin, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [7],
            says: "5 octets from the peer beyond the FIN"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 us   F. 1:1(0) ack 1 win 502
                2 peer F. 1:1(0) ack 2 win 509
                3 peer P. 2:7(5) ack 2 win 509
                4 us   . 2:2(0) ack 2 win 502
                """
            )
        },
        Example(
            code: .dataUnacknowledged, outcome: .notAsExpected, stage: .postData, source: .peer, evidence: [6, 7],
            says: "the last 18 octets"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1    us   P. 1:19(18) ack 1 win 502
                1000 us   P. 1:19(18) ack 1 win 502
                """
            )
            $0.add(4000, .timer(.gaveUp(.dataAcknowledgment, after: .seconds(4))))
            try $0.add(
                """
                4001 us   R. 19:19(0) ack 1 win 0
                4002 us   . 19:19(0) ack 1 win 502
                4003 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .finUnacknowledged, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [5, 6, 7],
            says: "our FIN, sent 2 times"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1    us   F. 1:1(0) ack 1 win 502
                1000 us   F. 1:1(0) ack 1 win 502
                """
            )
            $0.add(4000, .timer(.gaveUp(.finAcknowledgment, after: .seconds(4))))
            try $0.add(
                """
                4001 us   R. 2:2(0) ack 1 win 0
                4002 us   . 2:2(0) ack 1 win 502
                4003 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .peerClosedFirst, outcome: .asExpected, stage: .closing, source: .peer, evidence: [5],
            says: "before ours"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 peer F. 1:1(0) ack 1 win 509
                2 us   F. 1:1(0) ack 2 win 502
                3 peer . 2:2(0) ack 2 win 509
                """
            )
        },
        Example(
            code: .peerNeverClosed, outcome: .notAsExpected, stage: .closing, source: .peer, evidence: [6, 7],
            says: "sent none of its own in 9.999 s"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1 us   F. 1:1(0) ack 1 win 502
                2 peer . 1:1(0) ack 2 win 509
                """
            )
            $0.add(10_001, .timer(.gaveUp(.peerFin, after: .seconds(10))))
            try $0.add(
                """
                10001 us   R. 2:2(0) ack 1 win 0
                10002 us   . 2:2(0) ack 1 win 502
                10003 peer R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .leftOpen, expectation: .open(end: .fin), outcome: .degraded, stage: .postAck, source: nil,
            evidence: [], says: "still open"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
        },
        Example(
            code: .goodbyeUnconfirmed, expectation: .open(end: .rst), outcome: .degraded, stage: .closing,
            source: nil, evidence: [5, 9], says: "did not answer whether it has forgotten it"
        ) {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            try $0.add(
                """
                1    us   R. 1:1(0) ack 1 win 0
                2    us   . 1:1(0) ack 1 win 502
                1002 us   R. 1:1(0) ack 1 win 0
                1003 us   . 1:1(0) ack 1 win 502
                """
            )
            $0.add(3000, .timer(.gaveUp(.goodbyeAnswer, after: .seconds(3))))
        },
    ]

    /// An orderly run with something in the middle that this machine did.
    static func orderly(with kind: @escaping @Sendable (Conversation) -> Event.Kind)
        -> @Sendable (inout Conversation) throws -> Void
    {
        {
            try $0.add(Opening.plain)
            try $0.add(Opening.proof)
            $0.add(3, kind($0))
            try $0.add(Ending.fin)
        }
    }

    static let machine: [Example] = [
        Example(
            code: .captureLoss, outcome: .degraded, stage: .postAck, source: .kernel, evidence: [5],
            says: "the capture lost 3 frames", build: orderly { _ in .captureLoss(frames: 3) }
        ),
        Example(
            code: .sendFailed, outcome: .degraded, stage: .postSyn, source: .kernel, evidence: [0],
            says: "Network is unreachable (sendto)"
        ) {
            $0.add(0, .sendFailure(SendFailure(call: "sendto", errno: 101, reason: "Network is unreachable")))
        },
        Example(
            code: .notSeenLeaving, outcome: .degraded, stage: .postSyn, source: .kernel, evidence: [0],
            says: "our SYN was handed over and never seen leaving"
        ) {
            $0.add(500, .notSeenLeaving(TCPSegment(seq: SequenceNumber(7), flags: .syn)))
        },
        Example(
            code: .answerOnOtherInterface, outcome: .degraded, stage: .postSyn, source: .peer, evidence: [1],
            says: "SYN,ACK from the peer came in on wlan0"
        ) {
            try $0.add("0 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(
                3,
                .answerElsewhere(TCPSegment(seq: $0.irs, ack: $0.iss + 1, flags: .syn), interface: "wlan0")
            )
            $0.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        },
        Example(
            code: .neighbourUnresolved, outcome: .degraded, stage: .postSyn, source: .kernel, evidence: [1],
            says: "No route to host"
        ) {
            try $0.add("0 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(3000, .sendFailure(SendFailure(call: "recvmsg", errno: 113, reason: "No route to host")))
            $0.add(7000, .timer(.gaveUp(.synAck, after: .seconds(7))))
        },
        Example(
            code: .guardBreached, outcome: .degraded, stage: .postSyn, source: .kernel, evidence: [2],
            says: "kernel sent RST into our connection"
        ) {
            try $0.add(
                """
                0     us     S 0:0(0) win 64240 <mss 1460>
                1     peer   S. 0:0(0) ack 1 win 65160 <mss 1460>
                1.010 kernel R 1:1(0) win 0
                1.100 us     . 1:1(0) ack 1 win 502
                1.200 peer   R 1:1(0) win 0
                """
            )
        },
        Example(
            code: .rewrittenLocally, outcome: .degraded, stage: .postSyn, source: .kernel, evidence: [0],
            says: "our SYN left with window 1000, crafted with 64240"
        ) {
            try $0.add("0 us S 0:0(0) win 1000 <mss 1460>")
            $0.changeLast { $0.rewritten = [RewrittenField(field: "window", crafted: "64240", left: "1000")] }
        },
        Example(
            code: .clockStepped, outcome: .degraded, stage: .postAck, source: .kernel, evidence: [5],
            says: "stepped by -2.500 s", build: orderly { _ in .clockStepped(.milliseconds(-2500)) }
        ),
        Example(
            code: .interrupted, outcome: .degraded, stage: .postSyn, source: .us, evidence: [1],
            says: "ended early by signal 2"
        ) {
            try $0.add("0 us S 0:0(0) win 64240 <mss 1460>")
            $0.add(3, .interrupted(signal: 2))
        },
    ]
}
