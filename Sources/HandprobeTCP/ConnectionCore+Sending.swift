import HandprobeWire

/// What is sent next.
extension ConnectionCore {
    /// The next segment to send, or nil. To be called until nil after every event; allocates nothing.
    public mutating func poll(at now: Instant, _ configuration: ConnectionConfiguration) -> PlannedSegment? {
        if deadline <= now { timeout(configuration) }
        if marks.contains(.rstDue) { return takeReset() }
        if state == .closed || state == .listen { return nil }
        if marks.contains(.synDue) { return takeSyn(at: now, configuration) }
        if marks.contains(.challengeDue) { return takeAcknowledgment(.challenge, at: now) }
        if marks.contains(.ackFirst) { return takeAcknowledgment(.ack, at: now) }
        if marks.contains(.resendDue) {
            marks.remove(.resendDue)
            if let planned = repetition(at: now, configuration, most: segmentRoom(configuration)) { return planned }
        }
        if marks.contains(.probeDue) {
            marks.remove(.probeDue)
            if let planned = windowProbe(at: now, configuration) { return planned }
        }
        if let planned = freshText(at: now, configuration) { return planned }
        if marks.contains(.ackDue) { return takeAcknowledgment(.ack, at: now) }
        startProbeTimer(at: now, configuration)
        return nil
    }

    // MARK: Segments without text

    private mutating func takeReset() -> PlannedSegment {
        let ack = marks.contains(.rstCarriesAck) ? rstAck : nil
        marks.subtract([.rstDue, .rstCarriesAck])
        var segment = TCPSegment(seq: rstSeq, ack: ack, flags: .rst)
        address(&segment)
        return PlannedSegment(segment: segment, text: 0..<0, transmission: Transmission(kind: .rst))
    }

    private mutating func takeSyn(at now: Instant, _ configuration: ConnectionConfiguration) -> PlannedSegment {
        marks.remove(.synDue)
        let answers = state != .synSent
        var options = configuration.synOptions
        if answers, marks.contains(.passive), configuration.answersOnlyOffered {
            options = options.limited(
                windowScale: marks.contains(.windowScale),
                sack: marks.contains(.sack),
                timestamps: marks.contains(.timestamps)
            )
        }
        if configuration.refreshesTimestamps {
            options = options.withTimestamps(
                value: timestampValue(at: now),
                echoReply: answers && marks.contains(.timestamps) ? tsRecent : 0
            )
        }
        var segment = TCPSegment(
            seq: iss,
            ack: answers ? rcvNxt : nil,
            flags: configuration.synFlags,
            wnd: configuration.synWindow,
            options: options
        )
        address(&segment)
        if answers { lastAckSent = rcvNxt }
        if attempt == 0 {
            attempt = 1
            time(until: iss + 1, at: now)
        } else {
            marks.remove(.timing)
        }
        if deadline == Self.never { startTimer(at: now) }
        return PlannedSegment(
            segment: segment,
            text: 0..<(answers ? 0 : sentText),
            transmission: Transmission(kind: answers ? .synAck : .syn, attempt: Int(attempt))
        )
    }

    private mutating func takeAcknowledgment(_ kind: Transmission.Kind, at now: Instant) -> PlannedSegment {
        PlannedSegment(
            segment: segment(seq: sndNxt, flags: [], at: now),
            text: 0..<0,
            transmission: Transmission(kind: kind)
        )
    }

    // MARK: Segments with text or FIN

    /// The segment at the front of the retransmission queue, with at most `most` octets (§3.10.8).
    private mutating func repetition(
        at now: Instant,
        _ configuration: ConnectionConfiguration,
        most: Int
    ) -> PlannedSegment? {
        let sent = sentText
        let count = min(sent, most)
        let finUnacknowledged = marks.contains(.finSent) && !marks.contains(.finAcknowledged)
        let fin = finUnacknowledged && count == sent && (count == 0 || configuration.finRidesOnData)
        guard marks.contains(.synAcknowledged), count > 0 || fin else { return nil }
        marks.remove(.timing)
        attempt = max(attempt, 2)
        startTimer(at: now)
        return planned(at: sndUna, text: count, fin: fin, isLast: count == queued, attempt: Int(attempt), now)
    }

