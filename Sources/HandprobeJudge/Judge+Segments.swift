import HandprobeTCP
import HandprobeWire

extension Judge {
    mutating func observe(_ observed: ObservedSegment, _ seen: inout SegmentObservation) {
        let segment = observed.segmentOnWire
        let end: End
        switch observed.origin {
        case .us: end = .us
        case .peer: end = .peer
        case .kernel: return observeKernel(segment)
        case .router: return say(.isDisregarded("it is neither ours nor the peer's"))
        }
        if end == .us, let place = unseen.firstIndex(where: { $0.isCarried(by: segment) }) { unseen.remove(at: place) }
        noteTravel(observed)
        if end == .peer, firstAnswer == nil {
            firstAnswer = FirstAnswer(observed, at: now)
        }
        if expectation == .answer, end == .us, crafted == nil { crafted = CraftedSegment(observed, at: now) }
        if let flaw = observed.flaw {
            if expectation == .answer, end == .us { return say(.remark("a receiver must discard it: \(flaw)")) }
            noteFlaw(observed, of: end)
            return say(.isDisregarded(flaw))
        }
        if isNetworkCopy(segment, observed.ip.identification, of: end) {
            note(.duplicated, "\(Self.owner(end)) \(segment.flags.words) was captured twice", source: nil)
            return say(.remark("the same packet again: the network repeated it"))
        }
        if end == .us, firstSent == nil { firstSent = now }
        quiet = latestSegment.map { max(.zero, now.time.since($0)) } ?? .zero
        latestSegment = now.time
        if let crafted, crafted.due != .synAckOrReset {
            return end == .us ? observeAgain(segment, crafted) : observeAnswer(segment, to: crafted)
        }
        let wasOpen = isOpen
        let hasBareSyn = observer.us.base != nil && !observer.us.synConfirmed
        seen = observer.follow(segment, from: end)
        // An ACK of the peer's SYN that comes before our own SYN stands where that will: at ISS.
        if end == .us, observer.us.base == nil, seen.confirmsSyn, !seen.acknowledgesWrongly { seen.seq = 0 }
        noteStart(segment, end)
        if end == .peer { compare(observed, seen) }
        if let exactness = seen.reset {
            return end == .us
                ? observeOurReset(segment, exactness, seen) : observePeerReset(segment, exactness, stageBefore)
        }
        if seen.isOutsideWindow {
            if end == .us { provocationIsOut = true }
            note(.outsideWindow, "\(Self.owner(end)) segment lies outside the window", source: observed.origin)
            return say(.isDisregarded("it lies outside the window"))
        }
        observeRequests(segment, end, seen, wasOpen: wasOpen)
        if end == .peer, hasBareSyn, !segment.flags.contains(.syn),
            seen.acknowledgesWrongly || seen.acknowledgedBeyond > 0
        {
            return observeChallenge(segment, seen)
        }
        observeOctets(segment, end, seen)
        gaugeAnswer(observed, end, seen)
        if end == .us { observeQuestions(segment, seen) } else { observeAnswers(segment, seen) }
    }

    /// `1 octet`, `612 octets`.
    static func count(_ octets: Int) -> String { octets == 1 ? "1 octet" : "\(octets) octets" }

    static func owner(_ end: End) -> String { end == .us ? "our" : "the peer's" }

    private mutating func observeKernel(_ segment: TCPSegment) {
        note(
            .guardBreached,
            "this machine's kernel sent \(segment.flags.words) into our connection",
            source: .kernel
        )
        say(.remark("sent by this machine's kernel, not by us"))
    }

    private mutating func noteFlaw(_ observed: ObservedSegment, of end: End) {
        let what = "\(Self.owner(end)) \(observed.segment.flags.words)"
        if observed.isMalformed, let problem = observed.problem {
            note(.malformedSegment, "\(what) cannot be read: \(problem)", source: observed.origin)
        } else if observed.isSignatureWrong, observed.checksum != .bad {
            note(
                observed.isSigned ? .signatureWrong : .signatureMissing,
                observed.isSigned ? "\(what) has an MD5 digest of another key" : "\(what) has no MD5 digest",
                source: observed.origin
            )
        } else {
            let which = observed.isIPChecksumWrong ? "wrong IP header checksum" : "wrong checksum"
            note(.badChecksum, "\(what) has a \(which)", source: observed.origin)
        }
    }

