import HandprobeTCP
import HandprobeWire

extension FlowRecorder.Crafted {
    /// Reads a packet that is about to be sent; nil when no segment is in it, whatever its length fields say.
    init?(_ packet: [UInt8], at now: Instant) {
        let dissection = Dissection(packet: packet.span)
        if case .tcp(let segment, _)? = dissection.transport, let ip = dissection.ip {
            self.init(ip: ip, segment: segment, at: now)
            // A length of 0 is read as what a card cuts into packets that fit; nothing of ours is left to a card.
            if ip.lengthField == 0 {
                broken = packet
                problem = .badLength(layer: ip.source.family == .v4 ? .ipv4 : .ipv6, value: 0, offset: 0)
            }
            return
        }
        let repaired = Dissection(packet: Self.withRightLength(packet).span)
        guard let problem = dissection.problem, case .tcp(let segment, _)? = repaired.transport,
            let ip = dissection.ip ?? repaired.ip
        else { return nil }
        self.init(ip: ip, segment: segment, at: now, broken: packet, problem: problem)
    }

    /// True when the packet is broken and `frame` is it, behind its link header; a frame that only quotes it is not.
    func isCarried(by frame: [UInt8], behind linkType: LinkType) -> Bool {
        guard !broken.isEmpty, frame.count >= broken.count, let start = linkType.headerLength(of: frame.span) else {
            return false
        }
        return frame[start...].starts(with: broken)
    }

    /// The packet with total length (IPv4) or payload length (IPv6) as it should be.
    private static func withRightLength(_ packet: [UInt8]) -> [UInt8] {
        guard packet.count >= IPv4Header.minimumLength else { return packet }
        let isV6 = packet[0] >> 4 == 6
        let length = UInt16(clamping: packet.count - (isV6 ? IPv6Header.length : 0))
        let field = isV6 ? 4 : 2
        var packet = packet
        packet[field] = UInt8(length >> 8)
        packet[field + 1] = UInt8(length & 0xFF)
        return packet
    }
}

extension IPHeader {
    /// Total length (IPv4) or payload length (IPv6), as it stands.
    fileprivate var lengthField: UInt16 {
        switch self {
        case .v4(let header): header.totalLength
        case .v6(let header, _): header.payloadLength
        }
    }

    /// True when the header checksum is what it should be; IPv6 has none.
    var isChecksumRight: Bool {
        guard case .v4(let header) = self else { return true }
        var octets = [UInt8](repeating: 0, count: IPv4Header.minimumLength + header.options.count)
        var span = octets.mutableSpan
        header.write(to: &span)
        var sum = InternetChecksum()
        sum.add(octets.span)
        return sum.folded == 0xFFFF
    }
}
