import HandprobeTCP
import HandprobeWire

/// Follows both ends of a connection from outside.
///
/// It sees what the capture saw, not what the ends know: a segment of the peer has arrived when it is captured, one of
/// ours has arrived only when the peer's answer shows it. What cannot be told stays nil. State is bounded.
struct ConnectionObserver: Hashable, Sendable {
    private(set) var us = ObservedEnd()
    private(set) var peer = ObservedEnd()
    /// True when evidence came that the peer has received our acknowledgment of its SYN.
    var peerIsSynchronized = false
    /// True when the connection has ended for us by a RST, ours or a believed one.
    private(set) var isBroken = false
    /// True when the peer has shown that it has no such connection any more.
    private(set) var isForgotten = false
    /// True when our FIN acknowledged the peer's, or left after we had acknowledged it.
    private var closedSecond = false
    /// True when a FIN of ours that the peer has acknowledged also acknowledged the peer's FIN.
    private var finConfirmedTheirs = false
    /// True when the peer's FIN acknowledged ours, or came after it was acknowledged.
    private var peerClosedSecond = false
    /// True when the first captured segment belonged to a connection already under way.
    private(set) var startedLate = false

    subscript(end: End) -> ObservedEnd {
        // Not `_read`, which allocates for a value of this size.
        @inline(__always) get { end == .us ? us : peer }
        _modify { if end == .us { yield &us } else { yield &peer } }
    }

    /// A RST from either end that its receiver believes.
    mutating func breakOff(by end: End) {
        isBroken = true
        if end == .peer { isForgotten = true }
    }

    /// Follows a segment that `end` sent and whose checksum is not bad.
    mutating func follow(_ segment: TCPSegment, from end: End) -> SegmentObservation {
        var seen = SegmentObservation()
        let isSyn = segment.flags.contains(.syn)
        let isReset = segment.flags.contains(.rst)
        inferBases(segment, from: end)
        seen.seq = isSyn && self[end].base == nil ? 0 : self[end].relative(segment.seq)
        if segment.flags.contains(.ack) { seen.ack = self[end.other].relative(segment.ack) }
        if isReset {
            seen.reset = exactness(of: segment, from: end, seen)
            return seen
        }
        if isSyn {
            guard begin(segment, from: end, &seen) else { return seen }
        } else if let seq = seen.seq, seq > 0, self[end].isOutsideWindow(seq) {
            seen.isOutsideWindow = true
            return seen
        }
        if self[end].base != nil { takeOctets(segment, from: end, &seen) }
        takeAcknowledgment(segment, from: end, &seen)
        return seen
    }

    /// Gives an end whose SYN was not captured a sequence space, when this segment shows where it must have begun.
    private mutating func inferBases(_ segment: TCPSegment, from end: End) {
        let isSyn = segment.flags.contains(.syn)
        let acknowledges = segment.flags.contains(.ack)
        if us.base == nil, peer.base == nil, !isSyn {
            startedLate = true
            self[end].infer(first: segment.seq)
            self[end].acknowledge(1, window: nil)
            guard acknowledges else { return }
            self[end.other].infer(first: segment.ack)
            self[end.other].acknowledge(1, window: nil)
            return
        }
        guard acknowledges, !segment.flags.contains(.rst) else { return }
        if self[end.other].base == nil {
            startedLate = startedLate || isSyn
            self[end.other].infer(first: segment.ack)
        }
        if self[end].base == nil, !isSyn, let ack = self[end.other].relative(segment.ack), ack > 0,
            ack <= self[end.other].next, segment.len > 0
        {
            self[end].infer(first: segment.seq)
        }
    }

    /// A SYN: the first one opens the sequence space; false when the rest of the segment must not be looked at.
    private mutating func begin(_ segment: TCPSegment, from end: End, _ seen: inout SegmentObservation) -> Bool {
        if let ack = seen.ack, !self[end.other].synConfirmed, ack <= 0 || ack > self[end.other].next {
            seen.acknowledgesWrongly = true
            return false
        }
        if let base = self[end].base {
            let isSame = base == segment.seq
            if !isSame, end == .us, !self[end].synConfirmed, self[end].fin == nil, peer.base == nil {
                self[end].begin(at: segment.seq, windowShift: segment.options.windowScale)
                seen.seq = 0
                seen.syn = .again
                return true
            }
            seen.syn = isSame ? .again : .another
            return isSame
        }
        self[end].begin(at: segment.seq, windowShift: segment.options.windowScale)
        seen.seq = 0
        seen.syn = .first
        return true
    }