    /// What the capture says of the segment's way, whatever its content.
    private mutating func noteTravel(_ observed: ObservedSegment) {
        let owner = observed.origin == .us ? "our" : "the peer's"
        if observed.isCoalesced {
            sawCoalesced = true
            let octets = observed.octetsOnWire
            note(
                .coalesced,
                "\(owner) segment of \(Self.count(octets)) is larger than the MSS allows: "
                    + "several were merged before the capture",
                source: observed.origin
            )
        }
        if let change = observed.rewritten.first {
            let more = observed.rewritten.count > 1 ? " and \(observed.rewritten.count - 1) more" : ""
            note(
                .rewrittenLocally,
                "our \(observed.segment.flags.words) left with \(change.field) \(change.left), "
                    + "crafted with \(change.crafted)\(more)",
                source: .kernel
            )
        }
    }

    private mutating func noteStart(_ segment: TCPSegment, _ end: End) {
        guard observer.startedLate, expectation != .answer, !log.contains(.captureStartsLate) else { return }
        note(
            .captureStartsLate,
            "the capture begins with \(Self.owner(end)) \(segment.flags.words), in the middle of the connection",
            stage: segment.flags.contains(.syn) ? .postSyn : segment.payload.isEmpty ? .postAck : .postData,
            source: nil
        )
    }

    /// True when the packet is the one before it from the same end again, sooner than anybody retransmits: the same
    /// header, options and length, and the same non-zero IPv4 identification. Where there is none to compare, within
    /// 2 ms, from the peer, and with nothing of ours between that it could answer.
    private mutating func isNetworkCopy(_ segment: TCPSegment, _ identification: UInt16, of end: End) -> Bool {
        let this = LatestSegment(segment, identification: identification, at: now.time)
        let isSame = latest[end]?.isSame(as: this) ?? false
        let earlier = latest[end]?.time ?? now.time
        latest[end] = this
        let elapsed = now.time.since(earlier)
        guard isSame, elapsed >= .zero, elapsed < .milliseconds(150) else { return false }
        if identification != 0 { return true }
        let isAnswer = latest[.us].map { $0.time > earlier } ?? false
        let answersRepeat = segment.flags.contains(.syn) && record(.ourSyn).count > record(.theirSyn).count
        return end == .peer && segment.len > 0 && elapsed < .milliseconds(2) && !isAnswer && !answersRepeat
    }

    /// SYN and FIN: requests made and confirmed.
    private mutating func observeRequests(
        _ segment: TCPSegment,
        _ end: End,
        _ seen: SegmentObservation,
        wasOpen: Bool
    ) {
        let pending = repeatedRequest.remove(end.other)
        // A RST at SND.NXT has ended the connection: what we send after it confirms nothing to anybody.
        let confirms = end == .peer || ourReset == nil
        if confirms, seen.confirmsSyn, !seen.acknowledgesWrongly {
            requests[end.other.syn].confirm(segment, at: now.time, index: now.index)
            say(.confirms(end.other.syn))
        }
        if confirms, seen.confirmsFin {
            requests[end.other.fin].confirm(segment, at: now.time, index: now.index)
            if end == .peer { measure(since: record(.ourFin)) }
            say(.confirms(end.other.fin))
            if end == .peer { noteLateFinTaken() }
        }
        if confirms, let pending, segment.flags.contains(.ack), !meanings.contains(.confirms(pending)) {
            say(.confirmsAgain(pending))
            if end == .peer, pending == .ourFin { noteLateFinTaken() }
        }
        observeSyn(segment, end, seen, wasOpen: wasOpen)
        if let fin = seen.fin {
            if end == .us { observeLateFin(fin) }
            let attempt = requests[end.fin].attempt(segment, at: now.time, index: now.index)
            say(.requests(end.fin, attempt: attempt))
            if fin == .first { observeFirstFin(end, seen) }
            if fin == .again { noteRepeat(end, request: end.fin, octets: seen.repeatedOctets) }
        }
    }

