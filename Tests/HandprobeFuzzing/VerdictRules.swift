import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What every verdict owes, whatever the events: it says of a thing only one thing, and rests on events that there are.
enum VerdictRules {
    /// Folds the events, twice, and looks at what they come to; returns the readings and the verdict.
    @discardableResult
    static func check(
        _ events: [Event],
        _ flow: FourTuple,
        _ expectation: Expectation
    ) throws(BrokenRule) -> (readings: [Reading], verdict: Verdict) {
        var judge = Judge(flow: flow, expectation: expectation)
        var other = Judge(flow: flow, expectation: expectation)
        var readings: [Reading] = []
        for event in events {
            let reading = judge.observe(event)
            _ = judge.conclude()
            try expect(reading == other.observe(event), "two judges read the same event in two ways")
            readings.append(reading)
        }
        let verdict = judge.conclude()
        try expect(verdict == judge.conclude(), "asked twice, two answers")
        try expect(verdict == other.conclude(), "asked on the way, another answer in the end")
        for kind in RequestKind.allCases { try check(verdict.ledger[kind], kind, events) }
        for finding in verdict.findings { try check(finding, events) }
        try checkOutcome(verdict)
        try checkContradictions(verdict, events)
        return (readings, verdict)
    }

    private static func check(
        _ record: RequestRecord,
        _ kind: RequestKind,
        _ events: [Event]
    ) throws(BrokenRule) {
        let text = "\(kind.rawValue): \(record)"
        try expect(record.attempts.count == min(32, record.attemptCount), "\(text): attempts")
        try expect((record.confirmedAt == nil) == (record.confirmedBy == nil), "\(text): half a confirmation")
        try expect((record.confirmedAt == nil) == (record.confirmingFlags == nil), "\(text): half a confirmation")
        try expect(
            (record.unconfirmedBecause != nil) == (record.attemptCount > 0 && record.confirmedAt == nil),
            "\(text): a reason")
        if let index = record.confirmedBy {
            try expect(events.indices.contains(index), "\(text): confirmed by no event")
            try expect(events[index].time == record.confirmedAt, "\(text): confirmed at another time")
            guard case .segment = events[index].kind else { throw BrokenRule("\(text): confirmed by no segment") }
        }
        if let credited = record.creditedAttempt {
            try expect((1...max(1, record.attemptCount)).contains(credited), "\(text): credited to no attempt")
            try expect(record.confirmedAt != nil, "\(text): credited without a confirmation")
        }
        for time in record.attempts {
            try expect(events.contains { $0.time == time }, "\(text): an attempt at no time")
        }
    }

    private static func check(_ finding: Finding, _ events: [Event]) throws(BrokenRule) {
        try expect(!finding.sentence.isEmpty, "\(finding.code.rawValue) without a sentence")
        try expect(finding.evidence.count <= 16, "\(finding.code.rawValue) has \(finding.evidence.count) events")
        try expect(
            finding.evidence.allSatisfy(events.indices.contains),
            "\(finding.code.rawValue) rests on \(finding.evidence)")
    }

    private static func checkOutcome(_ verdict: Verdict) throws(BrokenRule) {
        let order: [Verdict.Outcome] = [.asExpected, .noAnswer, .notAsExpected, .degraded]
        let places = verdict.findings.compactMap { order.firstIndex(of: $0.outcome) }
        try expect(
            order.firstIndex(of: verdict.outcome) == places.max() ?? 0,
            "\(verdict.outcome) of findings \(verdict.findings.map(\.outcome))")
        try expect(!verdict.headline.isEmpty, "no headline")
        if verdict.outcome != .asExpected {
            try expect(
                verdict.findings.contains { $0.outcome != .asExpected && verdict.headline.contains($0.code.rawValue) },
                "the headline names no cause: \(verdict.headline)")
        }
    }

    private static func checkContradictions(_ verdict: Verdict, _ events: [Event]) throws(BrokenRule) {
        let codes = Set(verdict.findings.map(\.code))
        let ledger = verdict.ledger
        let says = { (code: FindingCode) in codes.contains(code) }
        let text = { "\(codes.map(\.rawValue).sorted()), \(ledger)" }
        try expect(!says(.noAnswer) || ledger.ourSyn.confirmedAt == nil, "no answer, and confirmed: \(text())")
        try expect(!says(.noAnswer) || verdict.opening == nil, "no answer, and opened: \(text())")
        try expect(!says(.peerNeverClosed) || ledger.theirFin.attemptCount == 0, "never closed, and closed: \(text())")
        try expect(!says(.finUnacknowledged) || ledger.ourFin.confirmedAt == nil, "FIN not confirmed, and: \(text())")
        try expect(!says(.notProvedOpen) || verdict.openProof == nil, "not proved open, and proved: \(text())")
        let isClosed = ledger.ourFin.confirmedAt != nil && ledger.theirFin.confirmedAt != nil
        try expect(!says(.leftOpen) || !isClosed, "left open, and closed: \(text())")
        try expect(
            (verdict.openProof == nil) == (verdict.openProvedAt == nil)
                && (verdict.openProof == nil) == (verdict.openProvedBy == nil), "half a proof: \(text())")
        if let index = verdict.openProvedBy {
            try expect(events.indices.contains(index), "proved by no event: \(text())")
            try expect(events[index].time == verdict.openProvedAt, "proved at another time: \(text())")
        }
        try expect((verdict.halfClosed == nil) == (verdict.halfClosedOctets == nil), "half-closed by half: \(text())")
        try expect(verdict.halfClosedOctets ?? 0 >= 0, "negative octets: \(text())")
        if let roundTrip = verdict.handshakeRTT {
            try expect(roundTrip >= .zero, "a round trip of \(roundTrip)")
            try expect(ledger.ourSyn.creditedAttempt != nil, "a round trip of no attempt: \(text())")
        }
        let isOrdered = zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time }
        if isOrdered, let halfClosed = verdict.halfClosed {
            try expect(halfClosed >= .zero, "half-closed for \(halfClosed): \(text())")
        }
    }
}
