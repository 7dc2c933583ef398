public import HandprobeWire

/// An Ethernet frame as the test kit saw it, read by a few lines of its own: the judge of HandprobeWire must not be
/// HandprobeWire.
public struct ObservedFrame: Hashable, Sendable {
    /// The octets from the destination address on.
    public var octets: [UInt8]
    /// True when the host that was observed sent it.
    public var outgoing: Bool
    /// The kernel's CLOCK_REALTIME stamp.
    public var time: Timestamp

    /// A frame from its parts.
    public init(octets: [UInt8], outgoing: Bool = false, time: Timestamp = Timestamp(nanoseconds: 0)) {
        self.octets = octets
        self.outgoing = outgoing
        self.time = time
    }

    /// The EtherType.
    public var etherType: Int { number(at: 12, 2) }

    /// Where the IP header ends, and the protocol number of what follows.
    var network: (protocolNumber: Int, start: Int, end: Int)? {
        switch etherType {
        case 0x0800 where octets.count >= 34:
            let end = min(octets.count, 14 + number(at: 16, 2))
            return (Int(octets[23]), 14 + Int(octets[14] & 15) * 4, end)
        case 0x86DD where octets.count >= 54:
            return (Int(octets[20]), 54, min(octets.count, 54 + number(at: 18, 2)))
        default: return nil
        }
    }

    /// The TCP segment, when it is one.
    public var tcp: ObservedSegment? {
        guard let network, network.protocolNumber == 6, network.start + 20 <= network.end else { return nil }
        let header = network.start
        let text = header + Int(octets[header + 12] >> 4) * 4
        guard text >= header + 20, text <= network.end else { return nil }
        return ObservedSegment(
            source: SocketAddress(sourceAddress, port: UInt16(number(at: header, 2))),
            destination: SocketAddress(destinationAddress, port: UInt16(number(at: header + 2, 2))),
            seq: SequenceNumber(UInt32(number(at: header + 4, 4))),
            ack: SequenceNumber(UInt32(number(at: header + 8, 4))),
            flags: TCPFlags(rawValue: UInt16(number(at: header + 12, 2) & 0xFFF)),
            window: UInt16(number(at: header + 14, 2)),
            options: Array(octets[header + 20..<text]),
            payload: Array(octets[text..<network.end]),
            hopLimit: octets[etherType == 0x0800 ? 22 : 21],
            checksumIsGood: checksumIsGood(network.start..<network.end)
        )
    }

    /// Type and code of an ICMP or ICMPv6 message, when it is one.
    public var icmp: (type: UInt8, code: UInt8)? {
        guard let network, [1, 58].contains(network.protocolNumber), network.start + 8 <= network.end else {
            return nil
        }
        return (octets[network.start], octets[network.start + 1])
    }

    /// True for what a link needs to work at all: ARP, neighbour discovery, multicast listener reports.
    public var isLinkUpkeep: Bool {
        guard let network else { return true }
        // A hop-by-hop header (0) on these links only carries multicast listener reports.
        return network.protocolNumber == 0 || network.protocolNumber == 58 && (icmp.map { $0.type >= 130 } ?? true)
            || network.protocolNumber == 2
    }

    private var sourceAddress: IPAddress { address(at: etherType == 0x0800 ? 26 : 22) }
    private var destinationAddress: IPAddress { address(at: etherType == 0x0800 ? 30 : 38) }

    private func address(at offset: Int) -> IPAddress {
        if etherType == 0x0800 { return .v4(IPv4Address(UInt32(number(at: offset, 4)))) }
        return .v6(IPv6Address(octets[offset..<offset + 16].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }))
    }

    private func number(at offset: Int, _ length: Int) -> Int {
        guard offset + length <= octets.count else { return 0 }
        return octets[offset..<offset + length].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The sum over the pseudo-header and the segment is all ones (RFC 9293 §3.1).
    private func checksumIsGood(_ segment: Range<Int>) -> Bool {
        let addresses = etherType == 0x0800 ? 26..<34 : 22..<54
        var sum = 6 + segment.count
        for part in [addresses, segment] {
            for (index, octet) in octets[part].enumerated() { sum += index % 2 == 0 ? Int(octet) << 8 : Int(octet) }
        }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return sum == 0xFFFF
    }
}

/// The TCP segment in an `ObservedFrame`.
public struct ObservedSegment: Hashable, Sendable {
    /// The sender.
    public var source: SocketAddress
    /// The receiver.
    public var destination: SocketAddress
    /// SEG.SEQ
    public var seq: SequenceNumber
    /// SEG.ACK
    public var ack: SequenceNumber
    /// The control bits.
    public var flags: TCPFlags
    /// SEG.WND, unscaled.
    public var window: UInt16
    /// The option octets.
    public var options: [UInt8]
    /// The text.
    public var payload: [UInt8]
    /// TTL or hop limit, in hops.
    public var hopLimit: UInt8
    /// The checksum covers the segment. On veth with offloads, what a kernel sends is not filled in and so not good.
    public var checksumIsGood: Bool
}

extension ObservedSegment: CustomStringConvertible {
    /// One line for a test's failure.
    public var description: String {
        let names: [(TCPFlags, String)] = [(.syn, "S"), (.fin, "F"), (.rst, "R"), (.psh, "P"), (.ack, ".")]
        let letters = names.filter { flags.contains($0.0) }.map(\.1).joined()
        return "\(source) > \(destination) \(letters) \(seq)(\(payload.count)) ack \(ack) win \(window)"
    }
}