    private mutating func observeFirstFin(_ end: End, _ seen: SegmentObservation) {
        if end == .us, !peerOpened, firstFin == nil, octetsFromUs > 0 || seen.newOctets > 0,
            observer.us.acknowledged < observer.us.fin ?? 0
        {
            finWithRequest = now
        }
        guard firstFin != nil else {
            firstFin = end
            if end == .peer, !noteIdleEnd(.idleClosed, "closed") {
                note(.peerClosedFirst, "the peer's FIN came before ours", stage: .closing, source: .peer)
            }
            return
        }
        finsCrossed = !observer[end.other].finConfirmed
        finsShareSegment = seen.confirmsFin
    }

    private mutating func observeSyn(
        _ segment: TCPSegment,
        _ end: End,
        _ seen: SegmentObservation,
        wasOpen: Bool
    ) {
        guard segment.flags.contains(.syn) else { return }
        if seen.acknowledgesWrongly {
            if end == .us { noteWrongAck(segment) }
            note(
                .wrongAcknowledgment,
                "\(Self.owner(end)) SYN-ACK acknowledges \(Self.relation(of: seen.ack)), not the SYN",
                source: end == .us ? .us : .peer
            )
            return say(.isDisregarded("it does not acknowledge the SYN"))
        }
        switch seen.syn {
        case nil: return
        case .another:
            if end == .us { provocationIsOut = true }
            note(
                .synAckChanged,
                "\(Self.owner(end)) \(segment.flags.words) has another initial sequence number than the one before",
                source: end == .us ? .us : .peer
            )
            say(.isDisregarded("its initial sequence number is another one than before"))
        case .first:
            let attempt = requests[end.syn].attempt(segment, at: now.time, index: now.index)
            if end == .us {
                offer = segment.options
                offeredFlags = segment.flags
                if peerOpened, !segment.flags.contains(.ack) { observeBareAnswer() }
            }
            if end == .peer { observeFirstPeerSyn(segment) }
            say(.requests(end.syn, attempt: attempt))
        case .again
        where (synsCrossed || answeredApart) && segment.flags.contains(.ack) && crossedAnswers.insert(end).inserted:
            repeatedRequest[end] = end.syn
            guard answeredApart, end == .peer else { return }
            say(.remark("repeats their SYN: an ACK without SYN did not count before (RFC 9293 §3.10.7.3)"))
        case .again:
            let attempt = requests[end.syn].attempt(segment, at: now.time, index: now.index)
            noteRepeat(end, request: end.syn, octets: 0)
            if end == .peer, !peerOpened, observer.peer.synConfirmed { noteRepeatedSynAck() }
            if end == .us, wasOpen { provocationIsOut = true }
            say(.requests(end.syn, attempt: attempt))
        }
    }

    private mutating func observeFirstPeerSyn(_ segment: TCPSegment) {
        let ours = record(.ourSyn)
        guard ours.count > 0 || segment.flags.contains(.ack) else {
            peerOpened = true
            return
        }
        if segment.flags.contains(.ack) {
            inspectSynAck(segment)
        } else if !observer.us.synConfirmed {
            synsCrossed = true
            note(.synCrossed, "the peer sent a SYN of its own before it had ours", source: .peer)
        }
    }

    /// We answered the peer's SYN by one of our own that does not acknowledge it.
    private mutating func observeBareAnswer() {
        guard !observer.peer.synConfirmed else {
            answeredApart = true
            return
        }
        synsCrossed = true
        note(.synCrossed, "our SYN did not acknowledge the peer's, as if the two had crossed", source: .us)
    }

