import HandprobeWire

/// SEGMENT ARRIVES from SYN-RECEIVED on (RFC 9293 §3.10.7.4), in the RFC's own order.
///
/// Its third step, the security compartment, belongs to an IP option that nobody sends any more.
extension ConnectionCore {
    mutating func arrivesInOtherStates(
        _ segment: TCPSegment,
        at now: Instant,
        _ configuration: ConnectionConfiguration
    ) -> Arrival {
        let flags = segment.flags
        // RST goes before the sequence check: RFC 5961 §3 has rules of its own, and a closed window must not hide it.
        if flags.contains(.rst) { return Arrival(resetArrives(segment, at: now)) }

        if let answer = answersOurSyn(segment) { return establishes(segment, answer, at: now, configuration) }
        if let refusal = checkSequence(segment, at: now, configuration) { return Arrival(refusal) }

        // Fourth, check the SYN bit.
        if flags.contains(.syn) {
            if state == .synReceived, marks.contains(.passive) {
                returnToListen()
                return Arrival(.returnedToListen)
            }
            challenge(at: now)
            return Arrival(.challenged(.syn))
        }

        // Fifth, check the ACK field.
        guard flags.contains(.ack) else { return Arrival(.ignored(.noAck)) }
        if state == .synReceived {
            // A RST, as §3.5.2 has it for every state not synchronised, although RFC 5961 §5 would have an ACK.
            guard sndUna.isBefore(segment.ack), segment.ack.isAtOrBefore(sndNxt) else {
                reset(at: segment.ack)
                return Arrival(.unacceptableAck)
            }
            return establishes(segment, UInt32(segment.wnd) << UInt32(sndWindowShift), at: now, configuration)
        }
        let distance = segment.ack.distance(from: sndUna)
        if distance > flight {
            challenge(at: now)
            return Arrival(.challenged(.futureAcknowledgment))
        }
        if distance < -Int(maxSndWnd) {
            challenge(at: now)
            return Arrival(.challenged(.ancientAcknowledgment))
        }
        noteTimestamp(segment)
        var advance = Advance()
        if distance > 0 { acknowledge(segment.ack, at: now, configuration, &advance) }
        if distance >= 0 {
            updateWindow(segment, UInt32(segment.wnd) << UInt32(sndWindowShift))
            attempt = sndWnd == 0 ? min(attempt, 1) : attempt
        }
        return afterAcknowledgment(segment, advance, at: now, configuration)
    }

    /// First, check sequence number (Table 6), after RFC 7323's check of the timestamp (§5.3, R1). Nil when acceptable.
    private mutating func checkSequence(
        _ segment: TCPSegment,
        at now: Instant,
        _ configuration: ConnectionConfiguration
    ) -> Reception? {
        // A segment without the option is taken as it is, as Linux does; RFC 7323 §3.2 would drop it.
        if marks.contains(.timestamps), let (value, _) = segment.options.timestamps,
            Int32(bitPattern: value &- tsRecent) < 0
        {
            acknowledgeAgain(segment, at: now)
            return .oldTimestamp
        }
        // A repeated SYN in SYN-RECEIVED has its SYN-ACK again, as Linux does: an ACK, which the RFC wants, tells a
        // peer in SYN-SENT nothing.
        if state == .synReceived, segment.flags.contains(.syn), !segment.flags.contains(.ack), segment.seq == irs {
            marks.insert(.synDue)
            return .duplicate
        }
        let length = segment.len
        let start = segment.seq.distance(from: rcvNxt)
        let window = rcvWnd
        let acceptable =
            if window == 0 {
                // "Special allowance should be made to accept valid ACKs": what is at RCV.NXT goes on without its text.
                start == 0
            } else {
                start >= 0 && start < window || length > 0 && start < 0 && start + length > 0
            }
        if acceptable { return nil }
        // RFC 5961 §4 calls the answer to any SYN a challenge; the first one repeated is what a lost ACK brings.
        let isRepetition = start + length <= 0
        acknowledgeAgain(segment, at: now)
        // A repeated FIN restarts the 2 MSL timeout; the RFC says so in its fifth step, which it cannot reach.
        if state == .timeWait, segment.flags.contains(.fin), isRepetition { startTimeWait(at: now, configuration) }
        if segment.flags.contains(.syn), segment.seq != irs { return .challenged(.syn) }
        return isRepetition ? .duplicate : .outOfWindow
    }

