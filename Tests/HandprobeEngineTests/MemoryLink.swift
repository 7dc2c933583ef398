import HandprobeTCP
import HandprobeWire

/// The other end of a link in memory.
protocol MemoryPeer: AnyObject {
    /// A segment has reached the peer.
    func arrives(_ segment: TCPSegment, at now: Instant)
    /// The next segment the peer sends, or nil.
    func poll(at now: Instant) -> TCPSegment?
    /// When to poll again if nothing arrives.
    var nextTimeout: Instant? { get }
}

/// A segment transport without a kernel: virtual time, a capture, and a link to one peer that impairs from a seed.
final class MemoryLink: SegmentTransport {
    /// Chances, from 0 to 1, of what happens to each packet, and how long it takes.
    struct Impairment {
        var loss = 0.0
        var duplication = 0.0
        var delay = Duration.milliseconds(10)
        var jitter = Duration.zero
    }

    private struct Flight {
        var arrival: Instant
        var order: Int
        var toPeer: Bool
        var octets: [UInt8]
    }

    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    var impairment: Impairment
    /// Decides about each packet of ours by its number, from 1, before chance does; false loses it.
    var passesOurs: (Int, TCPSegment) -> Bool = { _, _ in true }
    /// The same for the peer's.
    var passesTheirs: (Int, TCPSegment) -> Bool = { _, _ in true }
    /// What the peer sent and is captured just before this packet of ours, by its number, leaves.
    var crossing: (Int) -> TCPSegment? = { _ in nil }
    /// How long it takes until whoever has sent a packet gets on.
    var sendingTakes = Duration.zero
    /// Incidents to deliver at their moment.
    var incidents: [(at: Instant, Incident)] = []
    /// How often something was waited for.
    private(set) var waitCount = 0
    /// Every segment that reached the peer.
    private(set) var reachedPeer: [TCPSegment] = []
    private let flow: FourTuple
    private let peer: any MemoryPeer
    private var random: SplitMix64
    private var flights: [Flight] = []
    private var captured: [(time: Instant, octets: [UInt8])] = []
    private var order = 0
    private var oursCount = 0
    private var theirsCount = 0

    init(flow: FourTuple, peer: any MemoryPeer, impairment: Impairment = Impairment(), seed: UInt64 = 1) {
        self.flow = flow
        self.peer = peer
        self.impairment = impairment
        self.random = SplitMix64(state: seed)
    }

    func wallClock(of instant: Instant) -> Timestamp {
        Timestamp(nanoseconds: 1_800_000_000_000_000_000 + instant.nanoseconds)
    }

    func send(_ packets: [OutgoingPacket]) -> [SendFailure?] {
        for packet in packets {
            oursCount += 1
            if var segment = crossing(oursCount) {
                segment.header.sourcePort = flow.remote.port
                segment.header.destinationPort = flow.local.port
                captured.append((now, SegmentTemplate(segment: segment).packet(from: flow.remote, to: flow.local)))
            }
            captured.append((now, packet.octets))
            // A packet broken on purpose is discarded by the peer.
            if Self.isSound(packet.octets), passesOurs(oursCount, segment(in: packet.octets)) {
                launch(packet.octets, toPeer: true)
            }
            now = now + sendingTakes
        }
        return packets.map { _ in nil }
    }

    func receive(into arrivals: inout Arrivals, until deadline: Instant?) {
        waitCount += 1
        arrivals.removeAll()
        while captured.isEmpty && arrivals.incidents.isEmpty {
            let next = [flights.map(\.arrival).min(), peer.nextTimeout, incidents.map(\.at).min()].compactMap { $0 }
                .min()
            guard let next, deadline.map({ next <= $0 }) ?? true else {
                now = max(now, deadline ?? now + .seconds(3600))
                return
            }
            now = max(now, next)
            advance(&arrivals)
        }
        for frame in captured {
            arrivals.append(
                frame.octets.span,
                linkType: .raw,
                time: wallClock(of: frame.time),
                originalLength: frame.octets.count,
                interface: "memory"
            )
        }
        captured.removeAll()
    }

    private func advance(_ arrivals: inout Arrivals) {
        for incident in incidents where incident.at <= now { arrivals.incidents.append(incident.1) }
        incidents.removeAll { $0.at <= now }
        let due = flights.filter { $0.arrival <= now }.sorted { ($0.arrival, $0.order) < ($1.arrival, $1.order) }
        flights.removeAll { $0.arrival <= now }
        for flight in due {
            if flight.toPeer {
                reachedPeer.append(segment(in: flight.octets))
                peer.arrives(segment(in: flight.octets), at: now)
            } else {
                captured.append((flight.arrival, flight.octets))
            }
        }
        while let segment = peer.poll(at: now) {
            theirsCount += 1
            guard passesTheirs(theirsCount, segment) else { continue }
            launch(SegmentTemplate(segment: segment).packet(from: flow.remote, to: flow.local), toPeer: false)
        }
    }

    private func launch(_ octets: [UInt8], toPeer: Bool) {
        guard !random.chance(impairment.loss) else { return }
        for _ in 0..<(random.chance(impairment.duplication) ? 2 : 1) {
            order += 1
            let jitter = impairment.jitter.wholeNanoseconds
            let extra = jitter > 0 ? Int64(random.next() % UInt64(jitter)) : 0
            let arrival = now + impairment.delay + .nanoseconds(extra)
            flights.append(Flight(arrival: arrival, order: order, toPeer: toPeer, octets: octets))
        }
    }

    private static func isSound(_ packet: [UInt8]) -> Bool {
        let dissection = Dissection(packet: packet.span)
        guard case .tcp(_, .good) = dissection.transport else { return false }
        return dissection.problem == nil
    }

    private func segment(in packet: [UInt8]) -> TCPSegment {
        let dissection = Dissection(frame: packet.span, linkType: .raw, originalLength: packet.count)
        guard case .tcp(let segment, .good) = dissection.transport else {
            preconditionFailure("a packet on the link is no TCP segment with a good checksum")
        }
        return segment
    }
}

/// A small generator of pseudo-random numbers: the same seed, the same numbers.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ probability: Double) -> Bool {
        probability > 0 && Double(next() >> 11) / Double(1 << 53) < probability
    }
}