    /// A SYN-ACK after our ACK: evidence that the ACK did not count, unless it answers a later SYN of ours than the
    /// first one did.
    private mutating func noteRepeatedSynAck() {
        let ours = record(.ourSyn)
        guard let confirmed = record(.theirSyn).confirmation else { return }
        let answered = ours.echoed ?? ours.credited(laterRoundTrip: laterRoundTrip)
        // Where that cannot be told, a timer of the peer's would take longer than half a second.
        let isSoon = record(.theirSyn).attempts.first.map { now.time.since($0.time) < .milliseconds(500) } ?? false
        if let answered = answered ?? (isSoon ? 1 : nil), explainedSynAcks < ours.count - answered {
            explainedSynAcks += 1
            return
        }
        repeatedSynAcks += 1
        if proof?.kind == .noRepeatedSynAck { proof = nil }
        note(
            .synAckRepeated,
            "the SYN-ACK came again \(now.time.since(confirmed.time).text) after our ACK of it: "
                + "the ACK was lost, or the peer defers accepting until data comes",
            source: .peer
        )
    }

    mutating func noteRepeat(_ end: End, request: RequestKind?, octets: Int) {
        if let request { repeatedRequest[end] = request }
        var repeated = repeats[end] ?? Repeats(stage: stageBefore)
        repeated.segments += 1
        repeated.octets += octets
        if repeated.evidence.count < FindingLog.mostEvidence { repeated.evidence.append(now.index) }
        repeats[end] = repeated
    }

    /// A round trip after the handshake, measured on a request made once only (Karn's rule, RFC 6298 §3).
    private mutating func measure(since request: RequestLog) {
        guard request.count == 1, let made = request.attempts.first else { return }
        measure(from: made.time)
    }

    mutating func measure(from earlier: Timestamp) {
        let elapsed = now.time.since(earlier)
        guard elapsed > .zero else { return }
        laterRoundTrip = min(laterRoundTrip ?? elapsed, elapsed)
    }

    /// A bare ACK of something else than our SYN while that is all we have sent.
    private mutating func observeChallenge(_ segment: TCPSegment, _ seen: SegmentObservation) {
        note(
            .challenged,
            "the peer answered our SYN with a bare ACK of \(Self.relation(of: seen.ack)): "
                + "it holds an older connection with these addresses and ports",
            source: .peer
        )
        say(.challenges)
    }

    static func relation(of ack: Int?) -> String {
        guard let ack else { return "another sequence number" }
        if ack > 1 { return "\(count(ack - 1)) too many" }
        if ack == 0 { return "the octet before it (ISS itself)" }
        return "\(count(1 - ack)) too few"
    }

    /// Payload, and acknowledgments of it.
    private mutating func observeOctets(_ segment: TCPSegment, _ end: End, _ seen: SegmentObservation) {
        let source: Origin = end == .us ? .us : .peer
        if end == .us, !segment.payload.isEmpty { latestData = now.index }
        if seen.newOctets > 0 {
            if end == .us { octetsFromUs &+= seen.newOctets } else { octetsFromPeer &+= seen.newOctets }
            if end == .us { observeLateData(seen) }
            if end == .peer { noteLateWords(seen.newOctets) }
            if end == .peer, finWithRequest != nil { octetsAfterRequest &+= seen.newOctets }
            if observer[end.other].finConfirmed, !(seen.confirmsFin && seen.fin == .first) {
                halfClosedOctets &+= seen.newOctets
            }
            if seen.leavesGap {
                say(.carriesDataOutOfOrder(octets: seen.newOctets))
                note(
                    .outOfOrder,
                    "\(Self.count(seen.newOctets)) from \(end == .us ? "us" : "the peer") beyond a gap: "
                        + "a segment was lost or overtaken",
                    source: source
                )
            } else {
                say(.carriesData(octets: seen.newOctets))
            }
        } else if seen.repeatedOctets > 0, !seen.isKeepalive {
            say(.repeatsData(octets: seen.repeatedOctets))
            if seen.fin == nil { noteRepeat(end, request: nil, octets: seen.repeatedOctets) }
        }
        if seen.octetsBeyondFin > 0 {
            note(
                .dataAfterFin,
                "\(Self.count(seen.octetsBeyondFin)) from \(end == .us ? "us" : "the peer") beyond the FIN",
                stage: .closing,
                source: source
            )
            say(.isDisregarded("its octets lie beyond its sender's FIN"))
        }
        if seen.confirmedOctets > 0, seen.syn == nil || end == .peer {
            say(.confirmsData(octets: seen.confirmedOctets))
        }
    }
}
