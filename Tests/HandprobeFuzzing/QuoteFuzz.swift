import HandprobeWire

/// An ICMP message of either family inside a right IP packet, so that the quote is what is tried.
enum QuoteFuzz {
    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        var input = FuzzInput(octets)
        let family: IPAddress.Family = input.flag() ? .v6 : .v4
        let message = input.rest()
        let packet = packet(carrying: message, family)
        let dissection = Dissection(packet: packet.span)
        guard case .icmpError(let error)? = dissection.transport else { return }
        try expect(error.family == family, "an error of the other family")
        try expect(ICMPError.isError(type: error.type, family: family), "type \(error.type) is no error")
        try check(error.quote, in: packet)
        let isRight = message.count > 3 && error.checksum == .good
        guard isRight else { return }
        var broken = packet
        broken[broken.count - 1] ^= 1
        if case .icmpError(let other)? = Dissection(packet: broken.span).transport {
            try expect(other.checksum == .bad, "a changed octet leaves the checksum \(other.checksum)")
        }
    }

    /// What every quote owes: eight octets or more, standing in the frame, its ports and number among them.
    static func check(_ quote: ICMPError.Quote?, in frame: [UInt8]) throws(BrokenRule) {
        guard let quote else { return }
        try expect(quote.octets.count >= 8, "a quote of \(quote.octets.count) octets")
        try expect(FrameFuzz.contains(frame, quote.octets), "a quote that is not in the frame")
        let number = { (range: Range<Int>) in quote.octets[range].reduce(0) { $0 << 8 | UInt32($1) } }
        try expect(UInt32(quote.source.port) == number(0..<2), "a source port that is not quoted")
        try expect(UInt32(quote.destination.port) == number(2..<4), "a destination port that is not quoted")
        try expect(quote.sequenceNumber.rawValue == number(4..<8), "a sequence number that is not quoted")
        try expect(quote.source.address == quote.ip.source, "a source that is not quoted")
    }

    private static func packet(carrying message: [UInt8], _ family: IPAddress.Family) -> [UInt8] {
        var packet: [UInt8]
        switch family {
        case .v4:
            let header = IPv4Header(
                source: IPv4Address(0xC000_0201),
                destination: IPv4Address(0xC000_0202),
                totalLength: UInt16(clamping: IPv4Header.minimumLength + message.count),
                protocolNumber: 1
            )
            packet = [UInt8](repeating: 0, count: IPv4Header.minimumLength)
            var span = packet.mutableSpan
            header.write(to: &span)
        case .v6:
            let header = IPv6Header(
                source: IPv6Address(1),
                destination: IPv6Address(2),
                payloadLength: UInt16(clamping: message.count),
                nextHeader: 58
            )
            packet = [UInt8](repeating: 0, count: IPv6Header.length)
            var span = packet.mutableSpan
            header.write(to: &span)
        }
        return packet + message
    }
}
