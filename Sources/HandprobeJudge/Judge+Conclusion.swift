import HandprobeTCP
import HandprobeWire

extension Judge {
    /// What the transcript comes to if it ends here. Changes nothing, so it may be asked at any time.
    public func conclude() -> Verdict {
        let findings = findings
        let outcome = Self.outcome(of: findings)
        let halfClosed = halfClosedInterval
        return Verdict(
            ledger: ledger,
            findings: findings,
            opening: opening,
            closing: closing,
            openProof: proof?.kind,
            openProvedAt: proof?.moment.time,
            openProvedBy: proof?.moment.index,
            halfClosed: halfClosed,
            halfClosedOctets: halfClosed.map { _ in halfClosedOctets },
            handshakeRTT: handshakeRoundTrip,
            silence: heardSilence(findings),
            headline: headline(findings, outcome),
            outcome: outcome
        )
    }

    /// Everything worth saying if the transcript ends here.
    var findings: [Finding] {
        var log = log
        addUnseen(to: &log)
        addOpeningFindings(to: &log)
        addClosingFindings(to: &log)
        addRepeats(to: &log)
        return resolve(log.counted)
    }

    /// What findings come to together.
    static func outcome(of findings: [Finding]) -> Verdict.Outcome {
        findings.map(\.outcome).max { $0.weight < $1.weight } ?? .asExpected
    }

    private var ledger: Ledger {
        var ledger = Ledger()
        for kind in RequestKind.allCases {
            ledger[kind] = record(kind).record(
                laterRoundTrip: kind == .ourSyn || kind == .ourFin ? laterRoundTrip : nil,
                unconfirmedBecause: reasonUnconfirmed(kind)
            )
        }
        return ledger
    }

    private func reasonUnconfirmed(_ kind: RequestKind) -> String {
        if kind == .ourSyn, refusal != nil { return "the peer refused it" }
        if ourRefusal != nil { return "we refused it" }
        if peerReset != nil { return "the peer reset the connection" }
        if kind != .ourSyn, ourReset != nil { return "we reset the connection" }
        if interruption != nil { return "the run was ended early" }
        switch kind {
        case .ourSyn:
            let icmp = log.findings.first { $0.code == .filteredByICMP || $0.code == .hopLimitExceeded }
            if let icmp { return icmp.sentence }
            return firstAnswer == nil ? "nothing answered it" : "nothing that came acknowledges it"
        case .ourFin: return "nothing acknowledged it"
        case .theirSyn, .theirFin: return "we did not acknowledge it"
        }
    }

    /// From the attempt of our SYN that was answered to the answer; nil when it cannot be told or the clock was stepped.
    var handshakeRoundTrip: Duration? {
        let syn = record(.ourSyn)
        guard !clockWasStepped, let confirmation = syn.confirmation,
            let credited = syn.credited(laterRoundTrip: laterRoundTrip)
        else { return nil }
        let elapsed = confirmation.time.since(syn.attempts[credited - 1].time)
        return elapsed < .zero ? nil : elapsed
    }

    /// From the confirmation of the first FIN to the second; nil when they were one segment or the clock was stepped.
    private var halfClosedInterval: Duration? {
        guard let firstFin, !finsCrossed, !finsShareSegment, !clockWasStepped,
            let confirmed = record(firstFin.fin).confirmation, let second = record(firstFin.other.fin).attempts.first
        else { return nil }
        return second.time.since(confirmed.time)
    }

    /// How the opening went.
    private var opening: String? {
        guard isOpen, !observer.startedLate else { return nil }
        let ours = record(.ourSyn)
        let repeats = ours.count > 1 ? ", our SYN sent \(ours.count) times" : ""
        if synsCrossed { return "opened simultaneously: the two SYNs crossed\(repeats)" }
        if peerOpened { return "opened by the peer in \(answer)\(repeats)" }
        if let confirmed = ours.confirmation, let theirs = record(.theirSyn).attempts.first,
            confirmed.index < theirs.index
        {
            return "opened in four segments: the peer's ACK of our SYN and its own SYN came apart\(repeats)"
        }
        return "opened in three segments\(repeats)"
    }

    /// How many segments a peer that opened needed with us, and why not three.
    private var answer: String {
        guard answeredApart else { return "three segments" }
        let why = "our ACK of its SYN and our own SYN came apart"
        guard record(.ourSyn).confirmation?.flags.contains(.syn) == true else { return "four segments: \(why)" }
        return "five segments: \(why), and a SYN,ACK confirmed ours"
    }

    /// How the closing went.
    private var closing: String? {
        if let peerReset { return closingByPeerReset(peerReset) }
        if let ourReset { return closingByOurReset(ourReset) }
        guard let firstFin, isClosed else { return nil }
        let caution = sawCoalesced ? " (segments were merged before the capture, so their number is uncertain)" : ""
        return closingByFins(first: firstFin) + caution
    }

