import HandprobeTCP
import HandprobeWire

/// A transport in virtual time on which packets come from anywhere, and clients may be behind some of the addresses.
final class CrowdLink: SegmentTransport {
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    /// What we sent, by destination.
    private(set) var sent: [SocketAddress: [TCPSegment]] = [:]
    private let local: SocketAddress
    private var coming: [(at: Instant, octets: [UInt8])]
    private var next = 0
    private var peers: [SocketAddress: any MemoryPeer]
    private var captured: [(time: Instant, octets: [UInt8])] = []

    /// `syns` come by themselves, each at its time after the start; nobody is behind them, unless `peers` has a client.
    init(
        local: SocketAddress, syns: [(after: Duration, from: SocketAddress)],
        peers: [SocketAddress: any MemoryPeer] = [:]
    ) {
        self.local = local
        self.peers = peers
        let start = now
        coming = syns.map { syn in
            var segment = TCPSegment(seq: SequenceNumber(7), flags: .syn, wnd: 64240)
            segment.header.sourcePort = syn.from.port
            segment.header.destinationPort = local.port
            return (start + syn.after, SegmentTemplate(segment: segment).packet(from: syn.from, to: local))
        }
    }

    func wallClock(of instant: Instant) -> Timestamp {
        Timestamp(nanoseconds: 1_800_000_000_000_000_000 + instant.nanoseconds)
    }

    func send(_ packets: [OutgoingPacket]) -> [SendFailure?] {
        for packet in packets {
            captured.append((now, packet.octets))
            guard case .tcp(let segment, .good) = Dissection(packet: packet.octets.span).transport else { continue }
            sent[packet.destination, default: []].append(segment)
            peers[packet.destination]?.arrives(segment, at: now)
        }
        return packets.map { _ in nil }
    }

    func receive(into arrivals: inout Arrivals, until deadline: Instant?) {
        arrivals.removeAll()
        collect()
        while captured.isEmpty {
            let due = [next < coming.count ? coming[next].at : nil, peers.values.compactMap(\.nextTimeout).min()]
            guard let moment = due.compactMap({ $0 }).min(), deadline.map({ moment <= $0 }) ?? true else {
                now = max(now, deadline ?? now + .seconds(3600))
                return
            }
            now = max(now, moment)
            collect()
        }
        for frame in captured {
            arrivals.append(
                frame.octets.span, linkType: .raw, time: wallClock(of: frame.time), originalLength: frame.octets.count,
                interface: "crowd")
        }
        captured.removeAll()
    }

    private func collect() {
        while next < coming.count, coming[next].at <= now {
            captured.append((coming[next].at, coming[next].octets))
            next += 1
        }
        for (address, peer) in peers {
            while let segment = peer.poll(at: now) {
                captured.append((now, SegmentTemplate(segment: segment).packet(from: address, to: local)))
            }
        }
    }
}
