import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire

extension RunIdentity {
    static let test = RunIdentity(octets: Array(0xA0...0xAF), command: "open", target: "www.example.net:8080")
}

extension RunCircumstances {
    static let test = RunCircumstances(
        time: Story.at(3_000),
        guards: ["md5", "min-hop-limit"],
        clockError: .nanoseconds(75),
        captures: [Capture(interface: "veth0", received: 11, dropped: 0)]
    )
}

extension Story {
    /// The objects of the whole conversation.
    func ndjson(_ circumstances: RunCircumstances = .test) -> [String] {
        var objects = NDJSON(run: .test, conversation: 1, flow: FourTuple(local: us, remote: peer))
        var lines: [String] = []
        for (index, (event, reading)) in zip(events, readings).enumerated() {
            lines.append(objects.line(for: event, reading: reading, index: index))
        }
        return lines + [objects.summary(verdict, circumstances)]
    }

    static func all() throws -> [Story] {
        [
            try fourWayClose(), try resetClose(), try retransmittedSyn(), try refused(), try filtered(), try silent(),
            try everything(),
        ]
    }

    /// A story without sense that has all there is: every kind of event, every meaning, every field, every finding.
    static func everything() throws -> Story {
        var story = v4
        let hostile = "\u{0}\u{1B}[2J\u{7F}\\\"\u{202E}é\u{2028}"
        let requests = RequestKind.allCases.flatMap { [Meaning.requests($0, attempt: 1), .confirms($0)] }
        try story.us(0, "SFRPUEWAr7. 0:0(0) ack 1 win 1 urg 7", requests + [.confirmsAgain(.ourFin)], .listen) {
            $0.vlans = [4095, 1]
            $0.isCoalesced = true
            $0.checksum = .bad
            $0.missingOctets = 9
            $0.rewritten = [RewrittenField(field: hostile, crafted: "1", left: "2")]
            $0.segment.options = TCPOptions(octets: [2, 3, 9, 253, 2, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9, 8, 77])
            $0.segment.payload = [0x00, 0x1B, 0x5B, 0x80, 0xFF, 0x5C, 0x22, 0xC3, 0xA9]
            $0.ip = .v4(
                IPv4Header(
                    source: .loopback, destination: .loopback, typeOfService: 3, flags: 1, fragmentOffset: 8191,
                    options: [1, 1, 1, 0]))
        }
        let all = "<mss 1,sackOK,TS val 1 ecr 2,nop,wscale 15,eol>"
        try story.peer(
            1, "S. 0:0(0) ack 1 win 0 \(all)",
            [
                .carriesData(octets: 1), .repeatsData(octets: 2), .carriesDataOutOfOrder(octets: 3),
                .confirmsData(octets: 4), .asksForProof, .challenges, .asksWhetherForgotten, .confirmsForgotten,
                .isDisregarded(hostile), .reportsError(hostile), .remark(hostile),
            ], .synReceived
        ) {
            $0.origin = .router(IPAddress("2001:db8::1")!)
            $0.ip = .v6(IPv6Header(source: .loopback, destination: .loopback), extensions: [0, 60])
            $0.interface = ""
        }
        let exactness: [ResetExactness] = [.exact, .inWindow, .outOfWindow, .stray]
        try story.us(2, "- 0:0(0) win 0", OpenProof.allCases.map(Meaning.provesOpen) + exactness.map(Meaning.resets)) {
            $0.origin = .kernel
        }
        let segment = try TCPSegment(notation: "R. 7:7(0) ack 9 win 0")
        let quoted = IPHeader.v4(IPv4Header(source: .loopback, destination: .loopback))
        for family in [IPAddress.Family.v4, .v6] {
            let quote = ICMPError.Quote(
                source: SocketAddress(IPAddress("fe80::1")!, port: 1, scope: 3), destination: story.peer,
                sequenceNumber: SequenceNumber(.max), ip: quoted, octets: [0, 1, 2, 3, 4, 5, 6, 7])
            let error = ICMPError(
                family: family, type: 255, code: 255, parameter: .max, quote: quote, checksum: .unverifiable)
            for origin in [Origin.us, .peer, .kernel, .router(IPAddress("192.0.2.9")!)] {
                let observed = ObservedICMPError(origin: origin, error: error, quotesOurs: false)
                story.happens(3, .icmpError(observed))
            }
        }
        let waits: [Event.Wait] = [
            .synAck, .proof, .peerData, .dataAcknowledgment, .finAcknowledgment, .peerFin, .goodbyeAnswer, .anyAnswer,
        ]
        for wait in waits { story.happens(4, .timer(.gaveUp(wait, after: .seconds(7)))) }
        story.happens(4, .timer(.retransmission(nextAttempt: 2)))
        story.happens(5, .captureLoss(frames: 3))
        story.happens(5, .sendFailure(SendFailure(call: "sendmmsg", errno: 113, reason: hostile)))
        story.happens(5, .captureFailed(reason: hostile))
        story.happens(6, .notSeenLeaving(segment))
        story.happens(6, .answerElsewhere(segment, interface: "wlan0"))
        for nextHop in [nil] + SilenceCheck.NextHop.allCases {
            story.happens(7, .silenceChecked(SilenceCheck(nextHop: nextHop, watchesOtherInterfaces: nextHop == nil)))
        }
        story.happens(7, .manual(hostile))
        story.happens(8, .interrupted(signal: 2))
        story.happens(9, .interrupted(signal: nil))
        let sources: [Origin?] = [nil, .us, .peer, .kernel, .router(IPAddress("192.0.2.9")!)]
        let outcomes: [Verdict.Outcome] = [.asExpected, .notAsExpected, .noAnswer, .degraded]
        let stages: [Stage] = [.postSyn, .postAck, .postData, .closing]
        story.verdict.findings = FindingCode.allCases.enumerated().map { index, code in
            Finding(
                code: code, sentence: hostile, stage: stages[index % 4], source: sources[index % 5],
                evidence: Array(0..<index % 3), outcome: outcomes[index % 4])
        }
        for kind in RequestKind.allCases {
            story.verdict.ledger[kind] = RequestRecord(made: 0, 1, confirmed: 2, by: [.syn, .ack], event: 1)
            story.verdict.ledger[kind].unconfirmedBecause = hostile
        }
        story.verdict.headline = hostile
        story.verdict.opening = hostile
        story.verdict.closing = hostile
        story.verdict.openProof = .peerData
        story.verdict.openProvedAt = at(1)
        story.verdict.openProvedBy = 1
        story.verdict.halfClosed = .zero
        story.verdict.halfClosedOctets = 0
        story.verdict.handshakeRTT = .nanoseconds(41_000)
        story.verdict.silence = HeardSilence(
            seenLeaving: 3, framesLost: 0, icmpErrors: 1,
            check: SilenceCheck(nextHop: .resolved, watchesOtherInterfaces: true))
        story.verdict.outcome = .noAnswer
        return story
    }

    /// The clock is stepped back by an hour between two events.
    static func steppedClock() throws -> Story {
        var story = v4
        try story.us(0, "S 0:0(0) win 1", [.requests(.ourSyn, attempt: 1)], .synSent)
        story.happens(-3_599_990, .clockStepped(.seconds(-3600)))
        try story.peer(-3_599_980, "S. 0:0(0) ack 1 win 1", [.confirms(.ourSyn)])
        story.verdict.ledger.ourSyn = RequestRecord(made: 0, confirmed: -3_599_980, by: [.syn, .ack], event: 2)
        return story
    }
}
