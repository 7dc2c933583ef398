/// The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words.
public struct InternetChecksum: Hashable, Sendable {
    /// The running sum of 16-bit words, not yet folded.
    @usableFromInline
    var sum: UInt64 = 0

    /// An empty sum.
    @inlinable
    public init() {}

    /// Adds one 16-bit word, in host order.
    @inlinable
    public mutating func add(_ word: UInt16) {
        sum &+= UInt64(word)
    }

    /// Adds a 32-bit number as two words.
    @inlinable
    public mutating func add(_ value: UInt32) {
        sum &+= UInt64(value >> 16) &+ UInt64(value & 0xFFFF)
    }

    /// Adds octets as words, most significant first; an odd last octet is padded with zero on its right.
    @inlinable
    public mutating func add(_ octets: Span<UInt8>) {
        add(unsafe octets.bytes)
    }

    /// Adds octets as words, most significant first; an odd last octet is padded with zero on its right.
    ///
    /// The sum is taken in the machine's own order and swapped at the end (RFC 1071 §2(B)).
    @inlinable
    public mutating func add(_ octets: RawSpan) {
        let count = octets.byteCount
        var native: UInt64 = 0
        var offset = 0
        while offset &+ 4 <= count {
            native &+= UInt64(unsafe octets.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
            offset &+= 4
        }
        if offset &+ 2 <= count {
            native &+= UInt64(unsafe octets.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
            offset &+= 2
        }
        if offset < count {
            native &+= UInt64(UInt16(unsafe octets.unsafeLoad(fromByteOffset: offset, as: UInt8.self)).littleEndian)
        }
        sum &+= UInt64(Self.fold(native).bigEndian)
    }

    /// Adds what the pseudo-header contributes: both addresses, the protocol and the length in octets.
    ///
    /// RFC 9293 §3.1, RFC 8200 §8.1.
    public mutating func addPseudoHeader(
        source: IPAddress,
        destination: IPAddress,
        protocol number: UInt8,
        length: Int
    ) {
        add(source)
        add(destination)
        add(UInt16(number))
        add(UInt32(truncatingIfNeeded: length))
    }

    private mutating func add(_ address: IPAddress) {
        switch address {
        case .v4(let address): add(address.rawValue)
        case .v6(let address):
            for shift in stride(from: 96, through: 0, by: -32) {
                add(UInt32(truncatingIfNeeded: address.rawValue >> UInt128(shift)))
            }
        }
    }

    /// The sum folded to 16 bits, not complemented: what an offloading kernel leaves in the field for the card to finish.
    @inlinable
    public var folded: UInt16 { Self.fold(sum) }

    /// The value of the checksum field.
    @inlinable
    public var value: UInt16 { ~folded }

    @usableFromInline
    static func fold(_ sum: UInt64) -> UInt16 {
        var sum = sum
        while sum > 0xFFFF { sum = (sum & 0xFFFF) &+ (sum >> 16) }
        return UInt16(truncatingIfNeeded: sum)
    }
}

/// What a checksum field says about its segment. Three values, because a capture sees frames before offload fills them in.
public enum ChecksumVerdict: String, Hashable, Sendable {
    /// The field is right.
    case good
    /// The field is wrong: shown and judged, never acted upon.
    case bad
    /// The field holds only the pseudo-header's sum: the card, or nobody on a virtual link, would have filled it in.
    case notFilledIn = "not-filled-in"
    /// It cannot be told: the capture or a fragment does not hold the whole segment.
    case unverifiable
}
