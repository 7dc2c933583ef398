import HandprobeTCP
import HandprobeWire
import Testing

@testable import HandprobeJudge

/// Events that nobody meant: nothing traps, and what is kept stays bounded.
struct HostileFoldTests {
    /// Mostly near what a connection would say, so that the fold gets somewhere; the rest anything at all.
    private func event(_ random: inout SplitMix64, _ run: Conversation) -> Event {
        let time = Timestamp(
            nanoseconds: Int64(bitPattern: random.next() % 8 == 0 ? random.next() : random.next() >> 30))
        switch random.next() % 20 {
        case 0:
            let isV4 = random.next() % 2 == 0
            let router = IPv4Address(UInt32(truncatingIfNeeded: random.next()))
            let origins: [Origin] = [.us, .peer, .kernel, .router(.v4(router))]
            return Event(
                time: time,
                kind: run.icmp(
                    type: UInt8(truncatingIfNeeded: random.next() % 14),
                    code: UInt8(truncatingIfNeeded: random.next() % 18),
                    seq: Int(truncatingIfNeeded: random.next()),
                    from: origins[Int(random.next() % 4)],
                    isOurs: random.next() % 2 == 0,
                    checksum: random.next() % 8 == 0 ? .bad : .good,
                    family: isV4 ? .v4 : .v6,
                    parameter: UInt32(truncatingIfNeeded: random.next())
                )
            )
        case 1: return Event(time: time, kind: incident(&random))
        default: return Event(time: time, kind: .segment(segment(&random, run)))
        }
    }

    private func incident(_ random: inout SplitMix64) -> Event.Kind {
        let wide = Int(truncatingIfNeeded: random.next())
        switch random.next() % 10 {
        case 0: return .timer(.retransmission(nextAttempt: wide))
        case 1: return .timer(.gaveUp(.synAck, after: .nanoseconds(Int64(wide))))
        case 2: return .captureLoss(frames: wide)
        case 3: return .sendFailure(SendFailure(call: "", errno: Int32(truncatingIfNeeded: wide), reason: ""))
        case 4: return .notSeenLeaving(TCPSegment(seq: SequenceNumber(0), flags: []))
        case 5: return .answerElsewhere(TCPSegment(seq: SequenceNumber(0), flags: .syn), interface: "x")
        case 6: return .clockStepped(.nanoseconds(Int64(wide)))
        case 7: return .manual("\(wide)")
        case 8: return .captureFailed(reason: "")
        default: return .interrupted(signal: nil)
        }
    }

    private func segment(_ random: inout SplitMix64, _ run: Conversation) -> ObservedSegment {
        let isPeer = random.next() % 2 == 0
        let (mine, other) = isPeer ? (run.irs, run.iss) : (run.iss, run.irs)
        let near = { (base: SequenceNumber, random: inout SplitMix64) in
            random.next() % 10 == 0
                ? SequenceNumber(UInt32(truncatingIfNeeded: random.next())) : base + Int(random.next() % 5)
        }
        let usual: [TCPFlags] = [.syn, [.syn, .ack], .ack, .ack, [.fin, .ack], .rst, [.rst, .ack], [.psh, .ack]]
        let flags =
            random.next() % 10 == 0
            ? TCPFlags(rawValue: UInt16(truncatingIfNeeded: random.next())) : usual[Int(random.next() % 8)]
        var segment = TCPSegment(seq: near(mine, &random), flags: flags)
        segment.header.acknowledgmentNumber = near(other, &random)
        segment.header.window = UInt16(truncatingIfNeeded: random.next())
        let optionOctets = (0..<Int(random.next() % 20)).map { _ in UInt8(truncatingIfNeeded: random.next() % 16) }
        segment.options = TCPOptions(octets: optionOctets)
        if random.next() % 3 == 0 { segment.payload = ArraySlice(repeating: 0, count: Int(random.next() % 3000)) }
        let origins: [Origin] = [.kernel, .router(.v4(.loopback))]
        return ObservedSegment(
            origin: random.next() % 50 == 0 ? origins[Int(random.next() % 2)] : isPeer ? .peer : .us,
            segment: segment,
            ip: run.header(fromPeer: isPeer),
            checksum: random.next() % 20 == 0 ? .bad : .good,
            isCoalesced: random.next() % 50 == 0
        )
    }

    private func expectBounded(_ judge: Judge) {
        #expect(judge.log.findings.count <= FindingLog.mostFindings)
        #expect(judge.log.findings.allSatisfy { $0.evidence.count <= FindingLog.mostEvidence })
        #expect(RequestKind.allCases.allSatisfy { judge.requests[$0].attempts.count <= RequestLog.mostAttempts })
        #expect([End.us, .peer].allSatisfy { judge.repeats[$0]?.evidence.count ?? 0 <= FindingLog.mostEvidence })
        #expect(judge.observer.us.coverage.islands.count <= SequenceCoverage.mostIslands)
        #expect(judge.observer.peer.coverage.islands.count <= SequenceCoverage.mostIslands)
        #expect(judge.gaveUp.count <= 7)
        #expect(judge.conclude().findings.count <= FindingLog.mostFindings + FindingCode.allCases.count)
    }

    /// One long transcript: nothing grows with its length.
    @Test func hundredThousandEventsInOneConnection() {
        var random = SplitMix64(state: 7)
        let run = Conversation()
        var judge = Judge(flow: run.flow, expectation: .observe)
        for _ in 0..<100_000 { _ = judge.observe(event(&random, run)) }
        expectBounded(judge)
    }

    /// Many short ones: every way into a connection and out of it is tried.
    @Test(arguments: [HandprobeJudge.Expectation.open(end: .fin), .open(end: .rst), .close, .observe, .answer])
    func hundredThousandEventsInManyConnections(_ expectation: HandprobeJudge.Expectation) {
        var random = SplitMix64(state: 11)
        for _ in 0..<1000 {
            let run = Conversation(
                iss: UInt32(truncatingIfNeeded: random.next()),
                irs: UInt32(truncatingIfNeeded: random.next())
            )
            var judge = Judge(flow: run.flow, expectation: expectation)
            for _ in 0..<20 { _ = judge.observe(event(&random, run)) }
            expectBounded(judge)
        }
    }
}
