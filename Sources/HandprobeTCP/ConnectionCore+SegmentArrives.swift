public import HandprobeWire

/// SEGMENT ARRIVES in CLOSED, LISTEN and SYN-SENT (RFC 9293 §3.10.7.1 to §3.10.7.3).
extension ConnectionCore {
    /// SEGMENT ARRIVES (§3.10.7). The caller has judged the checksum and found the ports to be ours.
    public mutating func segmentArrives(
        _ segment: TCPSegment,
        at now: Instant,
        _ configuration: ConnectionConfiguration
    ) -> Arrival {
        switch state {
        case .closed: Arrival(arrivesInClosed(segment))
        case .listen: arrivesInListen(segment, configuration)
        case .synSent: arrivesInSynSent(segment, at: now, configuration)
        default: arrivesInOtherStates(segment, at: now, configuration)
        }
    }

    /// §3.10.7.1
    private mutating func arrivesInClosed(_ segment: TCPSegment) -> Reception {
        if segment.flags.contains(.rst) { return .ignored(.resetWithoutConnection) }
        if segment.flags.contains(.ack) {
            reset(at: segment.ack)
        } else {
            reset(at: SequenceNumber(0), ack: segment.end)
        }
        return .noConnection
    }

    /// §3.10.7.2
    private mutating func arrivesInListen(_ segment: TCPSegment, _ configuration: ConnectionConfiguration) -> Arrival {
        // First, check for a RST.
        if segment.flags.contains(.rst) { return Arrival(.ignored(.resetWithoutConnection)) }
        // Second, check for an ACK.
        if segment.flags.contains(.ack) {
            reset(at: segment.ack)
            return Arrival(.unacceptableAck)
        }
        // Third, check for a SYN.
        if segment.flags.contains(.syn) {
            sndUna = iss
            sndNxt = iss + 1
            return synReceived(segment, configuration)
        }
        // Fourth, other data or control.
        return Arrival(.ignored(.noSyn))
    }

    /// §3.10.7.3
    private mutating func arrivesInSynSent(
        _ segment: TCPSegment,
        at now: Instant,
        _ configuration: ConnectionConfiguration
    ) -> Arrival {
        // First, check the ACK bit.
        let hasAck = segment.flags.contains(.ack)
        if hasAck, segment.ack.isAtOrBefore(iss) || sndNxt.isBefore(segment.ack) {
            if segment.flags.contains(.rst) { return Arrival(.ignored(.resetWithWrongAck)) }
            reset(at: segment.ack)
            return Arrival(.unacceptableAck)
        }
        // Second, check the RST bit. There is no RCV.NXT yet for RFC 5961's check of the sequence number.
        if segment.flags.contains(.rst) {
            guard hasAck else { return Arrival(.ignored(.resetWithoutAck)) }
            delete(.refused)
            return Arrival(.refused)
        }
        // Fourth, check the SYN bit.
        guard segment.flags.contains(.syn) else {
            // Fifth.
            return Arrival(.ignored(.noSyn))
        }
        guard hasAck else { return synReceived(segment, configuration) }
        take(syn: segment)
        negotiate(segment.options, configuration)
        sndWnd = UInt32(segment.wnd)
        maxSndWnd = sndWnd
        sndWl1 = segment.seq
        sndWl2 = segment.ack
        var advance = Advance()
        acknowledge(segment.ack, at: now, configuration, &advance)
        takeBackText()
        establish()
        // The ACK of the handshake goes out alone, as every stack sends it; the RFC would let data ride on it.
        marks.insert(.ackFirst)
        // On with the sixth step of §3.10.7.4: text and FIN on a SYN,ACK are legal and taken.
        var arrival = Arrival(.established(advance))
        processText(segment, from: segment.seq + 1, at: now, configuration, &arrival)
        return arrival
    }

    /// A SYN without ACK, in LISTEN or crossing ours: SYN-RECEIVED, and a SYN-ACK is due.
    private mutating func synReceived(_ segment: TCPSegment, _ configuration: ConnectionConfiguration) -> Arrival {
        take(syn: segment)
        negotiate(segment.options, configuration)
        sndWnd = UInt32(segment.wnd)
        maxSndWnd = sndWnd
        sndWl1 = segment.seq
        sndWl2 = segment.ack
        sndNxt = iss + 1
        state = .synReceived
        marks.insert(.synDue)
        // Other controls and text are queued until ESTABLISHED is reached: text beyond the SYN is not acknowledged yet.
        var arrival = Arrival(.synReceived)
        let length = min(segment.payload.count, rcvWnd)
        arrival.beyondGap = 0..<length
        arrival.finBeyondGap = segment.flags.contains(.fin) && length == segment.payload.count && length < rcvWnd
        return arrival
    }

    /// Text on our SYN that its answer does not confirm was not taken (RFC 7413 §4.2.2): it counts as never sent.
    private mutating func takeBackText() {
        guard sndUna.isBefore(sndNxt) else { return }
        sndNxt = sndUna
        attempt = 0
        deadline = Self.never
    }

    private mutating func take(syn segment: TCPSegment) {
        irs = segment.seq
        rcvNxt = segment.seq + 1
        lastAckSent = rcvNxt
        rcvOffered = rcvNxt + Int(room)
    }

    /// What both SYNs offer holds (RFC 7323 §2.2 and §3.2, RFC 2018 §2); a shift above 14 is 14 (RFC 7323 §2.3).
    private mutating func negotiate(_ theirs: TCPOptions, _ configuration: ConnectionConfiguration) {
        let ours = configuration.synOptions
        peerMSS = theirs.maximumSegmentSize ?? UInt16(clamping: configuration.defaultPeerMSS)
        marks.subtract([.timestamps, .sack, .windowScale])
        if ours.sackPermitted, theirs.sackPermitted { marks.insert(.sack) }
        if ours.timestamps != nil, let (value, _) = theirs.timestamps {
            marks.insert(.timestamps)
            tsRecent = value
        }
        if let our = ours.windowScale, let their = theirs.windowScale {
            marks.insert(.windowScale)
            rcvWindowShift = min(our, 14)
            sndWindowShift = min(their, 14)
        } else {
            rcvWindowShift = 0
            sndWindowShift = 0
        }
    }

    /// ESTABLISHED, or FIN-WAIT-1 where CLOSE was called before.
    mutating func establish() {
        state = marks.contains(.closeAsked) ? .finWait1 : .established
    }
}
