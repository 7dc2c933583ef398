import HandprobeWire

/// Answers to ARP requests (RFC 826) and neighbour solicitations (RFC 4861) for any address but our own.
enum NeighbourAnswer {
    /// The frame that answers `frame`, when it asks for somebody else than `ours`.
    static func frame(to frame: [UInt8], from address: [UInt8], ours: NetworkInterface) -> [UInt8]? {
        guard frame.count >= 42 else { return nil }
        switch (frame[12], frame[13]) {
        case (0x08, 0x06): return arp(frame, address, ours)
        case (0x86, 0xDD): return advertisement(frame, address, ours)
        default: return nil
        }
    }

    private static func arp(_ frame: [UInt8], _ address: [UInt8], _ ours: NetworkInterface) -> [UInt8]? {
        let (sender, target) = (Array(frame[22..<32]), Array(frame[38..<42]))
        guard frame[20] == 0, frame[21] == 1, number(target) != UInt128(ours.ipv4.rawValue) else { return nil }
        return Array(frame[6..<12]) + address + Array(frame[12..<20]) + [0, 2] + address + target + sender
    }

    private static func advertisement(_ frame: [UInt8], _ address: [UInt8], _ ours: NetworkInterface) -> [UInt8]? {
        guard frame.count >= 78, frame[20] == 58, frame[54] == 135 else { return nil }
        let (asker, target) = (Array(frame[22..<38]), Array(frame[62..<78]))
        // From the unspecified address comes duplicate address detection, to which nobody objects.
        guard number(asker) != 0, ![ours.ipv6.rawValue, ours.linkLocal.rawValue].contains(number(target)) else {
            return nil
        }
        // Solicited and override flags, the target, and the link-layer address option.
        var message: [UInt8] = [136, 0, 0, 0, 0x60, 0, 0, 0] + target + [2, 1] + address
        var sum = InternetChecksum()
        sum.addPseudoHeader(
            source: .v6(IPv6Address(number(target))),
            destination: .v6(IPv6Address(number(asker))),
            protocol: 58,
            length: message.count
        )
        sum.add(message.span)
        (message[2], message[3]) = (UInt8(sum.value >> 8), UInt8(sum.value & 0xFF))
        let header: [UInt8] = [0x60, 0, 0, 0, 0, UInt8(message.count), 58, 255] + target + asker
        return Array(frame[6..<12]) + address + [0x86, 0xDD] + header + message
    }

    private static func number(_ octets: [UInt8]) -> UInt128 { octets.reduce(0) { $0 << 8 | UInt128($1) } }
}
