import HandprobeTCP
import HandprobeWire

/// Findings about how the peer took what was done on purpose. They rest on segments alone, so that a capture shows them too.
extension Judge {
    /// The times at which the peer repeated a request that we had not acknowledged yet.
    func addSchedule(of request: RequestKind, to log: inout FindingLog) {
        let record = record(request)
        guard let first = record.attempts.first, !synsCrossed || request == .theirFin else { return }
        // Sooner than a timer does, it is a repeated SYN of ours that makes the peer repeat its SYN-ACK.
        let soonest: Duration = request == .theirSyn ? .milliseconds(500) : .zero
        let again = record.attempts.dropFirst().filter { attempt in
            attempt.time.since(first.time) >= soonest && record.confirmation.map { attempt.index < $0.index } ?? true
        }
        guard !again.isEmpty else { return }
        let times = again.map { $0.time.since(first.time).text }.joined(separator: ", ")
        let what = request == .theirSyn ? "SYN-ACK" : "FIN"
        log.add(
            request == .theirSyn ? .synAckSchedule : .finSchedule,
            "without our ACK the peer sent its \(what) \(again.count + 1) times: again after \(times)",
            stage: request == .theirSyn ? .postSyn : .closing,
            source: .peer,
            evidence: [first.index] + again.map(\.index)
        )
    }

    /// A wrong third segment to which nothing was said.
    func addWrongAck(to log: inout FindingLog) {
        guard let wrongAck, !wrongAckIsRefused else { return }
        log.add(
            .wrongAckIgnored,
            "the peer did not answer our wrong ACK, to which a RST is due",
            stage: .postSyn,
            source: nil,
            evidence: [wrongAck.index]
        )
    }

    /// Reads the length of the answer to a request that our FIN came with.
    mutating func gaugeAnswer(_ observed: ObservedSegment, _ end: End, _ seen: SegmentObservation) {
        let text = observed.segment.payload
        guard let seq = seen.seq, !text.isEmpty || observed.missingOctets > 0 else { return }
        let start = observed.segment.flags.contains(.syn) ? seq &+ 1 : seq
        if end == .us, start == 1 { gauge.ask(text) }
        guard end == .peer, finWithRequest != nil else { return }
        gauge.take(text, at: start)
        if observed.missingOctets > 0 { gauge.miss() }
    }

    /// How the peer took a FIN that left with the request.
    func addHalfClose(to log: inout FindingLog) {
        guard let finWithRequest else { return }
        let add = { (log: inout FindingLog, code: FindingCode, sentence: String, end: Moment) in
            log.add(
                code,
                "\(sentence), \(end.time.since(finWithRequest.time).text) after our FIN",
                stage: .closing,
                source: .peer,
                evidence: [finWithRequest.index, end.index]
            )
        }
        let octets =
            if case .total(let total) = gauge.reading, total > octetsAfterRequest {
                "\(octetsAfterRequest) of \(Self.count(total))"
            } else {
                Self.count(octetsAfterRequest)
            }
        if let peerReset {
            let when = octetsAfterRequest > 0 ? "after \(octets) of its answer" : "instead of answering"
            return add(&log, .halfCloseReset, "the peer reset the connection \(when)", peerReset)
        }
        guard let fin = record(.theirFin).attempts.first else { return }
        let end = Moment(index: fin.index, time: fin.time)
        switch gauge.reading {
        case _ where octetsAfterRequest == 0:
            add(&log, .halfCloseTruncated, "the peer closed without an answer", end)
        case .header:
            add(&log, .halfCloseTruncated, "the peer closed within the header of its answer, after \(octets)", end)
        case .total(let total) where octetsAfterRequest < total:
            add(&log, .halfCloseTruncated, "the peer answered with \(octets) and then closed", end)
        case .total:
            add(&log, .halfCloseHonoured, "the peer answered with \(octets), a whole answer, and then closed", end)
        case .unknown:
            add(&log, .halfCloseHonoured, "the peer answered with \(octets) and then closed", end)
        }
    }
}
