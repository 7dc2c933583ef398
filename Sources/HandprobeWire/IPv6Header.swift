/// The forty fixed octets of an IPv6 header (RFC 8200 §3), fields in host order. Any bits are representable.
public struct IPv6Header: Hashable, Sendable {
    /// Octets in the fixed header.
    public static let length = 40

    /// Version, four bits; a correct one is 6.
    public var version: UInt8
    /// Traffic class: DSCP in the upper six bits, ECN in the lower two.
    public var trafficClass: UInt8
    /// Flow label, twenty bits.
    public var flowLabel: UInt32
    /// Octets after this header, extension headers included.
    public var payloadLength: UInt16
    /// Protocol number of what follows; 6 is TCP.
    public var nextHeader: UInt8
    /// Hop limit.
    public var hopLimit: UInt8
    /// Source address.
    public var source: IPv6Address
    /// Destination address.
    public var destination: IPv6Address

    /// A header with the given fields: by default one that a TCP segment follows at once.
    public init(
        source: IPv6Address,
        destination: IPv6Address,
        trafficClass: UInt8 = 0,
        flowLabel: UInt32 = 0,
        payloadLength: UInt16 = 0,
        nextHeader: UInt8 = 6,
        hopLimit: UInt8 = 64
    ) {
        self.version = 6
        self.trafficClass = trafficClass
        self.flowLabel = flowLabel & 0xFFFFF
        self.payloadLength = payloadLength
        self.nextHeader = nextHeader
        self.hopLimit = hopLimit
        self.source = source
        self.destination = destination
    }

    /// The header at the start of `octets`. Throws `WireError` when there are too few or the version is not 6.
    public init(parsing octets: Span<UInt8>) throws(WireError) {
        try octets.require(Self.length, of: .ipv6)
        guard octets[0] >> 4 == 6 else { throw .badVersion(octets[0] >> 4, offset: 0) }
        let first = octets.uint32(at: 0)
        self.version = octets[0] >> 4
        self.trafficClass = UInt8(truncatingIfNeeded: first >> 20)
        self.flowLabel = first & 0xFFFFF
        self.payloadLength = octets.uint16(at: 4)
        self.nextHeader = octets[6]
        self.hopLimit = octets[7]
        self.source = IPv6Address(octets.uint128(at: 8))
        self.destination = IPv6Address(octets.uint128(at: 24))
    }

    /// Writes the forty octets at `offset` of `octets`, which must have room for them.
    public func write(to octets: inout MutableSpan<UInt8>, at offset: Int = 0) {
        octets.store(UInt32(version) << 28 | UInt32(trafficClass) << 20 | flowLabel & 0xFFFFF, at: offset)
        octets.store(payloadLength, at: offset + 4)
        octets[offset + 6] = nextHeader
        octets[offset + 7] = hopLimit
        octets.store(source.rawValue, at: offset + 8)
        octets.store(destination.rawValue, at: offset + 24)
    }
}
