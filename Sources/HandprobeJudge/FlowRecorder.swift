public import HandprobeTCP
public import HandprobeWire

/// Turns frames into the events of one connection. Live commands, `read`, `listen` and the bulk engine all use it.
///
/// Live, it is told of every packet before it is sent; so what leaves can be compared with what was crafted, and what
/// left without having been handed over is known to be the kernel's. In a capture file that cannot be told, and every
/// segment of the local end counts as ours.
public struct FlowRecorder: Sendable {
    /// The connection, `local` being us.
    public let flow: FourTuple
    /// How long a packet may take from being handed over to being captured; nil for a capture file.
    public let patience: Duration?
    /// What the peer must sign its segments with; nil where nothing is known of that.
    private let key: SignatureKey?

    /// The most packets that are kept while not seen leaving, and the most that are remembered once they are.
    static let mostPackets = 256

    private(set) var pending: [Crafted] = []
    /// Segments of ours seen lately: a second capture of one is not the kernel's doing.
    private(set) var seen: [TCPSegment] = []
    /// How many packets were handed over that cannot be read, so that whatever leaves next may be one of them.
    private var unreadable = 0
    private var sent = SentRange()
    /// The MSS that each end gave in its SYN: what the other one must keep to.
    private var ourLimit: UInt16?
    private var theirLimit: UInt16?

    /// A packet handed over for sending.
    struct Crafted: Hashable, Sendable {
        var ip: IPHeader
        var segment: TCPSegment
        var at: Instant
        /// The whole packet, where it is broken so that a reader who trusts its lengths finds no segment in it.
        var broken: [UInt8] = []
        /// What such a reader stumbles over.
        var problem: WireError?
        /// True once it was said that the packet was not seen leaving. It may leave yet: one that waits for the link
        /// address of its next hop does.
        var isOverdue = false
    }

    /// What we have sent and the peer has not acknowledged.
    private struct SentRange: Hashable, Sendable {
        /// The lowest sequence number not acknowledged yet, and the highest one that a segment began at.
        var unacknowledged: SequenceNumber?
        var highest: SequenceNumber?
        var end: SequenceNumber?

        var isEmpty: Bool { highest == nil }

        mutating func send(_ seq: SequenceNumber, end segmentEnd: SequenceNumber) {
            guard let highest, let end else {
                unacknowledged = seq
                self.highest = seq
                self.end = segmentEnd
                return
            }
            if highest.isBefore(seq) { self.highest = seq }
            if end.isBefore(segmentEnd) { self.end = segmentEnd }
        }

        mutating func acknowledge(_ ack: SequenceNumber) {
            guard let unacknowledged, let end, unacknowledged.isBefore(ack), ack.isAtOrBefore(end) else { return }
            self.unacknowledged = ack
        }

        /// True for a number that a segment could have begun at and that is not acknowledged (RFC 5927 §4).
        func isOutstanding(_ number: SequenceNumber) -> Bool {
            guard let unacknowledged, let highest else { return false }
            return unacknowledged.isAtOrBefore(number) && number.isAtOrBefore(highest)
        }
    }

    /// A recorder that has seen nothing. `patience` is nil for a capture file, where nothing is handed over for sending.
    public init(flow: FourTuple, patience: Duration? = .milliseconds(500), key: SignatureKey? = nil) {
        self.flow = flow
        self.patience = patience
        self.key = key
    }

    /// Takes note of a packet, from its IP header on, that is about to be sent.
    ///
    /// A packet whose lengths are wrong on purpose, so that no segment is found in it, is known again by its octets. One
    /// that is no segment of the flow for another reason is not waited for.
    public mutating func willSend(packet: [UInt8], at now: Instant) {
        guard let crafted = Crafted(packet, at: now), isOurs(crafted.ip, crafted.segment.header) else {
            unreadable += 1
            return
        }
        if pending.count == Self.mostPackets { pending.removeFirst() }
        pending.append(crafted)
    }

    /// Takes back what `willSend` was told, because the packet was refused by the kernel.
    public mutating func didNotSend(packet: [UInt8]) {
        guard let crafted = Crafted(packet, at: Instant(nanoseconds: 0)),
            let place = pending.lastIndex(where: { $0.segment == crafted.segment && $0.broken == crafted.broken })
        else { return }
        pending.remove(at: place)
    }

