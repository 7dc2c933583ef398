/// The key of the TCP MD5 signature option (RFC 2385), which both ends of a connection share.
public struct SignatureKey: Hashable, Sendable {
    /// The most octets that Linux takes (TCP_MD5SIG_MAXKEYLEN).
    public static let mostOctets = 80

    /// The octets of the key.
    let octets: [UInt8]

    /// A key of 1 to 80 octets; nil for any other.
    public init?(_ octets: [UInt8]) {
        guard (1...Self.mostOctets).contains(octets.count) else { return nil }
        self.octets = octets
    }

    /// Signs a segment whose other fields are final: its digest goes into its MD5 option, which is added where there is none.
    ///
    /// The checksum takes no part. Without room for the option the segment stays as it is.
    public func sign(_ segment: inout TCPSegment, from source: IPAddress, to destination: IPAddress) {
        let words = { (options: TCPOptions) in UInt8((TCPHeader.minimumLength + options.count + 3) / 4) }
        let isLengthRight = segment.header.dataOffset == words(segment.options)
        guard segment.options.makeRoomForSignature() else { return }
        if isLengthRight { segment.header.dataOffset = words(segment.options) }
        segment.options.setSignature(digest(of: segment, from: source, to: destination))
    }

    /// True when a segment is signed with this key.
    public func verifies(_ segment: TCPSegment, from source: IPAddress, to destination: IPAddress) -> Bool {
        segment.options.signature == digest(of: segment, from: source, to: destination)
    }

    /// RFC 2385 §2.0: over the pseudo-header, the header without options and with a checksum of zero, the text, and the key.
    private func digest(of segment: TCPSegment, from source: IPAddress, to destination: IPAddress) -> [UInt8] {
        let length = TCPHeader.minimumLength + segment.options.count + segment.payload.count
        var header = segment.header
        header.checksum = 0
        var fixed = [UInt8](repeating: 0, count: TCPHeader.minimumLength)
        var span = fixed.mutableSpan
        header.write(to: &span, at: 0)
        return MD5.digest(
            of: Self.pseudoHeader(source, destination, length: length) + fixed + segment.payload + octets)
    }

    /// As for the checksum: RFC 9293 §3.1, RFC 8200 §8.1.
    private static func pseudoHeader(_ source: IPAddress, _ destination: IPAddress, length: Int) -> [UInt8] {
        let addresses = octets(source) + octets(destination)
        return switch destination.family {
        case .v4: addresses + [0, 6] + octets(UInt16(truncatingIfNeeded: length))
        case .v6: addresses + octets(UInt32(truncatingIfNeeded: length)) + [0, 0, 0, 6]
        }
    }

    private static func octets(_ address: IPAddress) -> [UInt8] {
        switch address {
        case .v4(let address): octets(address.rawValue)
        case .v6(let address): octets(address.rawValue)
        }
    }

    /// The octets of a number, most significant first.
    private static func octets<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        stride(from: Number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Number($0)) }
    }
}
