import HandprobeTCP
import HandprobeWire

extension Judge {
    mutating func observeOurReset(
        _ segment: TCPSegment,
        _ exactness: ResetExactness,
        _ seen: SegmentObservation
    ) {
        if isClosed || peerReset != nil {
            say(.resets(exactness))
            return say(.remark("the connection had ended before"))
        }
        if observer.us.base == nil, peerOpened, exactness == .exact {
            ourRefusal = ourRefusal ?? now
            observer.breakOff(by: .us)
            say(.resets(.exact))
            return say(.remark("refuses the peer's SYN, as a closed port does (RFC 9293 §3.5.2)"))
        }
        guard seen.seq == observer.us.next || seen.seq.map(observer.isAskedFor) == true else {
            if isOpen, ourReset == nil { return observeStrayReset(exactness) }
            if observer.peer.base != nil { provocationIsOut = true }
            say(.resets(exactness))
            return say(.remark("answers a segment that fits nothing here (RFC 9293 §3.5.2)"))
        }
        guard observer.peer.base != nil else {
            say(.resets(exactness))
            return say(.remark("releases the peer, should it have answered unheard"))
        }
        if ourReset == nil {
            ourReset = OurReset(moment: now)
            observer.breakOff(by: .us)
        } else {
            ourReset?.repeats += 1
        }
        say(.resets(.exact))
    }

    mutating func observePeerReset(
        _ segment: TCPSegment,
        _ exactness: ResetExactness,
        _ stage: Stage
    ) {
        if ourReset != nil { return observeResetAfterOurs(segment, exactness) }
        if peerReset != nil || isClosed {
            say(.resets(exactness))
            return say(.remark(noteResetAfterEnd(exactness)))
        }
        // At the octet expected next it is a RST like any other: the peer may have sent meanwhile what was asked about.
        if segment.seq == askedWith, exactness != .exact { return observeEmbryonicAnswer() }
        if observer.us.base != nil, observer.peer.base == nil { return observeResetOfSyn(segment, exactness) }
        guard exactness == .exact else {
            note(
                .resetWrongSequence,
                "the peer's RST is \(exactness == .inWindow ? "inside the window but not at" : "outside the window, not at")"
                    + " the octet expected next",
                stage: stage,
                source: .peer
            )
            say(.resets(exactness))
            return say(.isDisregarded("it is not at exactly RCV.NXT (RFC 5961 §3)"))
        }
        noteReset(stage)
        peerReset = now
        observer.breakOff(by: .peer)
        say(.resets(.exact))
    }

    /// Notes that the peer had given up waiting for our acknowledgment of its request; false when nothing shows that.
    ///
    /// Within the second after which it would repeat the request (RFC 6298 §2.1) nobody gives up.
    @discardableResult
    mutating func noteGivenUp(_ request: RequestKind) -> Bool {
        let record = record(request)
        guard let made = record.attempts.first, let confirmation = record.confirmation,
            confirmation.time.since(made.time) >= .seconds(1)
        else { return false }
        let waited = confirmation.time.since(made.time).text
        let what = request == .theirSyn ? "SYN-ACK" : "FIN"
        note(
            request == .theirSyn ? .synAckGivenUp : .finGivenUp,
            "our ACK came \(waited) after the peer's \(what), and the peer answered it with RST: it had given up",
            source: .peer
        )
        return true
    }

    private mutating func noteReset(_ stage: Stage) {
        if noteForgotten() { return }
        if stage != .closing, noteIdleEnd(.idleReset, "reset") { return }
        if stage != .closing, proof == nil, noteGivenUp(.theirSyn) { return }
        if noteLateReset() { return }
        if stage == .closing {
            let who = observer.us.fin != nil ? "our FIN" : "its own FIN"
            note(.resetAfterFin, "the peer reset the connection after \(who)", stage: stage, source: .peer)
        } else if proof == nil || proof?.kind == .noRepeatedSynAck, octetsFromUs == 0 {
            let (whose, syn) = peerOpened ? ("our", End.us.syn) : ("its", End.peer.syn)
            let after = record(syn).attempts.first.map { " \(now.time.since($0.time).text) after \(whose) SYN-ACK" }
            note(.resetInHandshake, "the peer reset the connection\(after ?? "")", stage: stage, source: .peer)
        } else {
            let after = octetsFromUs > 0 ? " after \(Self.count(octetsFromUs)) of ours" : ""
            note(.resetByPeer, "the peer reset the connection\(after)", stage: stage, source: .peer)
        }
    }

    private mutating func observeResetAfterOurs(_ segment: TCPSegment, _ exactness: ResetExactness) {
        guard let reset = ourReset else { return }
        let acknowledges = segment.flags.contains(.ack)
        let answers =
            reset.questions > 0
            && (segment.seq == reset.questionAck || acknowledges && segment.ack == reset.questionEnd)
        guard answers || exactness == .exact else {
            say(.resets(exactness))
            return say(.isDisregarded("it answers nothing that we sent"))
        }
        if reset.confirmation == nil { ourReset?.confirmation = now }
        observer.breakOff(by: .peer)
        say(.confirmsForgotten)
    }

    /// A RST at the number we asked with: what a connection does that is not synchronised, and survives it (RFC 9293
    /// §3.10.7.4, fifth, SYN-RECEIVED).
    private mutating func observeEmbryonicAnswer() {
        if wrongAck != nil, !observer.peer.synConfirmed {
            question = nil
            if !wrongAckIsRefused {
                note(
                    .wrongAckRefused,
                    "the peer answered our wrong ACK with RST at exactly its number, and waits for the right one",
                    source: .peer
                )
            }
            wrongAckIsRefused = true
            return say(.remark("refuses the wrong confirmation and nothing else"))
        }
        embryonic = now
        say(.remark("the peer is not synchronised yet: it defers accepting, or our ACK was lost"))
    }

    private mutating func observeResetOfSyn(_ segment: TCPSegment, _ exactness: ResetExactness) {
        guard segment.flags.contains(.ack) else {
            note(.resetWithoutAck, "a RST without ACK came in answer to our SYN", stage: .postSyn, source: .peer)
            say(.resets(.stray))
            return say(.isDisregarded("in SYN-SENT a RST must acknowledge our SYN"))
        }
        guard exactness == .exact else {
            let ack = Self.relation(of: observer.us.relative(segment.ack))
            note(.resetStray, "a RST acknowledges \(ack), not our SYN", stage: .postSyn, source: .peer)
            say(.resets(.stray))
            return say(.isDisregarded("it does not acknowledge our SYN"))
        }
        if refusal == nil {
            refusal = now
            let after = record(.ourSyn).attempts.last.map { " \(now.time.since($0.time).text) after it" } ?? ""
            note(.refused, "the peer refused our SYN with RST\(after)", stage: .postSyn, source: .peer)
        }
        observer.breakOff(by: .peer)
        var wrong: [String] = []
        if segment.seq != SequenceNumber(0) { wrong.append("SEQ is \(segment.seq), not 0") }
        if let ack = observer.us.relative(segment.ack), ack != observer.us.next {
            wrong.append("ACK does not cover the \(ack == observer.us.fin ? "FIN" : "data") in our SYN")
        }
        if !segment.payload.isEmpty { wrong.append("it carries \(Self.count(segment.payload.count))") }
        if !wrong.isEmpty {
            note(
                .refusalInexact,
                "the refusal is not the exact one of a closed port: \(wrong.joined(separator: ", "))",
                stage: .postSyn,
                source: .peer
            )
        }
        say(.resets(.exact))
    }
}
