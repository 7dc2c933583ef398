import HandprobeWire

extension FieldAnnotation {
    /// The header that the field is part of, as a title.
    var title: String {
        switch layer {
        case .link: "link header"
        case .ipv4: "IPv4 header"
        case .ipv6: "IPv6 header"
        case .extensionHeader: "IPv6 extension header"
        case .tcp: name == "payload" ? "TCP payload" : "TCP header"
        case .tcpOptions: "TCP options"
        case .icmp: "ICMP"
        case .icmpv6: "ICMPv6"
        }
    }

    /// The bits of a field that shares `octets` with others, `0100 ....`; nil for a field of whole octets.
    func bitPattern(of octets: ArraySlice<UInt8>) -> String? {
        guard let bits else { return nil }
        var pattern = ""
        for (index, octet) in octets.enumerated() {
            for bit in 0..<8 {
                if bit % 4 == 0, !pattern.isEmpty { pattern += " " }
                let isSet = octet >> UInt8(7 - bit) & 1 == 1
                pattern += bits.contains(index * 8 + bit) ? (isSet ? "1" : "0") : "."
            }
        }
        return pattern
    }

    /// What the value says, where the frame may have been captured in part: what such a frame says of its own length or
    /// sum is not wrong, it is not all there.
    func meaning(inCutFrame isCut: Bool) -> String {
        isCut && meaning.hasPrefix("wrong") && name != "version"
            ? "cannot be told: the frame was not captured whole" : meaning
    }
}
