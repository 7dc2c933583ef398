import HandprobeJudge
import HandprobeWire

extension JSONValue {
    /// What a conversation came to; `moment` writes a time.
    static func verdict(_ verdict: Verdict, moment: (Timestamp) -> JSONValue) -> JSONValue {
        [
            "headline": .string(verdict.headline),
            "opening": verdict.opening.map(JSONValue.string),
            "open_proof": verdict.openProof.map { proof in
                [
                    "proof": .string(proof.rawValue),
                    "proved_at": verdict.openProvedAt.map(moment),
                    "proved_by": verdict.openProvedBy.map { .number($0) },
                ]
            },
            "closing": verdict.closing.map(JSONValue.string),
            "half_closed_ns": verdict.halfClosed.map(JSONValue.nanoseconds),
            "half_closed_octets": verdict.halfClosedOctets.map { .number($0) },
            "rtt_ns": verdict.handshakeRTT.map(JSONValue.nanoseconds),
            "silence": verdict.silence.map { silence in
                [
                    "seen_leaving": .number(silence.seenLeaving),
                    "frames_lost": .number(silence.framesLost),
                    "icmp_errors": .number(silence.icmpErrors),
                    "check": silence.check.map(check),
                ]
            },
            "ledger": ledger(verdict.ledger, moment),
            "findings": .array(verdict.findings.map(finding)),
        ]
    }

    /// The name of an outcome.
    static func name(_ outcome: Verdict.Outcome) -> String {
        switch outcome {
        case .asExpected: "as-expected"
        case .notAsExpected: "not-as-expected"
        case .noAnswer: "no-answer"
        case .degraded: "degraded"
        }
    }

    /// The requests that were made, each with what became of it.
    private static func ledger(_ ledger: Ledger, _ moment: (Timestamp) -> JSONValue) -> JSONValue {
        .object(
            RequestKind.allCases.compactMap { kind in
                let record = ledger[kind]
                guard record.attemptCount > 0 || !record.attempts.isEmpty else { return nil }
                return Member(name: key(kind), value: request(record, moment))
            }
        )
    }

    private static func request(_ record: RequestRecord, _ moment: (Timestamp) -> JSONValue) -> JSONValue {
        [
            "attempt_count": .number(record.attemptCount),
            "attempts": .array(record.attempts.map(moment)),
            "confirmed_at": record.confirmedAt.map(moment),
            "confirmed_by": record.confirmedBy.map { .number($0) },
            "confirming_flags": record.confirmingFlags.map { .string($0.notation) },
            "credited_attempt": record.creditedAttempt.map { .number($0) },
            "unconfirmed_because": record.unconfirmedBecause.map(JSONValue.string),
        ]
    }

    private static func key(_ request: RequestKind) -> String {
        switch request {
        case .ourSyn: "our_syn"
        case .theirSyn: "their_syn"
        case .ourFin: "our_fin"
        case .theirFin: "their_fin"
        }
    }

    private static func finding(_ finding: Finding) -> JSONValue {
        ["code": .string(finding.code.rawValue), "stage": .string(finding.stage.rawValue)]
            + (finding.source.map { from($0, named: "source") } ?? [:])
            + [
                "sentence": .string(finding.sentence),
                "evidence": .array(finding.evidence.map { .number($0) }),
                "outcome": .string(name(finding.outcome)),
                "clause": finding.code.clause.map(JSONValue.string),
            ]
    }
}
