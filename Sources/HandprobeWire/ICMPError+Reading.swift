extension ICMPError {
    /// Whether the type reports an error about a packet that it quotes (RFC 792, RFC 4443 §2.1).
    ///
    /// For IPv4: unreachable, source quench, redirect, time exceeded, parameter problem. For IPv6: unreachable, packet too big,
    /// time exceeded, parameter problem.
    public static func isError(type: UInt8, family: IPAddress.Family) -> Bool {
        switch family {
        case .v4: [3, 4, 5, 11, 12].contains(type)
        case .v6: (1...4).contains(type)
        }
    }

    /// The error whose first eight octets begin `octets`, its quote not yet read.
    init(header octets: Span<UInt8>, family: IPAddress.Family, checksum: ChecksumVerdict) {
        self.init(
            family: family,
            type: octets[0],
            code: octets[1],
            parameter: octets.uint32(at: 4),
            quote: nil,
            checksum: checksum
        )
    }
}

extension ICMPError.Quote {
    /// Octets before the quoted packet.
    private static let start = 8
    /// The least of a TCP header that is quoted: ports and sequence number (RFC 792).
    private static let minimumOctets = 8

    /// Reads the packet quoted by the ICMP message `message`, its eight octets of header included.
    ///
    /// Nil when the packet is not TCP, is a later fragment, or has fewer than eight octets of its segment quoted. Length fields of
    /// the quoted packet are believed only where they are plausible: some routers send them back changed.
    init?(message: Span<UInt8>, family: IPAddress.Family) throws(WireError) {
        let quoted = message.extracting(..<Self.end(in: message, family: family))
        let layout = try PacketLayout(quoted, at: Self.start, family: family, wireEnd: quoted.count)
        if let problem = layout.problem { throw problem }
        guard layout.protocolNumber == 6, layout.fragment.map({ $0.offset == 0 }) ?? true else { return nil }
        let isEndPlausible = layout.end >= layout.start + Self.minimumOctets
        let end = isEndPlausible ? min(layout.end, quoted.count) : quoted.count
        guard layout.start + Self.minimumOctets <= end else { return nil }
        let octets = quoted.extracting(layout.start..<end)
        self.init(
            source: SocketAddress(layout.ip.source, port: octets.uint16(at: 0)),
            destination: SocketAddress(layout.ip.destination, port: octets.uint16(at: 2)),
            sequenceNumber: SequenceNumber(octets.uint32(at: 4)),
            ip: layout.ip,
            octets: [UInt8](copying: octets)
        )
    }

    /// Where the quote ends: at the message's end, or where a length says that extensions begin (RFC 4884 §4).
    private static func end(in message: Span<UInt8>, family: IPAddress.Family) -> Int {
        let length: Int
        switch (family, message[0]) {
        case (.v4, 3), (.v4, 11), (.v4, 12): length = Int(message[5]) * 4
        case (.v6, 1), (.v6, 3): length = Int(message[4]) * 8
        default: length = 0
        }
        return length == 0 ? message.count : min(message.count, Self.start + length)
    }
}
