import HandprobeTCP

extension Judge {
    /// What the transcript comes to in the fewest words, if it ends here: for a line in a table of many.
    public func outline() -> Outline {
        let findings = findings
        return Outline(
            opening: howItOpened(findings.map(\.code)),
            closing: howItClosed,
            codes: findings.map(\.code),
            outcome: Self.outcome(of: findings)
        )
    }

    private func howItOpened(_ codes: [FindingCode]) -> Outline.Opening {
        if observer.startedLate { return .notCaptured }
        guard isOpen else {
            if refusal != nil { return .refused }
            if record(.ourSyn).count == 0, record(.theirSyn).count == 0 { return .notAsked }
            return firstAnswer == nil || codes.contains(.noAnswer) ? .unanswered : .unfinished
        }
        if synsCrossed { return .simultaneous }
        if let confirmed = record(.ourSyn).confirmation, let theirs = record(.theirSyn).attempts.first,
            confirmed.index < theirs.index, !peerOpened
        {
            return .fourSegments
        }
        return .threeSegments
    }

    private var howItClosed: Outline.Closing {
        if peerReset != nil { return .reset(by: .peer) }
        if ourReset != nil { return .reset(by: .us) }
        guard isOpen || firstFin != nil else { return .neverOpen }
        guard let firstFin else { return .notClosed }
        guard isClosed else { return .half(first: firstFin) }
        if finsCrossed { return .crossed }
        return finsShareSegment ? .threeSegments(first: firstFin) : .fourSegments(first: firstFin)
    }
}