    /// The event that a dissected frame is to this flow; nil when it is not about it.
    ///
    /// `octets` is the captured frame from its link header on.
    public mutating func observe(
        _ dissection: Dissection,
        of frame: CapturedFrame,
        octets: some Sequence<UInt8>
    ) -> Event? {
        observe(dissection, of: frame) { Array(octets) }
    }

    /// The same for a frame whose octets are an array already, which the event then shares.
    public mutating func observe(_ dissection: Dissection, of frame: CapturedFrame, octets: [UInt8]) -> Event? {
        observe(dissection, of: frame) { octets }
    }

    private mutating func observe(
        _ dissection: Dissection,
        of frame: CapturedFrame,
        octets: () -> [UInt8]
    ) -> Event? {
        if awaitsBroken, let event = observeBroken(frame, octets()) { return event }
        guard let ip = dissection.ip else { return nil }
        switch dissection.transport {
        case .tcp(let segment, let checksum)?:
            let found = FoundSegment(
                segment, in: ip, checksum: checksum, vlans: dissection.vlans, problem: dissection.problem,
                missingOctets: dissection.missingOctets)
            var event: Event?
            observe(found, of: frame, octets: octets()) { event = Event(time: frame.time, kind: .segment($0)) }
            return event
        case .icmpError(let error)?:
            guard let quote = error.quote, matches(quote.source, flow.local), matches(quote.destination, flow.remote)
            else { return nil }
            let observed = ObservedICMPError(
                origin: origin(of: ip.source),
                error: error,
                quotesOurs: sent.isOutstanding(quote.sequenceNumber),
                frame: octets(),
                linkType: frame.linkType,
                interface: frame.interface,
                originalLength: frame.originalLength
            )
            return Event(time: frame.time, kind: .icmpError(observed))
        case .other?, nil:
            return nil
        }
    }

    /// Has a judge observe what the segment in a frame is to this flow, in a capture file in which no packet is broken: for
    /// files of millions, where an event that is returned would be copied too often. The frame itself is not kept.
    ///
    /// False, and nothing observed, when the segment does not belong to this flow.
    public mutating func observe(
        _ found: FoundSegment, of frame: CapturedFrame, judging judge: inout Judge, into reading: inout Reading
    ) -> Bool {
        var belongs = false
        observe(found, of: frame, octets: []) {
            judge.observe($0, at: frame.time, into: &reading)
            belongs = true
        }
        return belongs
    }

    /// Tells what a segment is to this flow, if it belongs to it.
    @inline(__always)
    private mutating func observe(
        _ found: FoundSegment, of frame: CapturedFrame, octets: @autoclosure () -> [UInt8],
        tell: (ObservedSegment) -> Void
    ) {
        let isOurs = isOurs(found.ip, found.segment.header)
        guard isOurs || isTheirs(found.ip, found.segment.header) else { return }
        let (origin, rewritten) = isOurs ? identify(found.segment, found.ip) : (.peer, [])
        let missingOctets = max(0, found.missingOctets)
        var observed = ObservedSegment(
            origin: origin,
            segment: found.segment,
            ip: found.ip,
            checksum: found.checksum,
            interface: frame.interface,
            vlans: found.vlans,
            isCoalesced: isCoalesced(found.segment.payload.count + missingOctets, from: isOurs),
            missingOctets: missingOctets,
            rewritten: rewritten,
            problem: found.problem,
            isIPChecksumWrong: isOurs && patience != nil && !found.ip.isChecksumRight,
            frame: octets(),
            linkType: frame.linkType,
            originalLength: frame.originalLength
        )
        if !isOurs, let key, !key.verifies(found.segment, from: found.ip.source, to: found.ip.destination) {
            observed.isSignatureWrong = true
        }
        if isOurs ? origin == .us : observed.flaw == nil { follow(observed, isOurs: isOurs) }
        tell(observed)
    }

    /// True while a packet handed over is not seen leaving in which no segment can be found.
    public var awaitsBroken: Bool { pending.contains { !$0.broken.isEmpty } }

    /// True when `frame` is a packet handed over that no segment can be found in, and not seen leaving yet.
    public func isBrokenPacket(_ frame: some Sequence<UInt8>, behind linkType: LinkType) -> Bool {
        let octets = Array(frame)
        return pending.contains { $0.isCarried(by: octets, behind: linkType) }
    }

