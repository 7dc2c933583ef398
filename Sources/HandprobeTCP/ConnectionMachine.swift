public import HandprobeWire

/// One end of a TCP connection (RFC 9293 §3.10) without clock, random source or descriptor: time is an argument.
///
/// A call or a segment changes it; then `poll(at:)` is asked until it has nothing more to send, and `nextTimeout` says
/// when to ask again. A polled segment counts as sent: who withholds it leaves the machine believing that it was lost on
/// the way, and the timer or the peer's repetition brings it again.
public struct ConnectionMachine: Sendable {
    /// What it was made with.
    public let configuration: ConnectionConfiguration
    /// The protocol state.
    public private(set) var core: ConnectionCore
    /// What the segment last polled is for.
    public private(set) var lastTransmission: Transmission?
    /// The blocks of the peer's latest SACK option, in its order: what it holds of our data beyond a gap.
    public private(set) var peerSACKBlocks: [SACKBlock] = []

    /// Data from stream octet `outgoingStart` on; what comes before is acknowledged.
    private var outgoing: [UInt8] = []
    private var outgoingStart = 0
    private var incoming: [UInt8] = []
    private var beyondGap = ReassemblyQueue()

    /// A machine in CLOSED.
    public init(_ configuration: ConnectionConfiguration) {
        self.configuration = configuration
        core = ConnectionCore(configuration)
    }

    // MARK: Calls

    /// OPEN, active (§3.10.1): a SYN is due.
    public mutating func openActive(at now: Instant) {
        core.openActive(configuration)
    }

    /// OPEN, passive (§3.10.1): LISTEN.
    public mutating func openPassive() {
        core.openPassive(configuration)
    }

    /// SEND (§3.10.2): queues `data`; false when there is no connection any more or it is closing.
    @discardableResult
    public mutating func send(_ data: [UInt8], at now: Instant) -> Bool {
        guard core.send(octets: data.count) else { return false }
        if outgoing.isEmpty { outgoing = data } else { outgoing += data }
        return true
    }

    /// RECEIVE (§3.10.3): the octets delivered since the last call.
    public mutating func receive() -> [UInt8] {
        let octets = incoming
        incoming = []
        core.received(octets: octets.count, configuration)
        return octets
    }

    /// CLOSE (§3.10.4): a FIN after all queued data.
    public mutating func close(at now: Instant) {
        core.close()
    }

    /// ABORT (§3.10.5): CLOSED, and a RST at exactly SND.NXT where the RFC has one sent.
    public mutating func abort(at now: Instant) {
        core.abort()
    }

    /// RETRANSMISSION TIMEOUT (§3.10.8), whether or not it is due; `poll(at:)` calls it when it is. Also ends TIME-WAIT.
    public mutating func retransmissionTimeout(at now: Instant) {
        core.timeout(configuration)
    }

    /// How many SACK blocks fit beside what else an ACK carries (RFC 2018 §3); two NOPs align them.
    private var roomForBlocks: Int {
        let taken = configuration.optionReserve + (core.timestampsNegotiated ? 12 : 0)
        return (TCPOptions.capacity - taken - 4) / 8
    }

    // MARK: Segments

    /// SEGMENT ARRIVES (§3.10.7). The caller has judged the checksum and found the ports to be ours.
    public mutating func segmentArrives(_ segment: TCPSegment, at now: Instant) -> Reception {
        let arrival = core.segmentArrives(segment, at: now, configuration)
        var reception = arrival.reception
        if core.state == .listen || core.state == .closed { beyondGap = ReassemblyQueue() }
        if reception.advance != nil { noteSelectiveAcknowledgment(segment) }
        if !arrival.delivered.isEmpty { incoming += text(of: segment, arrival.delivered) }
        if !arrival.beyondGap.isEmpty || arrival.finBeyondGap, keep(segment, arrival),
            case .outOfOrderDropped(let advance) = reception
        {
            reception = .outOfOrderKept(advance)
        }
        if var advance = reception.advance, !beyondGap.isEmpty, core.state.isSynchronized {
            fillGaps(at: now, &advance)
            reception = reception.with(advance)
        }
        if outgoingStart < core.acknowledgedOctets, core.acknowledgedOctets == outgoingStart + outgoing.count {
            outgoing = []
            outgoingStart = core.acknowledgedOctets
        }
        return reception
    }

    private func text(of segment: TCPSegment, _ range: Range<Int>) -> ArraySlice<UInt8> {
        let start = segment.payload.startIndex
        return segment.payload[start + range.lowerBound..<start + range.upperBound]
    }

