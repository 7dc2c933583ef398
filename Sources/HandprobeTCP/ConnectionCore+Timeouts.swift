import HandprobeWire

/// Acknowledgments and timers (RFC 9293 §3.8.1 and §3.10.8, RFC 6298).
extension ConnectionCore {
    /// Our clock's granularity G (RFC 6298 §2), in microseconds.
    private static let granularity: UInt32 = 1000

    /// SND.UNA <- SEG.ACK, which the caller has found to lie in SND.UNA < SEG.ACK =< SND.NXT.
    mutating func acknowledge(
        _ ack: SequenceNumber,
        at now: Instant,
        _ configuration: ConnectionConfiguration,
        _ advance: inout Advance
    ) {
        var octets = ack.offset(from: sndUna)
        if !marks.contains(.synAcknowledged) {
            marks.insert(.synAcknowledged)
            advance.synAcknowledged = true
            octets -= 1
            room = Int32(clamping: windowLimit(configuration))
            // RFC 6298 §5.7: a handshake that needed a repetition leaves the first data with at least three seconds.
            if attempt > 1 { rtoMicroseconds = max(Self.microseconds(configuration.initialRTO), 3_000_000) }
        }
        if marks.contains(.finSent), ack == sndNxt {
            marks.insert(.finAcknowledged)
            advance.finAcknowledged = true
            octets -= 1
        }
        queued -= octets
        acknowledgedOctets += octets
        advance.acknowledgedOctets = octets
        sndUna = ack
        if marks.contains(.timing), timedEnd.isAtOrBefore(ack) {
            marks.remove(.timing)
            let sample = now.since(timedAt)
            measured(sample, configuration)
            advance.roundTrip = sample
        }
        marks.remove(.resendDue)
        if marks.contains(.recovering) {
            if sndUna.isBefore(recover) { marks.insert(.resendDue) } else { marks.remove(.recovering) }
        }
        // RFC 6298 §5.2 and §5.3
        attempt = flight > 0 ? 1 : 0
        if flight > 0 { startTimer(at: now) } else { deadline = Self.never }
    }

    /// RFC 6298 §2.2 to §2.4.
    private mutating func measured(_ roundTrip: Duration, _ configuration: ConnectionConfiguration) {
        let sample = Self.microseconds(roundTrip)
        if srttMicroseconds == 0 {
            srttMicroseconds = sample
            rttvarMicroseconds = sample / 2
        } else {
            let difference = sample > srttMicroseconds ? sample - srttMicroseconds : srttMicroseconds - sample
            rttvarMicroseconds = UInt32((UInt64(rttvarMicroseconds) * 3 + UInt64(difference)) / 4)
            srttMicroseconds = max(1, UInt32((UInt64(srttMicroseconds) * 7 + UInt64(sample)) / 8))
        }
        let computed = UInt64(srttMicroseconds) + max(UInt64(Self.granularity), 4 * UInt64(rttvarMicroseconds))
        let bounded = min(
            max(computed, UInt64(Self.microseconds(configuration.minimumRTO))),
            UInt64(Self.microseconds(configuration.maximumRTO))
        )
        rtoMicroseconds = UInt32(clamping: bounded)
    }

    /// Starts the retransmission timer anew.
    mutating func startTimer(at now: Instant) {
        deadline = Instant(nanoseconds: now.nanoseconds &+ Int64(rtoMicroseconds) * 1000)
    }

    /// TIME-WAIT with its timer started and every other one off.
    mutating func startTimeWait(at now: Instant, _ configuration: ConnectionConfiguration) {
        state = .timeWait
        attempt = 0
        deadline = Instant(nanoseconds: now.nanoseconds &+ Int64(Self.microseconds(configuration.timeWait)) * 1000)
    }

    /// True while something waits only because the peer's window is closed.
    var isPersisting: Bool {
        sndWnd == 0 && marks.contains(.synAcknowledged) && state != .timeWait
            && (flight > 0 || unsentText > 0 || finWaits)
    }

    /// Starts the timer of window probes where one is wanted and none runs (RFC 9293 §3.8.6.1).
    mutating func startProbeTimer(at now: Instant, _ configuration: ConnectionConfiguration) {
        guard deadline == Self.never, isPersisting, state.isSynchronized else { return }
        let interval = UInt64(rtoMicroseconds) << UInt64(min(probeBackoff, 16))
        let most = UInt64(Self.microseconds(configuration.maximumRTO))
        deadline = Instant(nanoseconds: now.nanoseconds &+ Int64(min(interval, most)) * 1000)
    }

    /// The peer's window is open again: what was sent into it while closed is sent again at once.
    mutating func windowOpened() {
        probeBackoff = 0
        marks.remove(.probeDue)
        // A SYN needs no window, and its timer runs on.
        guard state != .timeWait, marks.contains(.synAcknowledged) else { return }
        deadline = Self.never
        attempt = 0
        if flight > 0 {
            marks.insert([.resendDue, .recovering])
            recover = sndNxt
        }
    }

    /// What is to happen when the timer ends (§3.10.8): the next transmission, CLOSED after TIME-WAIT, or giving up.
    ///
    /// Nothing when there is nothing to wait for.
    public mutating func timeout(_ configuration: ConnectionConfiguration) {
        if state == .timeWait {
            delete(.closedInOrder)
            return
        }
        deadline = Self.never
        guard flight > 0 || isPersisting, state != .closed else { return }
        let awaitsSyn = !marks.contains(.synAcknowledged)
        guard Int(attempt) < (awaitsSyn ? configuration.synAttempts : configuration.attempts) else {
            giveUp()
            return
        }
        attempt = attempt == .max ? .max : attempt + 1
        // Karn: what is sent twice measures nothing.
        marks.remove(.timing)
        if isPersisting {
            if probeBackoff < 16 { probeBackoff += 1 }
            marks.insert(.probeDue)
            return
        }
        // RFC 6298 §5.5
        let doubled = UInt64(rtoMicroseconds) * 2
        let most = Self.microseconds(configuration.maximumRTO)
        rtoMicroseconds = UInt32(clamping: min(doubled, UInt64(max(most, rtoMicroseconds))))
        if awaitsSyn {
            marks.insert(.synDue)
        } else {
            marks.insert([.resendDue, .recovering])
            recover = sndNxt
        }
    }

    /// The last attempt went unanswered. A peer that may hold the connection open is told by a RST, as by ABORT.
    private mutating func giveUp() {
        let awaited: Outcome.Awaited =
            if !marks.contains(.synAcknowledged) {
                .synAcknowledgment
            } else if isPersisting {
                .windowUpdate
            } else if sentText == 0 {
                .finAcknowledgment
            } else {
                .dataAcknowledgment
            }
        let peerMayHold = state != .synSent
        delete(.gaveUp(awaited))
        if peerMayHold { reset(at: sndNxt) }
    }
}
