extension PacketAnnotation {
    mutating func annotateIPv4() {
        guard packet.count >= IPv4Header.minimumLength else {
            addRest(.ipv4, "octets", packet.indices, "too few for an IPv4 header")
            return
        }
        let words = number(0..<1, bits: 4..<8)
        let isPlausible = words >= 5 && words * 4 <= packet.count
        let end = isPlausible ? words * 4 : IPv4Header.minimumLength
        add(.ipv4, "version", 0..<1, bits: 0..<4, "\(packet[0] >> 4)", packet[0] >> 4 == 4 ? "" : "wrong: 4 is IPv4")
        add(
            .ipv4,
            "header length",
            0..<1,
            bits: 4..<8,
            "\(words)",
            "\(words * 4) octets" + (isPlausible ? "" : ", which cannot be")
        )
        addTrafficClass(.ipv4, octets: 1..<2, firstBit: 0)
        let length = number(2..<4)
        add(
            .ipv4,
            "total length",
            2..<4,
            "\(length)",
            length == packet.count ? "" : "wrong: the packet has \(packet.count)"
        )
        add(.ipv4, "identification", 4..<6, Self.hex(number(4..<6), digits: 4))
        for (bit, name) in ["reserved bit", "don't fragment", "more fragments"].enumerated() {
            add(.ipv4, name, 6..<8, bits: bit..<bit + 1, "\(number(6..<8, bits: bit..<bit + 1))")
        }
        let offset = number(6..<8, bits: 3..<16)
        add(.ipv4, "fragment offset", 6..<8, bits: 3..<16, "\(offset)", offset == 0 ? "" : "\(offset * 8) octets")
        add(.ipv4, "time to live", 8..<9, "\(packet[8])")
        add(.ipv4, "protocol", 9..<10, "\(packet[9])", Self.name(ofProtocol: packet[9]))
        add(.ipv4, "header checksum", 10..<12, Self.hex(number(10..<12), digits: 4), headerChecksumMeaning(end: end))
        add(.ipv4, "source address", 12..<16, "\(IPv4Address(UInt32(number(12..<16))))")
        add(.ipv4, "destination address", 16..<20, "\(IPv4Address(UInt32(number(16..<20))))")
        addRest(.ipv4, "options", IPv4Header.minimumLength..<end)
        annotatePayload(from: end, protocolNumber: packet[9], isLaterFragment: offset > 0)
    }

    mutating func annotateIPv6() {
        guard packet.count >= IPv6Header.length else {
            addRest(.ipv6, "octets", packet.indices, "too few for an IPv6 header")
            return
        }
        add(.ipv6, "version", 0..<1, bits: 0..<4, "\(packet[0] >> 4)", packet[0] >> 4 == 6 ? "" : "wrong: 6 is IPv6")
        addTrafficClass(.ipv6, octets: 0..<2, firstBit: 4)
        add(.ipv6, "flow label", 1..<4, bits: 4..<24, Self.hex(number(1..<4, bits: 4..<24), digits: 5))
        let length = number(4..<6)
        let actual = packet.count - IPv6Header.length
        add(
            .ipv6,
            "payload length",
            4..<6,
            "\(length)",
            length == actual ? "" : "wrong: \(actual) octets follow the header"
        )
        add(.ipv6, "next header", 6..<7, "\(packet[6])", Self.name(ofProtocol: packet[6]))
        add(.ipv6, "hop limit", 7..<8, "\(packet[7])")
        add(.ipv6, "source address", 8..<24, "\(IPv6Address(packet.span.uint128(at: 8)))")
        add(.ipv6, "destination address", 24..<40, "\(IPv6Address(packet.span.uint128(at: 24)))")
        guard let layout = PacketLayout(crafted: packet, family: .v6) else {
            addRest(
                .extensionHeader, "octets", IPv6Header.length..<packet.count, "extension headers that cannot be walked")
            return
        }
        addRest(.extensionHeader, "extension headers", IPv6Header.length..<layout.start)
        let isLaterFragment = layout.fragment.map { $0.offset > 0 } ?? false
        annotatePayload(from: layout.start, protocolNumber: layout.protocolNumber, isLaterFragment: isLaterFragment)
    }

    private mutating func addTrafficClass(_ layer: WireLayer, octets: Range<Int>, firstBit: Int) {
        let codePoint = firstBit..<firstBit + 6
        let congestion = firstBit + 6..<firstBit + 8
        add(layer, "dscp", octets, bits: codePoint, "\(number(octets, bits: codePoint))")
        let names = ["not ECN-capable", "ECT(1)", "ECT(0)", "CE"]
        let value = number(octets, bits: congestion)
        add(layer, "ecn", octets, bits: congestion, "\(value)", names[value])
    }

    private func headerChecksumMeaning(end: Int) -> String {
        var header = Array(packet[..<end])
        header.replaceSubrange(10..<12, with: [0, 0])
        var sum = InternetChecksum()
        sum.add(header.span)
        return Int(sum.value) == number(10..<12) ? "right" : "wrong: right is \(Self.hex(sum.value, digits: 4))"
    }

    private mutating func annotatePayload(from start: Int, protocolNumber: UInt8, isLaterFragment: Bool) {
        if protocolNumber == 6, !isLaterFragment, packet.count - start >= TCPHeader.minimumLength {
            annotateTCP(from: start)
        } else {
            addRest(family == .v4 ? .ipv4 : .ipv6, "payload", start..<packet.count)
        }
    }

    private static func name(ofProtocol number: UInt8) -> String {
        switch number {
        case 1: "ICMP"
        case 6: "TCP"
        case 17: "UDP"
        case 58: "ICMPv6"
        default: ""
        }
    }
}