    private mutating func observeBroken(_ frame: CapturedFrame, _ octets: [UInt8]) -> Event? {
        guard let place = pending.firstIndex(where: { $0.isCarried(by: octets, behind: frame.linkType) }) else {
            return nil
        }
        let crafted = pending.remove(at: place)
        let observed = ObservedSegment(
            origin: .us,
            segment: crafted.segment,
            ip: crafted.ip,
            checksum: .unverifiable,
            interface: frame.interface,
            problem: crafted.problem,
            isHidden: true,
            frame: octets,
            linkType: frame.linkType
        )
        follow(observed, isOurs: true)
        return Event(time: frame.time, kind: .segment(observed))
    }

    /// When the oldest packet not yet seen leaving was handed over; nil when all were seen or are overdue.
    public var oldestUnseen: Instant? { pending.lazy.filter { !$0.isOverdue }.map(\.at).min() }

    /// Events for the packets handed over longer than `patience` before `now` and not seen leaving, each once.
    public mutating func unseen(at now: Instant, time: Timestamp) -> [Event] {
        guard let patience else { return [] }
        return noteOverdue(time) { now.since($0.at) > patience }
    }

    /// Events for all the packets handed over and not seen leaving, however recent: for the end of a run.
    public mutating func unseenAtEnd(time: Timestamp) -> [Event] {
        noteOverdue(time) { _ in true }
    }

    private mutating func noteOverdue(_ time: Timestamp, where isLate: (Crafted) -> Bool) -> [Event] {
        var events: [Event] = []
        for place in pending.indices where !pending[place].isOverdue && isLate(pending[place]) {
            pending[place].isOverdue = true
            events.append(Event(time: time, kind: .notSeenLeaving(pending[place].segment)))
        }
        return events
    }

    /// Who made a segment that left from our address and port, and what this machine changed in it.
    ///
    /// Each packet handed over accounts for one that leaves: when the kernel's RST looks like ours, there is still one
    /// too many.
    private mutating func identify(_ segment: TCPSegment, _ ip: IPHeader) -> (Origin, [RewrittenField]) {
        guard patience != nil else { return (.us, []) }
        if let place = pending.firstIndex(where: { $0.segment == segment && $0.ip.identification == ip.identification })
            ?? pending.firstIndex(where: { $0.segment == segment })
            ?? pending.firstIndex(where: { $0.resembles(segment) })
        {
            let crafted = pending.remove(at: place)
            if seen.count == Self.mostPackets { seen.removeFirst() }
            seen.append(segment)
            return (.us, crafted.changes(to: segment, ip))
        }
        if !segment.flags.contains(.rst), seen.contains(segment) { return (.us, []) }
        if unreadable > 0 {
            unreadable -= 1
            return (.us, [])
        }
        return (.kernel, [])
    }

    private mutating func follow(_ observed: ObservedSegment, isOurs: Bool) {
        let flags = observed.segment.flags
        let size = flags.contains(.syn) ? observed.segment.options.maximumSegmentSize : nil
        if isOurs {
            // Ours that end something are no question; one that begins the conversation is.
            if !flags.contains(.rst) || sent.isEmpty {
                sent.send(observed.segment.seq, end: observed.segment.end + observed.missingOctets)
            }
            if let size { ourLimit = size }
        } else {
            if flags.contains(.ack) { sent.acknowledge(observed.segment.ack) }
            if let size { theirLimit = size }
        }
    }

    private func isCoalesced(_ octets: Int, from isOurs: Bool) -> Bool {
        guard let size = isOurs ? theirLimit : ourLimit else { return false }
        // No sender goes below 48 octets, whatever MSS it was given (TCP_MIN_SND_MSS of Linux).
        return octets > max(48, Int(size))
    }

    private func isOurs(_ ip: IPHeader, _ header: TCPHeader) -> Bool {
        ip.source == flow.local.address && header.sourcePort == flow.local.port
            && ip.destination == flow.remote.address && header.destinationPort == flow.remote.port
    }

    private func isTheirs(_ ip: IPHeader, _ header: TCPHeader) -> Bool {
        ip.source == flow.remote.address && header.sourcePort == flow.remote.port
            && ip.destination == flow.local.address && header.destinationPort == flow.local.port
    }

    /// Addresses and ports only: a frame does not carry the scope of a link-local address.
    private func matches(_ quoted: SocketAddress, _ ours: SocketAddress) -> Bool {
        quoted.address == ours.address && quoted.port == ours.port
    }

    private func origin(of source: IPAddress) -> Origin {
        if source == flow.remote.address { return .peer }
        if source == flow.local.address { return .kernel }
        return .router(source)
    }
}
