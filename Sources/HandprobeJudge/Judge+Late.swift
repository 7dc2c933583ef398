import HandprobeTCP
import HandprobeWire

/// What the peer makes of what we send after its FIN or its RST, and of a FIN of ours that comes late.
extension Judge {
    /// How long after the peer had confirmed, or been confirmed, our FIN is late.
    private static let late = Duration.milliseconds(400)

    /// New octets of ours.
    mutating func observeLateData(_ seen: SegmentObservation) {
        guard observer.peer.fin != nil || peerReset != nil else { return }
        let isAfterReset = peerReset != nil
        if lateData?.isAfterReset != isAfterReset {
            lateData = LateData(moment: now, octets: 0, end: 0, isAfterReset: isAfterReset)
        }
        lateData?.octets &+= seen.newOctets
        lateData?.end = observer.us.next
    }

    /// The peer acknowledges what we sent after its end; after its RST any bare ACK shows that it was not the peer's.
    mutating func observeLateAcknowledgment(_ segment: TCPSegment) {
        guard let late = lateData else { return }
        let coversIt = observer.us.acknowledged >= late.end
        guard coversIt || late.isAfterReset && segment.flags.contains(.ack) && segment.len == 0 else { return }
        lateData = nil
        let octets = Self.count(late.octets)
        note(
            late.isAfterReset ? .resetDisowned : .lateDataTaken,
            late.isAfterReset
                ? "the peer answered \(octets) that we sent after its RST with an ACK: it still had the connection"
                : "the peer acknowledged \(octets) that we sent after its FIN: our direction was still open",
            stage: .closing, source: .peer, evidence: [late.moment.index, now.index])
    }

    /// A FIN of ours, before it is counted.
    mutating func observeLateFin(_ fin: SegmentObservation.Occurrence) {
        guard firstFin == .peer, peerReset == nil, ourReset == nil else { return }
        let request: RequestKind = fin == .first ? .theirFin : .ourFin
        guard fin == .first || isClosed, let since = record(request).confirmation,
            now.time.since(since.time) >= Self.late
        else { return }
        lateFin = LateFin(
            moment: now, since: Moment(index: since.index, time: since.time), isAfterEnd: fin != .first)
    }

    /// The peer confirms our FIN, for the first time or again.
    mutating func noteLateFinTaken() {
        guard let late = lateFin else { return }
        lateFin = nil
        let elapsed = late.moment.time.since(late.since.time).text
        note(
            late.isAfterEnd ? .timeWaitKept : .finWaitKept,
            late.isAfterEnd
                ? "\(elapsed) after the end the peer acknowledged our FIN again: it was still in TIME-WAIT"
                : "\(elapsed) after we had confirmed its FIN the peer still waited for ours, in FIN-WAIT-2",
            stage: .closing, source: .peer, evidence: [late.since.index, late.moment.index, now.index])
    }

    /// The peer's RST while the connection lasts; false when it is one like any other.
    mutating func noteLateReset() -> Bool {
        if let late = lateFin {
            lateFin = nil
            let elapsed = late.moment.time.since(late.since.time).text
            note(
                .finWaitOver,
                "\(elapsed) after we had confirmed its FIN the peer answered ours with RST: it had waited no longer",
                stage: .closing, source: .peer, evidence: [late.since.index, late.moment.index, now.index])
            return true
        }
        guard let late = lateData, observer.us.fin == nil else { return false }
        lateData = nil
        note(
            .lateDataReset,
            "the peer answered \(Self.count(late.octets)) that we sent after its FIN with RST: nobody reads there any more",
            stage: .closing, source: .peer, evidence: [late.moment.index, now.index])
        return true
    }

    /// The peer's RST after another one, or after both directions were closed; what it says, in a clause.
    mutating func noteResetAfterEnd(_ exactness: ResetExactness) -> String {
        if peerReset != nil, let late = lateData, late.isAfterReset, exactness == .exact {
            lateData = nil
            note(
                .resetRepeated,
                "the peer answered \(Self.count(late.octets)) that we sent after its RST with another RST: "
                    + "it knows no such connection",
                stage: .closing, source: .peer, evidence: [late.moment.index, now.index])
            return "it knows no such connection"
        }
        if peerReset == nil, let late = lateFin, exactness == .exact {
            lateFin = nil
            let elapsed = late.moment.time.since(late.since.time).text
            note(
                .timeWaitOver,
                "\(elapsed) after the end the peer answered our FIN with RST: its TIME-WAIT was over",
                stage: .closing, source: .peer, evidence: [late.since.index, late.moment.index, now.index])
            return "its TIME-WAIT is over"
        }
        if peerReset == nil { noteGivenUp(.theirFin) }
        return "the connection had ended before"
    }

    /// Octets after the peer's RST to which nothing was said.
    func addUnrepeatedReset(to log: inout FindingLog) {
        guard let late = lateData, late.isAfterReset else { return }
        log.add(
            .resetUnrepeated,
            "nothing answered \(Self.count(late.octets)) that we sent after the peer's RST",
            stage: .closing, source: nil, evidence: [late.moment.index])
    }
}