    /// Second, check the RST bit, by RFC 5961 §3.
    private mutating func resetArrives(_ segment: TCPSegment, at now: Instant) -> Reception {
        let start = segment.seq.distance(from: rcvNxt)
        guard start == 0 else {
            guard start > 0, start < rcvWnd else { return .ignored(.resetOutOfWindow) }
            challenge(at: now)
            return .challenged(.reset)
        }
        if state == .synReceived {
            if marks.contains(.passive) {
                returnToListen()
                return .returnedToListen
            }
            delete(.refused)
            return .refused
        }
        delete(.reset(in: state))
        return .reset
    }

    private mutating func returnToListen() {
        let queued = queued
        flush()
        self.queued = queued
        sndUna = iss
        sndNxt = iss
        marks.remove(.closeAsked)
        state = .listen
    }

    /// In a simultaneous open the peer's SYN,ACK repeats its SYN, so that the sequence check would discard it.
    ///
    /// Figure 7 has it establish the connection, and so does Linux. The window of its SYN, which is not scaled; else nil.
    private func answersOurSyn(_ segment: TCPSegment) -> UInt32? {
        guard state == .synReceived, !marks.contains(.passive), segment.flags.contains([.syn, .ack]),
            segment.seq == irs, sndUna.isBefore(segment.ack), segment.ack.isAtOrBefore(sndNxt)
        else { return nil }
        return UInt32(segment.wnd)
    }

    /// Fifth step in SYN-RECEIVED: ESTABLISHED with `window` octets, and on with the processing.
    private mutating func establishes(
        _ segment: TCPSegment,
        _ window: UInt32,
        at now: Instant,
        _ configuration: ConnectionConfiguration
    ) -> Arrival {
        noteTimestamp(segment)
        // Both SYNs of a simultaneous open at once: our SYN,ACK is not needed any more, but its confirmation is.
        if segment.flags.contains(.syn), marks.contains(.synDue) { marks.insert(.ackFirst) }
        marks.remove(.synDue)
        sndWnd = window
        maxSndWnd = max(maxSndWnd, window)
        sndWl1 = segment.seq
        sndWl2 = segment.ack
        var advance = Advance()
        acknowledge(segment.ack, at: now, configuration, &advance)
        establish()
        var arrival = Arrival(.established(advance))
        let textStart = segment.flags.contains(.syn) ? segment.seq + 1 : segment.seq
        processText(segment, from: textStart, at: now, configuration, &arrival)
        return arrival
    }

    /// SND.WND, unless by an old segment (WL1, WL2).
    private mutating func updateWindow(_ segment: TCPSegment, _ window: UInt32) {
        guard sndWl1.isBefore(segment.seq) || sndWl1 == segment.seq && sndWl2.isAtOrBefore(segment.ack) else { return }
        let wasClosed = sndWnd == 0
        sndWnd = window
        maxSndWnd = max(maxSndWnd, window)
        sndWl1 = segment.seq
        sndWl2 = segment.ack
        if wasClosed, window > 0 { windowOpened() }
    }

    /// The rest of the fifth step, state by state, and the steps after it.
    private mutating func afterAcknowledgment(
        _ segment: TCPSegment,
        _ advance: Advance,
        at now: Instant,
        _ configuration: ConnectionConfiguration
    ) -> Arrival {
        var arrival = Arrival(.acceptable(advance))
        if marks.contains(.finAcknowledged) {
            switch state {
            case .finWait1: state = .finWait2
            case .closing: startTimeWait(at: now, configuration)
            case .lastAck:
                delete(.closedInOrder)
                return arrival
            default: break
            }
        }
        processText(segment, from: segment.seq, at: now, configuration, &arrival)
        return arrival
    }

