public import HandprobeWire

/// An ICMP or ICMPv6 error that a scripted peer, or a router it plays, sends about a segment.
public struct ICMPAnswer: Hashable, Sendable {
    private let v4Type, v4Code, v6Type, v6Code: UInt8
    /// The four octets behind the checksum: an MTU, for one.
    public var parameter: UInt32 = 0
    /// The quote is of a segment that was never sent: its sequence number is another one.
    public var quotesAnother = false
    /// Octets of the TCP header in the quote; a router need not send more than 8 (RFC 792).
    public var quotedOctets = 8

    /// An error by its type and code for each version.
    public init(v4: (type: UInt8, code: UInt8), v6: (type: UInt8, code: UInt8)) {
        (v4Type, v4Code, v6Type, v6Code) = (v4.type, v4.code, v6.type, v6.code)
    }

    /// Host or address unreachable.
    public static let hostUnreachable = ICMPAnswer(v4: (3, 1), v6: (1, 3))
    /// Port unreachable.
    public static let portUnreachable = ICMPAnswer(v4: (3, 3), v6: (1, 4))
    /// Communication administratively prohibited.
    public static let prohibited = ICMPAnswer(v4: (3, 13), v6: (1, 1))
    /// Time or hop limit exceeded in transit.
    public static let timeExceeded = ICMPAnswer(v4: (11, 0), v6: (3, 0))

    /// The same error with a quote that is not ours.
    public var notOurs: ICMPAnswer {
        var answer = self
        answer.quotesAnother = true
        return answer
    }

    /// The IP packet with the error about `segment`, sent by `source`.
    public func packet(about segment: EdgeSegment, from source: IPAddress) -> [UInt8] {
        let quote = quote(of: segment)
        switch (source, segment.ip.source) {
        case (.v4(let from), .v4(let to)):
            let message = message(v4Type, v4Code, quote) { _ in }
            return Self.packet(from: from, to: to, message)
        case (.v6(let from), .v6(let to)):
            let message = message(v6Type, v6Code, quote) {
                $0.addPseudoHeader(
                    source: source, destination: segment.ip.source, protocol: 58, length: quote.count + 8)
            }
            var header = [UInt8](repeating: 0, count: IPv6Header.length)
            var span = header.mutableSpan
            IPv6Header(source: from, destination: to, payloadLength: UInt16(message.count), nextHeader: 58)
                .write(to: &span)
            return header + message
        default: return []
        }
    }

    private func quote(of segment: EdgeSegment) -> [UInt8] {
        let header: Int
        switch segment.ip {
        case .v4(let ip): header = ip.length
        case .v6: header = IPv6Header.length
        }
        var quote = Array(segment.packet.prefix(header + quotedOctets))
        // The sequence number's first octet.
        if quotesAnother, quote.count > header + 4 { quote[header + 4] ^= 0x55 }
        return quote
    }

    private func message(
        _ type: UInt8,
        _ code: UInt8,
        _ quote: [UInt8],
        _ addPseudoHeader: (inout InternetChecksum) -> Void
    ) -> [UInt8] {
        let rest = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: parameter >> UInt32($0)) }
        var octets = [type, code, 0, 0] + rest + quote
        var sum = InternetChecksum()
        addPseudoHeader(&sum)
        sum.add(octets.span)
        (octets[2], octets[3]) = (UInt8(sum.value >> 8), UInt8(sum.value & 0xFF))
        return octets
    }

    private static func packet(from source: IPv4Address, to destination: IPv4Address, _ message: [UInt8]) -> [UInt8] {
        let header = IPv4Header(
            source: source,
            destination: destination,
            totalLength: UInt16(IPv4Header.minimumLength + message.count),
            protocolNumber: 1
        )
        var octets = [UInt8](repeating: 0, count: IPv4Header.minimumLength)
        var span = octets.mutableSpan
        header.write(to: &span)
        var sum = InternetChecksum()
        sum.add(octets.span)
        (octets[10], octets[11]) = (UInt8(sum.value >> 8), UInt8(sum.value & 0xFF))
        return octets + message
    }
}