    private func closingByFins(first: End) -> String {
        if finsCrossed { return "closed simultaneously: the two FINs crossed" }
        let who = first == .us ? "" : "the peer closed first; "
        guard !finsShareSegment else {
            let shared = first == .us ? "the peer's FIN and its ACK of ours" : "our FIN and our ACK of theirs"
            return "\(who)closed in three segments: \(shared) shared one"
        }
        guard let halfClosed = halfClosedInterval else { return "\(who)closed in four segments" }
        let sent = halfClosedOctets == 0 ? "nothing" : Self.count(halfClosedOctets)
        return "\(who)closed in four segments; half-closed for \(halfClosed.text), "
            + "in which \(first == .us ? "the peer" : "we") sent \(sent)"
    }

    private func closingByPeerReset(_ reset: Moment) -> String {
        guard let firstFin, let fin = record(firstFin.fin).attempts.first else { return "reset by the peer" }
        let whose = firstFin == .us ? "our" : "its own"
        return "reset by the peer, \(reset.time.since(fin.time).text) after \(whose) FIN"
    }

    private func parting(_ reset: OurReset) -> String {
        let outcome = reset.confirmation != nil ? ", confirmed" : reset.questions > 0 ? ", unconfirmed" : ""
        return "reset by us at exactly SND.NXT\(outcome)"
    }

    private func closingByOurReset(_ reset: OurReset) -> String {
        if observer.us.finConfirmed, observer.peer.fin == nil {
            return "our FIN was confirmed, the peer did not close; \(parting(reset))"
        }
        if observer.us.fin != nil, !observer.us.finConfirmed { return "our FIN was not confirmed; \(parting(reset))" }
        return parting(reset)
    }

    /// What came of a peer that we left alone.
    private var unanswered: String {
        let syn = record(.theirSyn)
        guard syn.count > 1, let first = syn.attempts.first, let last = syn.attempts.last else {
            return "the peer's SYN came once and was not answered"
        }
        return "the peer's SYN came \(syn.count) times within \(last.time.since(first.time).text) and was not answered"
    }

    /// The findings as they count in the end, in the order they came about.
    private func resolve(_ findings: [Finding]) -> [Finding] {
        let resolved = findings.map { finding in
            var finding = finding
            finding.outcome = finding.code.outcome(under: expectation)
            if hasDefiniteAnswer, finding.code.yieldsToDefiniteAnswer {
                if finding.code == .filteredByICMP || finding.code == .hopLimitExceeded {
                    finding.code = .icmpSoftError
                }
                finding.outcome = .asExpected
            }
            return finding
        }
        guard resolved.count > 1 else { return resolved }
        return resolved.enumerated().sorted { left, right in
            let (a, b) = (left.element.evidence.first ?? Int.max, right.element.evidence.first ?? Int.max)
            return (a, left.offset) < (b, right.offset)
        }.map(\.element)
    }

    private func headline(_ findings: [Finding], _ outcome: Verdict.Outcome) -> String {
        let name = { (finding: Finding) in "\(finding.sentence) [\(finding.code.rawValue), \(finding.stage.rawValue)]" }
        let cause = findings.first { $0.outcome == .notAsExpected } ?? findings.first { $0.outcome == .noAnswer }
        let degradation = findings.first { $0.outcome == .degraded }
        switch (cause, degradation) {
        case (nil, nil): return orderly(findings)
        case (let cause?, nil): return name(cause) + (ourReset.map { "; \(parting($0))" } ?? "")
        case (nil, let degradation?):
            let rest = expectation == .answer ? answer(findings) : course
            return "degraded: \(name(degradation))" + (rest.map { "; \($0)" } ?? "")
        case (let cause?, let degradation?): return "\(name(cause)); degraded: \(name(degradation))"
        }
    }

    private func orderly(_ findings: [Finding]) -> String {
        if expectation == .answer { return answer(findings) ?? course }
        if expectation != .observe || closing != nil && opening != nil { return "orderly: \(course)" }
        return course
    }

    /// Opening, proof and closing in one sentence.
    private var course: String {
        let proved = proof.map { "\($0.kind == .noRepeatedSynAck ? "weakly " : "")proved open by \($0.clause)" }
        let parts = [opening, proved, closing].compactMap(\.self)
        if parts.isEmpty {
            if ourRefusal != nil { return "refused by us, as a closed port refuses" }
            if peerOpened, firstSent == nil { return unanswered }
            return count == 0 ? "no segment of this connection was captured" : "nothing opened or closed"
        }
        return parts.joined(separator: ", ")
    }
}

extension Verdict.Outcome {
    /// What prevails when findings disagree: whatever makes the answer uncertain, then an unwelcome answer, then silence.
    public var weight: Int {
        switch self {
        case .asExpected: 0
        case .noAnswer: 1
        case .notAsExpected: 2
        case .degraded: 3
        }
    }
}
