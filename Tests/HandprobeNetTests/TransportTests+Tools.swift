import HandprobeNet
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire

extension TransportTests {
    static func loopback(_ family: IPAddress.Family, port: UInt16) -> SocketAddress {
        SocketAddress(family == .v4 ? .v4(.loopback) : .v6(.loopback), port: port)
    }

    /// A packet with an ACK that nobody waits for; its IPv4 identification is set, as the kernel would fill in a zero.
    static func packet(from: SocketAddress, to: SocketAddress, payload: [UInt8] = []) -> [UInt8] {
        var template = SegmentTemplate()
        template.flags = .ack
        template.seq = SequenceNumber(1000)
        template.payload = payload[...]
        template.ip.identification = 0x1234
        return template.packet(from: from, to: to)
    }

    /// The first captured segment that is wanted: its frame and the octets of its IP packet.
    static func frame(
        from transport: NetTransport,
        where isWanted: (TCPSegment) -> Bool
    ) -> (frame: CapturedFrame, octets: [UInt8])? {
        var arrivals = Arrivals()
        let deadline = transport.now + .patience
        while transport.now < deadline {
            transport.receive(into: &arrivals, until: deadline)
            for frame in arrivals.frames {
                let octets = Array(arrivals.octets[frame.range])
                let dissection = Dissection(
                    frame: octets.span, linkType: frame.linkType, originalLength: frame.originalLength)
                if case .tcp(let segment, _) = dissection.transport, isWanted(segment) {
                    return (frame, Array(octets.dropFirst(14)))
                }
            }
        }
        return nil
    }

    /// The first incident that is wanted.
    static func incident(from transport: NetTransport, where isWanted: (Incident) -> Bool) -> Incident? {
        var arrivals = Arrivals()
        let deadline = transport.now + .patience
        while transport.now < deadline {
            transport.receive(into: &arrivals, until: deadline)
            if let incident = arrivals.incidents.first(where: isWanted) { return incident }
        }
        return nil
    }

    /// The first IP packet a witness on the other side sees that is wanted.
    static func packet(seenBy tap: PacketTap, where isWanted: ([UInt8]) -> Bool) throws -> [UInt8] {
        var found: [UInt8] = []
        try waitUntil("the packet is seen") {
            found = tap.frames.map { Array($0.octets.dropFirst(14)) }.first(where: isWanted) ?? []
            return !found.isEmpty
        }
        return found
    }
}
