import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension RandomNumberGenerator {
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    /// Words of one column a letter, now and then longer than any line.
    mutating func words(_ most: Int) -> String {
        (0...below(most)).map { _ in
            String(repeating: ["a", "é", "·", "→", "x"][below(5)], count: below(9) == 0 ? 260 : 1 + below(12))
        }.joined(separator: " ")
    }

    mutating func event() -> Event {
        let time = Timestamp(
            nanoseconds: below(20) == 0 ? .random(in: .min ... .max, using: &self) : Int64(below(1 << 40)))
        let kind: Event.Kind =
            switch below(17) {
            case 0: .icmpError(icmpError())
            case 1: .timer(.retransmission(nextAttempt: below(1000)))
            case 2: .timer(.gaveUp(.proof, after: .milliseconds(below(10_000_000))))
            case 3: .captureLoss(frames: below(1_000_000))
            case 4: .sendFailure(SendFailure(call: "sendto", errno: 101, reason: words(8)))
            case 5: .notSeenLeaving(segment())
            case 6: .answerElsewhere(segment(), interface: words(1))
            case 7: .clockStepped(.seconds(below(100_000)))
            case 8: .manual(words(12))
            case 10:
                .silenceChecked(
                    SilenceCheck(
                        nextHop: [nil, .resolved, .unresolved, .notNeeded][below(4)],
                        watchesOtherInterfaces: below(2) == 0))
            case 11: .captureFailed(reason: words(4))
            case 9: .interrupted(signal: below(2) == 0 ? nil : Int32(below(64)))
            default: .segment(observed())
            }
        return Event(time: time, kind: kind)
    }

    mutating func reading() -> Reading {
        Reading(
            meanings: (0..<below(4)).map { _ in meaning() },
            ourState: ConnectionState.allCases[below(11)],
            peerState: nil,
            relativeSeq: below(3) == 0 ? nil : below(1 << 32),
            relativeAck: below(3) == 0 ? nil : below(1 << 32)
        )
    }

    mutating func verdict() -> Verdict {
        var ledger = Ledger()
        for kind in RequestKind.allCases where below(4) != 0 {
            var record = RequestRecord()
            record.attempts = (0..<below(5)).map { _ in Timestamp(nanoseconds: Int64(below(1 << 60))) }
            if below(2) == 0 { record.confirmedAt = Timestamp(nanoseconds: Int64(below(1 << 60))) }
            record.confirmingFlags = TCPFlags(rawValue: UInt16(below(4096)))
            record.creditedAttempt = 1 + below(6)
            record.unconfirmedBecause = words(9)
            ledger[kind] = record
        }
        let finding = Finding(
            code: FindingCode.allCases[below(FindingCode.allCases.count)], sentence: words(30), stage: .postData,
            source: .router(address()), evidence: [1, 22, 333])
        return Verdict(
            ledger: ledger, findings: [finding, finding], openProof: OpenProof.allCases[below(4)],
            openProvedAt: Timestamp(nanoseconds: Int64(below(1 << 60))), headline: words(30), outcome: .degraded)
    }

    private mutating func meaning() -> Meaning {
        switch below(10) {
        case 0: .requests(RequestKind.allCases[below(4)], attempt: below(100))
        case 1: .confirms(RequestKind.allCases[below(4)])
        case 2: .carriesDataOutOfOrder(octets: below(1 << 30))
        case 3: .asksForProof
        case 4: .provesOpen(OpenProof.allCases[below(4)])
        case 5: .challenges
        case 6: .resets(.stray)
        case 7: .isDisregarded(words(10))
        case 8: .reportsError(words(10))
        default: .remark(words(10))
        }
    }

    private mutating func address() -> IPAddress {
        below(2) == 0
            ? .v4(IPv4Address(.random(in: 0 ... .max, using: &self)))
            : .v6(IPv6Address(.random(in: 0 ... .max, using: &self)))
    }

    private mutating func segment() -> TCPSegment {
        let octets = (0..<below(11) * 4).map { _ in UInt8.random(in: below(2) == 0 ? 0...8 : 0...255, using: &self) }
        return TCPSegment(
            seq: SequenceNumber(.random(in: 0 ... .max, using: &self)),
            ack: SequenceNumber(.random(in: 0 ... .max, using: &self)),
            flags: TCPFlags(rawValue: .random(in: 0 ... .max, using: &self)),
            wnd: .random(in: 0 ... .max, using: &self),
            options: TCPOptions(octets: octets),
            payload: (0..<below(100)).map { _ in UInt8.random(in: 0...127, using: &self) }[...]
        )
    }

    private mutating func observed() -> ObservedSegment {
        ObservedSegment(
            origin: [.us, .peer, .kernel, .router(address())][below(4)],
            segment: segment(),
            ip: .v4(IPv4Header(source: .loopback, destination: .loopback, typeOfService: UInt8(below(256)))),
            checksum: [.good, .bad, .notFilledIn, .unverifiable][below(4)],
            interface: words(1),
            vlans: (0..<below(3)).map { _ in UInt16(below(4096)) },
            isCoalesced: below(4) == 0,
            missingOctets: below(3) * 1000,
            rewritten: below(3) == 0 ? [RewrittenField(field: words(2), crafted: words(2), left: words(2))] : []
        )
    }

    private mutating func icmpError() -> ObservedICMPError {
        ObservedICMPError(
            origin: .router(address()),
            error: ICMPError(
                family: .v6, type: UInt8(below(256)), code: UInt8(below(256)), parameter: 0, quote: nil, checksum: .bad),
            quotesOurs: below(2) == 0
        )
    }
}
