import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// A story as a live run would have recorded it: every segment a captured frame, seen by a recorder that knows what we sent.
struct LiveStory {
    var flow: FourTuple
    var expectation: Expectation
    private(set) var events: [Event] = []
    private(set) var readings: [Reading] = []
    private(set) var frames: [[UInt8]] = []
    private var recorder: FlowRecorder
    private var judge: Judge

    /// `spoilsIP` makes the IP header checksums of our packets wrong.
    init(_ story: Story, _ expectation: Expectation, spoilsIP: Bool = false) {
        self.init(flow: FourTuple(local: story.us, remote: story.peer), expectation)
        for event in story.events {
            switch event.kind {
            case .segment(let observed):
                add(observed, at: event.time, spoilsIP: spoilsIP)
            case .icmpError(let observed): add(icmp: observed, at: event.time)
            default: take(event)
            }
        }
    }

    init(flow: FourTuple, _ expectation: Expectation) {
        self.flow = flow
        self.expectation = expectation
        recorder = FlowRecorder(flow: flow)
        judge = Judge(flow: flow, expectation: expectation)
    }

    var verdict: Verdict { judge.conclude() }

    mutating func take(_ event: Event) {
        events.append(event)
        readings.append(judge.observe(event))
    }

    mutating func add(_ observed: ObservedSegment, at time: Timestamp, spoilsIP: Bool = false) {
        var packet = Self.packet(observed)
        if spoilsIP, observed.origin == .us { packet[10] ^= 0x55 }
        if observed.origin == .us {
            var crafted = packet
            // The time to live is the ninth octet of IPv4's header and the eighth of IPv6's.
            if !observed.rewritten.isEmpty { crafted[flow.local.address.family == .v4 ? 8 : 7] += 1 }
            recorder.willSend(packet: crafted, at: Instant(nanoseconds: 0))
        }
        capture(packet, at: time)
    }

    /// An error about our first segment.
    mutating func add(icmp observed: ObservedICMPError, at time: Timestamp) {
        guard case .router(.v4(let router)) = observed.origin, case .v4(let us) = flow.local.address,
            let quoted = frames.first
        else { return }
        var message = [observed.error.type, observed.error.code, 0, 0, 0, 0, 0, 0] + quoted.prefix(28)
        var sum = InternetChecksum()
        sum.add(message.span)
        var span = message.mutableSpan
        span.store(sum.value, at: 2)
        let header = IPv4Header(
            source: router, destination: us, totalLength: UInt16(20 + message.count), protocolNumber: 1)
        capture(Self.octets(header) + message, at: time)
    }

    private mutating func capture(_ packet: [UInt8], at time: Timestamp) {
        frames.append(packet)
        let frame = CapturedFrame(
            range: 0..<packet.count, linkType: .raw, time: time, originalLength: packet.count, interface: "veth0")
        if let event = recorder.observe(Dissection(packet: packet.span), of: frame, octets: packet) { take(event) }
    }

    /// The packet that a segment travelled in, its checksum as wrong as it was.
    private static func packet(_ observed: ObservedSegment) -> [UInt8] {
        var octets = observed.segment.octets(source: observed.ip.source, destination: observed.ip.destination)
        if observed.checksum == .bad { octets[16] ^= 0x55 }
        switch observed.ip {
        case .v4(var header):
            header.totalLength = UInt16(20 + octets.count)
            return Self.octets(header) + octets
        case .v6(var header, _):
            header.payloadLength = UInt16(octets.count)
            var packet = [UInt8](repeating: 0, count: 40)
            var span = packet.mutableSpan
            header.write(to: &span)
            return packet + octets
        }
    }

    private static func octets(_ header: IPv4Header) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: 20)
        var span = octets.mutableSpan
        header.write(to: &span)
        var sum = InternetChecksum()
        sum.add(octets.span)
        span = octets.mutableSpan
        span.store(sum.value, at: 10)
        return octets
    }

    /// The file that a run would have written; `settledAt` events before its result was known.
    func file(settledAt: Int? = nil, statistics: [PCAPNGStatistics] = []) -> [UInt8] {
        var writer = TranscriptWriter(PCAPNGSection(comments: ["handprobe close"], application: "handprobe"))
        writer.add(PCAPNGInterface(name: "veth0", linkType: .raw, snaplen: 65536))
        writer.begin(1, flow, expectation)
        for (index, (event, reading)) in zip(events, readings).enumerated() {
            if index == settledAt { writer.settle(1) }
            writer.add(event, reading, of: 1)
        }
        if settledAt == events.count { writer.settle(1) }
        writer.end(statistics)
        return writer.take()
    }
}
