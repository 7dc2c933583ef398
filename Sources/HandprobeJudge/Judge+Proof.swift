import HandprobeTCP
import HandprobeWire

extension Judge {
    /// How long a peer must have kept from repeating its SYN-ACK: longer than the one second after which it would
    /// (RFC 6298 §2.1).
    private static let silence = Duration.milliseconds(1200)
    /// How much earlier it may be noticed: a timer is set when a segment is handed over, a little before it is captured.
    private static let tolerance = Duration.milliseconds(10)

    /// What a segment of ours asks beside its requests: whether the peer is synchronised, or has forgotten us.
    mutating func observeQuestions(_ segment: TCPSegment, _ seen: SegmentObservation) {
        if ourReset != nil {
            ourReset?.questions += 1
            ourReset?.questionAck = segment.flags.contains(.ack) ? segment.ack : nil
            ourReset?.questionEnd = segment.end
            return say(.asksWhetherForgotten)
        }
        if seen.isKeepalive, seen.syn == nil {
            if !keepaliveIsOut { quietBeforeKeepalive = quiet }
            keepaliveIsOut = true
            return say(.remark("keepalive: asks for the present acknowledgment"))
        }
        guard segment.flags.contains(.ack), seen.syn == nil, seen.fin == nil, segment.payload.isEmpty else { return }
        if observer.us.synConfirmed, !observer.peer.synConfirmed, observer.peer.base != nil,
            seen.acknowledgesWrongly || seen.acknowledgedBeyond > 0
        {
            return observeWrongAck(segment, seen)
        }
        if seen.acknowledgedBeyond > 0 {
            // What a SYN-ACK carries is no proof yet, so it is asked for all the same.
            let hasHeardPeer = octetsFromPeer > 0 || observer.peer.fin != nil
            guard !hasHeardPeer || proof == nil, observer.peer.base != nil else {
                return say(.remark("acknowledges \(Self.count(seen.acknowledgedBeyond)) that were not captured"))
            }
            question = now
            askedWith = segment.ack
            return say(.asksForProof)
        }
        if repeatedSynAcks > 0 { repeatedThirdSegments += 1 }
    }

    /// A third segment that confirms something else than the peer's SYN: a RST at that number is due (RFC 9293 §3.5.2).
    private mutating func observeWrongAck(_ segment: TCPSegment, _ seen: SegmentObservation) {
        noteWrongAck(segment)
        say(.remark("confirms \(Self.relation(of: seen.ack)) in place of their SYN"))
    }

    /// A SYN-ACK or a third segment of ours does not confirm the peer's SYN: the RST at its number answers it.
    mutating func noteWrongAck(_ segment: TCPSegment) {
        if wrongAck == nil { wrongAck = now }
        askedWith = segment.ack
    }

    /// What a segment of the peer shows beside its requests: that it considers the connection open, or that it answers
    /// something it could not accept.
    mutating func observeAnswers(_ segment: TCPSegment, _ seen: SegmentObservation) {
        if let reset = ourReset, reset.confirmation == nil, reset.questions > 0, segment.flags.contains(.ack) {
            return say(.remark("the peer still holds the connection"))
        }
        guard seen.syn == nil, !seen.isOutsideWindow else { return }
        observeLateAcknowledgment(segment)
        let isBare =
            meanings.isEmpty && segment.flags.contains(.ack) && segment.len == 0 && !seen.isKeepalive
            && seen.ack == observer.us.next && seen.seq == observer.peer.next
        guard observer.peer.synConfirmed else {
            // In SYN-RECEIVED, too, what cannot be accepted draws an ACK (RFC 9293 §3.10.7.4).
            guard isBare, provocationIsOut else { return }
            provocationIsOut = false
            return say(.challenges)
        }
        if seen.confirmedOctets > 0 || seen.confirmsFin {
            question = nil
            keepaliveIsOut = false
            let what = seen.confirmedOctets > 0 ? "our data" : "our FIN"
            return prove(.ourOctetsAcknowledged, "the peer's ACK of \(what)")
        }
        if seen.newOctets > 0 { return prove(.peerData, "data from the peer") }
        if seen.fin == .first { return prove(.peerFin, "the peer's FIN") }
        if seen.confirmsSyn, peerOpened { return prove(.ourSynAcknowledged, "the peer's ACK of our SYN") }
        if isBare { answerBareAcknowledgment() }
    }

    /// A bare ACK that says nothing new: what, of the things we asked, does it answer?
    private mutating func answerBareAcknowledgment() {
        if keepaliveIsOut {
            keepaliveIsOut = false
            if question == nil, noteAlive() { return }
            return say(
                question == nil
                    ? .remark("answers the keepalive, which an embryonic connection does too: proves nothing")
                    : .remark("answers the keepalive or the question; it cannot be told which, so it proves nothing"))
        }
        if let asked = question {
            question = nil
            measure(from: asked.time)
            prove(.challengeAnswered, "the peer's challenge ACK")
            if let embryonic, embryonic.index > asked.index {
                // Somebody else's, or the question had overtaken our ACK and was delivered once more behind it.
                self.embryonic = nil
                say(.remark("the RST before it was not the peer's last word"))
            }
            return say(.challenges)
        }
        if provocationIsOut {
            provocationIsOut = false
            noteChallenge()
            say(.challenges)
        }
    }

    /// Takes a proof in when it is the first, or a stronger one before the closing.
    private mutating func prove(_ kind: OpenProof, _ clause: @autoclosure () -> String) {
        if kind != .noRepeatedSynAck { observer.peerIsSynchronized = true }
        if let proof, proof.kind != .noRepeatedSynAck {
            guard stage != .closing, kind.isStronger(than: proof.kind) else { return }
        }
        proof = Proof(kind: kind, moment: now, clause: clause())
        say(.provesOpen(kind))
    }

    /// The weak proof: time has passed in which an embryonic peer would have repeated its SYN-ACK.
    mutating func noticeSilence() {
        guard proof == nil, isOpen, !clockWasStepped, repeatedSynAcks == 0, embryonic == nil, peerReset == nil,
            ourReset == nil, let confirmed = record(.theirSyn).confirmation,
            now.time.since(confirmed.time) >= Self.silence - Self.tolerance
        else { return }
        prove(.noRepeatedSynAck, "the absence of another SYN-ACK for \(Self.silence.text)")
    }
}

extension OpenProof {
    private var rank: Int {
        switch self {
        case .ourOctetsAcknowledged: 0
        case .peerData: 1
        case .peerFin: 2
        case .challengeAnswered: 3
        case .ourSynAcknowledged: 4
        case .noRepeatedSynAck: 5
        }
    }

    /// True when it is worth more than `other`.
    func isStronger(than other: OpenProof) -> Bool {
        rank < other.rank
    }
}
