import HandprobeWire

/// The user's calls (RFC 9293 §3.10.1 to §3.10.5).
extension ConnectionCore {
    /// OPEN, active (§3.10.1): CLOSED or LISTEN to SYN-SENT. Nothing happens in another state.
    public mutating func openActive(_ configuration: ConnectionConfiguration) {
        guard state == .closed && outcome == nil || state == .listen else { return }
        begin(configuration)
        sndNxt = iss + 1 + min(queued, max(0, configuration.synText))
        marks.insert(.synDue)
        state = .synSent
    }

    /// OPEN, passive (§3.10.1): CLOSED to LISTEN. Nothing happens in another state.
    public mutating func openPassive(_ configuration: ConnectionConfiguration) {
        guard state == .closed, outcome == nil else { return }
        begin(configuration)
        marks.insert(.passive)
        state = .listen
    }

    private mutating func begin(_ configuration: ConnectionConfiguration) {
        marks.remove(.passive)
        room = Int32(configuration.synWindow)
    }

    /// SEND (§3.10.2): takes `octets` more to be sent; false when there is no connection or it is closing.
    ///
    /// In CLOSED before any OPEN and in LISTEN they are queued. The RFC refuses the first and makes the second active;
    /// a program that answers by a script wants its answer ready.
    public mutating func send(octets: Int) -> Bool {
        guard octets >= 0, outcome == nil, !marks.contains(.closeAsked) else { return false }
        let (sum, overflow) = queued.addingReportingOverflow(octets)
        guard !overflow else { return false }
        queued = sum
        return true
    }

    /// RECEIVE (§3.10.3): `octets` of delivered text were taken, which makes room.
    ///
    /// The peer is told when the window grows by a segment or half the buffer (§3.8.6.2.2).
    public mutating func received(octets: Int, _ configuration: ConnectionConfiguration) {
        guard state.isSynchronized else { return }
        room = Int32(clamping: min(Int(room) + octets, windowLimit(configuration)))
        let growth = Int(room) - max(0, rcvOffered.distance(from: rcvNxt))
        let segment = min(configuration.maximumSegment, windowLimit(configuration) / 2)
        if growth >= max(1, segment), !marks.contains(.finReceived) { marks.insert(.ackDue) }
    }

    /// The largest window we may come to offer.
    func windowLimit(_ configuration: ConnectionConfiguration) -> Int {
        min(max(0, configuration.receiveBuffer), 65535 << Int(rcvWindowShift))
    }

    /// CLOSE (§3.10.4).
    public mutating func close() {
        switch state {
        case .closed, .finWait1, .finWait2, .closing, .lastAck, .timeWait:
            break
        case .listen, .synSent:
            delete(.abandoned)
        case .synReceived:
            marks.insert(.closeAsked)
            if queued == 0 { state = .finWait1 }
        case .established:
            marks.insert(.closeAsked)
            state = .finWait1
        case .closeWait:
            // LAST-ACK is entered when the FIN is sent, after all data.
            marks.insert(.closeAsked)
        }
    }

    /// ABORT (§3.10.5): a RST at exactly SND.NXT where the RFC has one sent, and CLOSED.
    public mutating func abort() {
        switch state {
        case .closed:
            break
        case .listen, .synSent, .closing, .lastAck, .timeWait:
            delete(.aborted)
        case .synReceived, .established, .finWait1, .finWait2, .closeWait:
            delete(.aborted)
            reset(at: sndNxt)
        }
    }

    /// Deletes the TCB: CLOSED, no timer, nothing due.
    mutating func delete(_ outcome: Outcome) {
        state = .closed
        self.outcome = outcome
        flush()
    }

    /// Stops the timer and forgets everything that was due or queued.
    mutating func flush() {
        marks.subtract([
            .synDue, .resendDue, .probeDue, .ackDue, .ackFirst, .challengeDue, .rstDue, .rstCarriesAck, .timing,
            .recovering,
        ])
        deadline = Self.never
        attempt = 0
        queued = 0
    }

    /// Makes `<SEQ=seq><CTL=RST>` due, or with `ack` `<SEQ=seq><ACK=ack><CTL=RST,ACK>`.
    mutating func reset(at seq: SequenceNumber, ack: SequenceNumber? = nil) {
        marks.insert(.rstDue)
        marks.remove(.rstCarriesAck)
        rstSeq = seq
        if let ack {
            marks.insert(.rstCarriesAck)
            rstAck = ack
        }
    }
}
