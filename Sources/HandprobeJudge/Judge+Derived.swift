import HandprobeTCP
import HandprobeWire

/// Findings that rest on what did not happen, so that they can only be made at the end.
extension Judge {
    private var isOurRun: Bool {
        switch expectation {
        case .open, .close, .serve: true
        case .observe, .answer: false
        }
    }

    /// Only at the end is it known what never left: a segment may have waited for the link address of its next hop. When
    /// there is no next hop, that says it all.
    func addUnseen(to log: inout FindingLog) {
        if log.contains(.neighbourUnresolved) { return }
        for one in unseen {
            log.add(
                .notSeenLeaving, "our \(one.segment.flags.words) was handed over and never seen leaving",
                stage: one.stage, source: .kernel, evidence: [one.moment.index])
        }
    }

    func addOpeningFindings(to log: inout FindingLog) {
        let ours = record(.ourSyn)
        let theirs = record(.theirSyn)
        if expectation == .answer, let crafted, firstAnswer == nil { return addSilence(after: crafted, to: &log) }
        guard ours.count > 0 else {
            if expectation != .observe, !peerOpened, firstSent == nil, crafted == nil, log.findings.isEmpty {
                log.add(
                    .notSeenLeaving, "no segment of ours was ever captured", stage: .postSyn, source: .kernel,
                    evidence: [])
            }
            return
        }
        guard observer.us.synConfirmed else {
            if expectation != .answer, !log.findings.contains(where: { $0.outcome == .notAsExpected }),
                interruption == nil
            {
                addSilence(to: &log)
            }
            return
        }
        if theirs.count == 0 {
            if expectation != .answer {
                let evidence = ours.attempts.map(\.index) + [ours.confirmation?.index].compactMap(\.self)
                log.add(
                    .synNotReturned,
                    "the peer acknowledged our SYN but sent none of its own",
                    stage: .postSyn,
                    source: .peer,
                    evidence: evidence
                )
            }
            return
        }
        addCredit(of: ours, to: &log)
        if !peerOpened { addSchedule(of: .theirSyn, to: &log) }
        addWrongAck(to: &log)
        if expectation != .answer { addProof(to: &log) }
    }

    private func addSilence(to log: inout FindingLog) {
        let ours = record(.ourSyn)
        guard let first = ours.attempts.first?.time else { return }
        let waited = now.time.since(first).text
        let times = ours.count > 1 ? " (sent \(ours.count) times)" : ""
        let what = peerOpened ? "confirmed our SYN-ACK" : "answered our SYN"
        // Who finds a digest wrong drops the segment without a word (RFC 2385 §2.0).
        let signature = offer?.signature == nil ? "" : "; it is signed, and a peer with another key is silent"
        log.add(
            .noAnswer,
            "nothing \(what)\(times) within \(waited)\(trust(in: log))\(signature)",
            stage: .postSyn,
            source: nil,
            evidence: ours.attempts.map(\.index) + timeout(.synAck)
        )
    }

    /// The event in which a timer of ours ran out for good.
    func timeout(_ wait: Event.Wait) -> [Int] {
        gaveUp[wait].map { [$0.moment.index] } ?? []
    }

    private func addCredit(of syn: RequestLog, to log: inout FindingLog) {
        guard let confirmation = syn.confirmation, confirmation.attempts > 1 else { return }
        let evidence = [confirmation.index]
        guard let credited = syn.credited(laterRoundTrip: laterRoundTrip) else {
            log.add(
                .ambiguousAnswer,
                "it cannot be told which of \(confirmation.attempts) SYNs was answered, so no round-trip time is given",
                stage: .postSyn,
                source: nil,
                evidence: evidence
            )
            return
        }
        guard credited < confirmation.attempts else { return }
        let elapsed = confirmation.time.since(syn.attempts[credited - 1].time).text
        log.add(
            .lateAnswer,
            "the answer is to attempt \(credited) of \(confirmation.attempts) of our SYN, \(elapsed) after it",
            stage: .postSyn,
            source: .peer,
            evidence: evidence
        )
    }

    private func addProof(to log: inout FindingLog) {
        let synAcks = { record(.theirSyn).attempts.map(\.index) }
        if let proof {
            if proof.kind == .noRepeatedSynAck {
                log.add(
                    .proofWeak,
                    "only the absence of another SYN-ACK suggests that the connection is open",
                    stage: .postAck,
                    source: nil,
                    evidence: [proof.moment.index]
                )
            }
            let isDeferred = embryonic != nil || repeatedSynAcks > 1 && repeatedThirdSegments > 0
            if isDeferred, proof.kind == .ourOctetsAcknowledged {
                log.add(
                    .deferredAccept,
                    "the peer kept the connection embryonic after our ACK and opened it for our "
                        + (octetsFromUs > 0 ? "data" : "FIN"),
                    stage: .postAck,
                    source: .peer,
                    evidence: synAcks() + [embryonic?.index, proof.moment.index].compactMap(\.self)
                )
            }
            return
        }
        let wasReset = [.resetInHandshake, .resetAfterFin, .synAckGivenUp].contains { log.contains($0) }
        guard isOurRun, !wasReset, ourReset == nil || observer.peer.synConfirmed else { return }
        log.add(.notProvedOpen, notProvedSentence, stage: .postAck, source: nil, evidence: synAcks() + timeout(.proof))
    }

