/// An IPv4 header with its options (RFC 791 §3.1), fields in host order. Any bits are representable.
public struct IPv4Header: Hashable, Sendable {
    /// Octets in a header without options.
    public static let minimumLength = 20

    /// Version, four bits; a correct one is 4.
    public var version: UInt8
    /// Header length in 32-bit words, four bits; a correct one is 5 to 15.
    public var headerLength: UInt8
    /// Type of service: DSCP in the upper six bits, ECN in the lower two.
    public var typeOfService: UInt8
    /// Octets of the whole packet.
    public var totalLength: UInt16
    /// Identification, for reassembly.
    public var identification: UInt16
    /// Reserved, don't fragment and more fragments, in this order: three bits.
    public var flags: UInt8
    /// Fragment offset in units of eight octets, thirteen bits.
    public var fragmentOffset: UInt16
    /// Time to live, in hops.
    public var timeToLive: UInt8
    /// Protocol number; 6 is TCP.
    public var protocolNumber: UInt8
    /// The header checksum as sent.
    public var checksum: UInt16
    /// Source address.
    public var source: IPv4Address
    /// Destination address.
    public var destination: IPv4Address
    /// Option octets as they stand, a multiple of four of them.
    public var options: [UInt8]

    /// A header with the given fields: by default a TCP packet without options that must not be fragmented.
    public init(
        source: IPv4Address,
        destination: IPv4Address,
        typeOfService: UInt8 = 0,
        totalLength: UInt16 = 20,
        identification: UInt16 = 0,
        flags: UInt8 = 0b010,
        fragmentOffset: UInt16 = 0,
        timeToLive: UInt8 = 64,
        protocolNumber: UInt8 = 6,
        checksum: UInt16 = 0,
        options: [UInt8] = []
    ) {
        self.version = 4
        self.headerLength = UInt8(truncatingIfNeeded: 5 + (options.count + 3) / 4) & 0x0F
        self.typeOfService = typeOfService
        self.totalLength = totalLength
        self.identification = identification
        self.flags = flags & 0b111
        self.fragmentOffset = fragmentOffset & 0x1FFF
        self.timeToLive = timeToLive
        self.protocolNumber = protocolNumber
        self.checksum = checksum
        self.source = source
        self.destination = destination
        self.options = options
    }

    /// The don't-fragment bit.
    public var dontFragment: Bool { flags & 0b010 != 0 }
    /// The more-fragments bit.
    public var moreFragments: Bool { flags & 0b001 != 0 }
    /// Octets the header occupies by its own length field.
    public var length: Int { Int(headerLength) * 4 }

    /// The header at the start of `octets`, with its options.
    ///
    /// Throws `WireError` when there are too few octets, the version is not 4, or the header length is impossible.
    public init(parsing octets: Span<UInt8>) throws(WireError) {
        try octets.require(Self.minimumLength, of: .ipv4)
        guard octets[0] >> 4 == 4 else { throw .badVersion(octets[0] >> 4, offset: 0) }
        let length = Int(octets[0] & 0x0F) * 4
        guard length >= Self.minimumLength else { throw .badLength(layer: .ipv4, value: length, offset: 0) }
        try octets.require(length, of: .ipv4)
        self.version = octets[0] >> 4
        self.headerLength = octets[0] & 0x0F
        self.typeOfService = octets[1]
        self.totalLength = octets.uint16(at: 2)
        self.identification = octets.uint16(at: 4)
        self.flags = octets[6] >> 5
        self.fragmentOffset = octets.uint16(at: 6) & 0x1FFF
        self.timeToLive = octets[8]
        self.protocolNumber = octets[9]
        self.checksum = octets.uint16(at: 10)
        self.source = IPv4Address(octets.uint32(at: 12))
        self.destination = IPv4Address(octets.uint32(at: 16))
        self.options = [UInt8](copying: octets.extracting(Self.minimumLength..<length))
    }

    /// Writes the header, options included, at `offset` of `octets`, which must have room for it.
    public func write(to octets: inout MutableSpan<UInt8>, at offset: Int = 0) {
        octets[offset] = version << 4 | headerLength & 0x0F
        octets[offset + 1] = typeOfService
        octets.store(totalLength, at: offset + 2)
        octets.store(identification, at: offset + 4)
        octets.store(UInt16(flags & 0b111) << 13 | fragmentOffset & 0x1FFF, at: offset + 6)
        octets[offset + 8] = timeToLive
        octets[offset + 9] = protocolNumber
        octets.store(checksum, at: offset + 10)
        octets.store(source.rawValue, at: offset + 12)
        octets.store(destination.rawValue, at: offset + 16)
        for (index, octet) in options.enumerated() { octets[offset + Self.minimumLength + index] = octet }
    }
}