    /// Seventh and eighth: the text and the FIN, of which only what lies in the window counts.
    ///
    /// The sixth step, URG, changes nothing: urgent data is text like any other (RFC 6093 §6).
    mutating func processText(
        _ segment: TCPSegment,
        from seq: SequenceNumber,
        at now: Instant,
        _ configuration: ConnectionConfiguration,
        _ arrival: inout Arrival
    ) {
        let count = segment.payload.count
        let hasFin = segment.flags.contains(.fin)
        guard count > 0 || hasFin, var advance = arrival.reception.advance else { return }
        let start = seq.distance(from: rcvNxt)
        if marks.contains(.finReceived) {
            advance.octetsAfterFin = max(0, start + count)
            arrival.reception = arrival.reception.with(advance)
            guard hasFin else { return }
            marks.insert(.ackDue)
            if state == .timeWait { startTimeWait(at: now, configuration) }
            return
        }
        marks.insert(.ackDue)
        let window = rcvWnd
        let first = min(count, max(0, -start))
        let last = max(first, min(count, window - start))
        // A FIN alone is taken in a closed window, as Linux does: it needs no room.
        let finFits = hasFin && last == count && (start + count < window || count == 0 && start == 0)
        guard start <= 0 else {
            arrival.beyondGap = first..<last
            arrival.finBeyondGap = finFits
            arrival.reception = .outOfOrderDropped(advance)
            return
        }
        arrival.delivered = first..<last
        accept(text: last - first, fin: finFits, at: now, configuration, &advance)
        arrival.reception = arrival.reception.with(advance)
    }

    /// Moves RCV.NXT over `text` octets at RCV.NXT and, with `fin`, over the FIN behind them.
    mutating func accept(
        text: Int,
        fin: Bool,
        at now: Instant,
        _ configuration: ConnectionConfiguration,
        _ advance: inout Advance
    ) {
        rcvNxt += text
        room = Int32(clamping: max(0, Int(room) - text))
        advance.deliveredOctets += text
        if text > 0 { marks.insert(.ackDue) }
        guard fin else { return }
        rcvNxt += 1
        marks.insert([.finReceived, .ackDue])
        advance.peerFin = true
        switch state {
        case .established: state = .closeWait
        case .finWait1: state = .closing
        case .finWait2: startTimeWait(at: now, configuration)
        default: break
        }
    }

    /// TS.Recent (RFC 7323 §4.3).
    private mutating func noteTimestamp(_ segment: TCPSegment) {
        guard marks.contains(.timestamps), segment.seq.isAtOrBefore(lastAckSent),
            let (value, _) = segment.options.timestamps
        else { return }
        tsRecent = value
    }

    /// The ACK for a segment that was not acceptable. Text always has one; what carries none only within the limit.
    private mutating func acknowledgeAgain(_ segment: TCPSegment, at now: Instant) {
        if segment.len > 0, !segment.flags.contains(.syn) {
            marks.insert(.ackFirst)
        } else if allowsChallenge(at: now) {
            marks.insert(.ackFirst)
        }
    }

    private mutating func challenge(at now: Instant) {
        if allowsChallenge(at: now) { marks.insert(.challengeDue) }
    }

    /// Ten within five seconds (RFC 5961 §7), so that two confused ends do not acknowledge each other for ever.
    private mutating func allowsChallenge(at now: Instant) -> Bool {
        if challenges == 0 || now.nanoseconds &- challengesSince.nanoseconds >= 5_000_000_000 {
            challenges = 0
            challengesSince = now
        }
        guard challenges < 10 else { return false }
        challenges += 1
        return true
    }
}