    private var notProvedSentence: String {
        guard observer.peer.synConfirmed else { return "we did not acknowledge the SYN-ACK" }
        if embryonic != nil {
            return "asked whether it is open, the peer answered with RST, as a connection that is not synchronised does"
        }
        if repeatedSynAcks > 0 {
            return "the SYN-ACK came \(repeatedSynAcks + 1) times: our ACK was lost, or the peer defers accepting"
        }
        return "nothing shows that the peer considers the connection open"
    }

    func addClosingFindings(to log: inout FindingLog) {
        guard expectation != .answer, isOpen else { return }
        guard peerReset == nil else {
            addUnrepeatedReset(to: &log)
            return addHalfClose(to: &log)
        }
        let ours = record(.ourFin)
        let us = observer.us
        if octetsFromUs > 0, us.acknowledged < us.fin ?? us.next {
            let left = (us.fin ?? us.next) &- us.acknowledged
            log.add(
                .dataUnacknowledged,
                "the peer did not acknowledge the last \(Self.count(left)) of our data",
                stage: .postData,
                source: .peer,
                evidence: [latestData].compactMap(\.self) + timeout(.dataAcknowledgment)
            )
        }
        if ours.count > 0, !us.finConfirmed, ourReset != nil || isOurRun {
            let times = ours.count > 1 ? ", sent \(ours.count) times" : ""
            log.add(
                .finUnacknowledged,
                "the peer did not acknowledge our FIN\(times)",
                stage: .closing,
                source: .peer,
                evidence: ours.attempts.map(\.index) + timeout(.finAcknowledgment)
            )
        }
        if us.finConfirmed, observer.peer.fin == nil, ourReset != nil || isOurRun, let confirmation = ours.confirmation
        {
            let until = ourReset?.moment.time ?? now.time
            log.add(
                .peerNeverClosed,
                "the peer confirmed our FIN and sent none of its own in \(until.since(confirmation.time).text)",
                stage: .closing,
                source: .peer,
                evidence: [confirmation.index] + timeout(.peerFin)
            )
        }
        addSchedule(of: .theirFin, to: &log)
        addHalfClose(to: &log)
        addEnd(to: &log)
    }

    private func addEnd(to log: inout FindingLog) {
        if let ourReset {
            guard isOurRun, ourReset.confirmation == nil else { return }
            let asked = ourReset.questions == 0 ? "was not asked" : "did not answer"
            log.add(
                .goodbyeUnconfirmed,
                "we reset the connection, and the peer \(asked) whether it has forgotten it",
                stage: .closing,
                source: nil,
                evidence: [ourReset.moment.index] + timeout(.goodbyeAnswer)
            )
        } else if !isClosed {
            log.add(.leftOpen, "the connection is still open at the end", stage: stage, source: nil, evidence: [])
        }
    }

    func addRepeats(to log: inout FindingLog) {
        for end in [End.us, .peer] {
            guard let repeated = repeats[end] else { continue }
            let segments = repeated.segments == 1 ? "1 segment" : "\(repeated.segments) segments"
            let octets = repeated.octets > 0 ? " with \(Self.count(repeated.octets))" : ""
            log.add(
                end == .us ? .retransmittedByUs : .retransmittedByPeer,
                "\(end == .us ? "we" : "the peer") sent \(segments)\(octets) again\(end == .us ? synDecomposition : "")",
                stage: repeated.stage,
                source: end == .us ? .us : .peer,
                evidence: repeated.evidence
            )
        }
    }

    /// How the time until our SYN was confirmed is made up: `; 1.031 s = 1.000 s until attempt 2 + 31.000 ms`.
    private var synDecomposition: String {
        let syn = record(.ourSyn)
        guard !clockWasStepped, let confirmation = syn.confirmation,
            let credited = syn.credited(laterRoundTrip: laterRoundTrip), credited > 1
        else { return "" }
        let first = syn.attempts[0].time
        let answered = syn.attempts[credited - 1].time
        return "; our SYN was confirmed after \(confirmation.time.since(first).text) = "
            + "\(answered.since(first).text) until attempt \(credited) + \(confirmation.time.since(answered).text)"
    }
}