    private mutating func takeOctets(_ segment: TCPSegment, from end: End, _ seen: inout SegmentObservation) {
        guard let start = seen.seq else { return }
        let first = segment.flags.contains(.syn) ? start &+ 1 : start
        let last = first &+ segment.payload.count
        seen.isKeepalive =
            segment.len <= 1 && !segment.flags.contains(.syn) && !segment.flags.contains(.fin)
            && self[end].next >= 1 && start == self[end].next &- 1
        if let fin = self[end].fin, last > fin, !(segment.flags.contains(.fin) && last == fin) {
            seen.octetsBeyondFin = last &- max(first, fin)
            return
        }
        if last > first {
            let addition = self[end].send(first..<last)
            seen.newOctets = addition.new
            seen.repeatedOctets = addition.repeated
            seen.leavesGap = addition.leavesGap && addition.new > 0
        }
        guard segment.flags.contains(.fin) else { return }
        let isFirst = self[end].fin == nil
        guard self[end].sendFin(at: last) else { return }
        seen.fin = isFirst ? .first : .again
        guard isFirst else { return }
        if end == .us {
            closedSecond = peer.fin.map { fin in peer.finConfirmed || (seen.ack ?? 0) > fin } ?? false
        } else {
            peerClosedSecond = us.fin.map { fin in us.finConfirmed || (seen.ack ?? 0) > fin } ?? false
        }
    }

    private mutating func takeAcknowledgment(
        _ segment: TCPSegment,
        from end: End,
        _ seen: inout SegmentObservation
    ) {
        guard let ack = seen.ack else { return }
        guard ack <= self[end.other].next else {
            seen.acknowledgedBeyond = ack &- self[end.other].next
            return
        }
        guard ack > 0 else {
            seen.acknowledgesWrongly = !self[end.other].synConfirmed
            return
        }
        let acknowledged = self[end.other].acknowledged
        seen.coversFin = self[end.other].fin.map { ack > $0 } ?? false
        seen.confirmsSyn = acknowledged == 0
        seen.confirmsFin = seen.coversFin && !self[end.other].finConfirmed
        let from = max(acknowledged, 1)
        seen.confirmedOctets = max(0, ack &- from &- (seen.confirmsFin ? 1 : 0))
        if end == .peer, seen.confirmsFin, let fin = peer.fin, peer.acknowledged > fin {
            finConfirmedTheirs = true
        }
        let window = window(of: segment, from: end)
        if !segment.flags.contains(.syn), let window, let limit = self[end.other].limit, ack >= acknowledged,
            seen.seq.map({ $0 &+ segment.len >= self[end].next }) ?? false
        {
            let rounding = 1 << Int(self[end].windowShift ?? 0)
            let shrunk = limit &- (ack &+ window)
            if shrunk > rounding { seen.windowShrunk = shrunk }
        }
        self[end.other].acknowledge(ack, window: window)
    }

    /// The window in octets; nil when the SYN that gives its scale was not captured.
    private func window(of segment: TCPSegment, from end: End) -> Int? {
        guard !us.isInferred, !peer.isInferred else { return nil }
        guard !segment.flags.contains(.syn), us.windowShift != nil, let shift = self[end].windowShift,
            self[end.other].windowShift != nil
        else { return Int(segment.wnd) }
        return Int(segment.wnd) << Int(shift)
    }

    /// True for the number that an embryonic peer asks for although we have sent more: it left data or a FIN in our SYN
    /// alone, and a RST must be where it expects the next octet. One that was never heard can have taken but the SYN.
    func isAskedFor(_ seq: Int) -> Bool {
        if peer.base == nil { return seq == 1 }
        return us.synConfirmed && !peer.synConfirmed && seq == us.acknowledged
    }

    private func exactness(of segment: TCPSegment, from end: End, _ seen: SegmentObservation) -> ResetExactness {
        guard let seq = seen.seq, self[end].base != nil else {
            guard let ack = seen.ack, !self[end.other].synConfirmed, ack > 0, ack <= self[end.other].next else {
                return .stray
            }
            return .exact
        }
        if seq == self[end].expected || end == .us && (seq == us.next || isAskedFor(seq)) { return .exact }
        let limit = max(self[end].limit ?? 0, self[end].expected &+ 65_535)
        return seq > self[end].expected && seq <= limit ? .inWindow : .outOfWindow
    }
}

extension ConnectionObserver {
    /// Our state after what has been captured.
    var ourState: ConnectionState {
        if isBroken { return .closed }
        if us.base == nil { return peer.base == nil ? .closed : .listen }
        if peer.base == nil { return .synSent }
        if !us.synConfirmed, !us.isInferred { return .synReceived }
        switch (us.fin != nil, peer.fin != nil) {
        case (false, false): return .established
        case (false, true): return .closeWait
        case (true, false): return us.finConfirmed ? .finWait2 : .finWait1
        case (true, true):
            if closedSecond { return us.finConfirmed ? .closed : .lastAck }
            return us.finConfirmed ? .timeWait : .closing
        }
    }

    /// The peer's state as far as its own segments show it; nil before the first of them.
    var peerState: ConnectionState? {
        if isForgotten { return .closed }
        guard peer.base != nil else { return nil }
        if !us.synConfirmed, !us.isInferred { return .synSent }
        guard peer.fin != nil else {
            if us.finConfirmed { return .closeWait }
            return peerIsSynchronized || startedLate ? .established : .synReceived
        }
        if peerClosedSecond { return .lastAck }
        guard us.finConfirmed else { return .finWait1 }
        return finConfirmedTheirs ? .timeWait : .closing
    }
}