    private mutating func keep(_ segment: TCPSegment, _ arrival: Arrival) -> Bool {
        guard configuration.keepsOutOfOrder else { return false }
        let first = segment.flags.contains(.syn) ? segment.seq + 1 : segment.seq
        return beyondGap.insert(
            text(of: segment, arrival.beyondGap),
            at: first + arrival.beyondGap.lowerBound,
            endsStream: arrival.finBeyondGap,
            after: core.rcvNxt
        )
    }

    private mutating func fillGaps(at now: Instant, _ advance: inout Advance) {
        while let next = beyondGap.next(at: core.rcvNxt), !core.isPeerFinReceived {
            incoming += next.text
            core.accept(text: next.text.count, fin: next.endsStream, at: now, configuration, &advance)
        }
        if core.isPeerFinReceived { beyondGap = ReassemblyQueue() }
    }

    private mutating func noteSelectiveAcknowledgment(_ segment: TCPSegment) {
        guard core.sackNegotiated, segment.flags.contains(.ack), !segment.options.isEmpty else { return }
        for case .sack(let blocks) in segment.options.options { peerSACKBlocks = blocks }
    }

    /// The next segment to send, or nil. To be called until nil after every event.
    ///
    /// Text shares the buffer that `send` was given, so that no segment costs an allocation.
    public mutating func poll(at now: Instant) -> TCPSegment? {
        guard var planned = core.poll(at: now, configuration) else { return nil }
        lastTransmission = planned.transmission
        if !planned.text.isEmpty {
            planned.segment.payload =
                outgoing[planned.text.lowerBound - outgoingStart..<planned.text.upperBound - outgoingStart]
        } else if core.sackNegotiated, !beyondGap.isEmpty, planned.transmission.kind == .ack, roomForBlocks > 0 {
            let limit = roomForBlocks
            planned.segment.options.appendSACK(beyondGap.blocks(atMost: limit))
            planned.segment.header.dataOffset = UInt8((TCPHeader.minimumLength + planned.segment.options.count) / 4)
        }
        return planned.segment
    }
}

/// The variables of RFC 9293 §3.3.1 and what was negotiated.
extension ConnectionMachine {
    /// When to call `poll(at:)` again if nothing arrives.
    public var nextTimeout: Instant? { core.nextTimeout }
    /// The state.
    public var state: ConnectionState { core.state }
    /// Why the connection is CLOSED; nil as long as it is not, or never was anything else.
    public var outcome: Outcome? { core.outcome }
    /// ISS
    public var iss: SequenceNumber { core.iss }
    /// IRS; meaningless before a SYN has arrived.
    public var irs: SequenceNumber { core.irs }
    /// SND.UNA
    public var sndUna: SequenceNumber { core.sndUna }
    /// SND.NXT: just after the last sequence number sent. A retransmission does not move it.
    public var sndNxt: SequenceNumber { core.sndNxt }
    /// SND.WND in octets, scaled.
    public var sndWnd: Int { Int(core.sndWnd) }
    /// RCV.NXT
    public var rcvNxt: SequenceNumber { core.rcvNxt }
    /// RCV.WND in octets: the room there is, and never less than was offered.
    public var rcvWnd: Int { core.rcvWnd }
    /// The MSS the peer stated, or the default.
    public var peerMSS: Int { Int(core.peerMSS) }
    /// RTO as it stands, backed off where it was.
    public var rto: Duration { core.rto }
    /// SRTT; nil before the first measurement.
    public var srtt: Duration? { core.srtt }
    /// How far the peer shifts our window fields; 0 without window scaling.
    public var rcvWindowShift: Int { Int(core.rcvWindowShift) }
    /// How far we shift the peer's window fields, at most 14.
    public var sndWindowShift: Int { Int(core.sndWindowShift) }
    /// True when both SYNs had timestamps.
    public var timestampsNegotiated: Bool { core.timestampsNegotiated }
    /// True when both SYNs had SACK-permitted.
    public var sackNegotiated: Bool { core.sackNegotiated }
    /// True when it was opened by LISTEN.
    public var isPassive: Bool { core.isPassive }
    /// True when our SYN has been acknowledged.
    public var isSynAcknowledged: Bool { core.isSynAcknowledged }
    /// True when our FIN has been sent.
    public var isFinSent: Bool { core.isFinSent }
    /// True when our FIN has been acknowledged.
    public var isFinAcknowledged: Bool { core.isFinAcknowledged }
    /// True when the peer's FIN has arrived in order.
    public var isPeerFinReceived: Bool { core.isPeerFinReceived }
    /// Octets of our data acknowledged so far.
    public var acknowledgedOctets: Int { core.acknowledgedOctets }
    /// Octets ready for `receive()`.
    public var deliveredOctets: Int { incoming.count }
}