    /// One octet, or the FIN when there is no more text, into a closed window (RFC 9293 §3.8.6.1).
    private mutating func windowProbe(at now: Instant, _ configuration: ConnectionConfiguration) -> PlannedSegment? {
        guard isPersisting else { return nil }
        let text = queued > 0 ? 1 : 0
        let fin = text == 0
        if flight == 0 {
            if fin { sendsFin() }
            sndNxt += 1
        }
        deadline = Self.never
        startProbeTimer(at: now, configuration)
        var planned = planned(at: sndUna, text: text, fin: fin, isLast: queued == 1, attempt: Int(attempt), now)
        planned.transmission.kind = .windowProbe
        return planned
    }

    /// Text never sent before, as much as segment and window allow, and the FIN behind the last of it.
    private mutating func freshText(at now: Instant, _ configuration: ConnectionConfiguration) -> PlannedSegment? {
        switch state {
        case .established, .closeWait, .finWait1, .closing: break
        default: return nil
        }
        guard !marks.contains(.finSent), !marks.contains(.recovering) else { return nil }
        let unsent = unsentText
        guard unsent > 0 || finWaits else { return nil }
        let room = segmentRoom(configuration)
        let flight = flight
        let usable = min(Int(sndWnd), Self.flightLimit * room) - flight
        guard usable > 0 else { return nil }
        let count = min(unsent, room, usable)
        // Against silly windows (§3.8.6.2.1): less than a segment, and not the last, only when nothing is in flight.
        guard count == room || count == unsent || flight == 0 else { return nil }
        let fin = finWaits && count == unsent && usable > count && (count == 0 || configuration.finRidesOnData)
        let start = sndNxt
        if fin { sendsFin() }
        sndNxt += count + (fin ? 1 : 0)
        if !marks.contains(.timing) { time(until: sndNxt, at: now) }
        if flight == 0 || deadline == Self.never { startTimer(at: now) }
        attempt = max(attempt, 1)
        return planned(at: start, text: count, fin: fin, isLast: count == unsent, attempt: 1, now)
    }

    /// LAST-ACK is entered here: in CLOSE-WAIT the FIN comes after all data (§3.10.4).
    private mutating func sendsFin() {
        marks.insert(.finSent)
        if state == .closeWait { state = .lastAck }
    }

    private mutating func time(until end: SequenceNumber, at now: Instant) {
        marks.insert(.timing)
        timedEnd = end
        timedAt = now
    }

    private mutating func planned(
        at seq: SequenceNumber,
        text count: Int,
        fin: Bool,
        isLast: Bool,
        attempt: Int,
        _ now: Instant
    ) -> PlannedSegment {
        var flags: TCPFlags = fin ? [.fin] : []
        if count > 0, isLast { flags.insert(.psh) }
        let offset = acknowledgedOctets + (marks.contains(.synAcknowledged) ? seq.offset(from: sndUna) : 0)
        return PlannedSegment(
            segment: segment(seq: seq, flags: flags, at: now),
            text: offset..<offset + count,
            transmission: Transmission(kind: fin ? .fin : .data, attempt: attempt)
        )
    }

    /// A segment of a synchronised connection: ACK, window, timestamps. Whatever ACK was due is thereby sent.
    mutating func segment(seq: SequenceNumber, flags: TCPFlags, at now: Instant) -> TCPSegment {
        let options =
            marks.contains(.timestamps)
            ? TCPOptions.timestamps(value: timestampValue(at: now), echoReply: tsRecent) : TCPOptions()
        var segment = TCPSegment(seq: seq, ack: rcvNxt, flags: flags, wnd: windowField(), options: options)
        address(&segment)
        marks.subtract([.ackDue, .ackFirst, .challengeDue])
        lastAckSent = rcvNxt
        return segment
    }

    /// The window field. Rounded down, unless that would take back what was offered (RFC 7323 §2.4).
    private mutating func windowField() -> UInt16 {
        let shift = Int(rcvWindowShift)
        let offered = max(0, rcvOffered.distance(from: rcvNxt))
        var field = max(0, Int(room)) >> shift
        if field << shift < offered { field = (offered + (1 << shift) - 1) >> shift }
        field = min(field, 65535)
        let edge = rcvNxt + field << shift
        if rcvOffered.isBefore(edge) { rcvOffered = edge }
        return UInt16(field)
    }

    private func address(_ segment: inout TCPSegment) {
        segment.header.sourcePort = localPort
        segment.header.destinationPort = remotePort
    }

    /// TSval: a millisecond clock with an offset of the connection's own (RFC 7323 §5.4).
    private func timestampValue(at now: Instant) -> UInt32 {
        timestampOffset &+ UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
    }
}
