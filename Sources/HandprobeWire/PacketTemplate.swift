/// The fields of an IP header that a person or a script has asked for; nil means what is right or usual.
///
/// Fields that only one version has are ignored for the other. Crafts as part of a `SegmentTemplate`, and matches.
public struct PacketTemplate: Hashable, Sendable {
    /// Four bits; usually the destination's.
    public var version: UInt8?
    /// Header length in 32-bit words, four bits (IPv4).
    public var headerLength: UInt8?
    /// Type of service or traffic class; usually 0.
    public var trafficClass: UInt8?
    /// Twenty bits (IPv6); usually 0.
    public var flowLabel: UInt32?
    /// Octets of the packet (IPv4), or after the fixed header (IPv6).
    public var length: UInt16?
    /// Identification (IPv4). Usually 0, which a raw socket replaces.
    public var identification: UInt16?
    /// The bit before don't-fragment, which must be zero (IPv4).
    public var reservedBit: Bool?
    /// Don't fragment (IPv4); usually set.
    public var dontFragment: Bool?
    /// More fragments (IPv4); usually clear.
    public var moreFragments: Bool?
    /// Fragment offset in units of eight octets, thirteen bits (IPv4); usually 0.
    public var fragmentOffset: UInt16?
    /// Time to live or hop limit; usually 64.
    public var hopLimit: UInt8?
    /// Protocol or next header; usually 6, TCP.
    public var protocolNumber: UInt8?
    /// Header checksum (IPv4).
    public var checksum: UInt16?
    /// Option octets (IPv4), of which forty fit; padded with zeros to a multiple of four.
    public var options: [UInt8]?

    /// Nothing asked for.
    public init() {}

    /// Whether a raw socket would repair, or refuse, what is asked for, so that only a packet socket sends it as it is.
    ///
    /// With IP_HDRINCL Linux rewrites total length and checksum, replaces an identification of 0, and relies on version and
    /// header length.
    public var isForcedWrong: Bool {
        version != nil || headerLength != nil || length != nil || checksum != nil || identification == 0
    }

    /// Whether `ip` has every value that is asked for.
    public func matches(_ ip: IPHeader) -> Bool {
        guard Self.agree(hopLimit, ip.hopLimit), Self.agree(trafficClass, ip.trafficClass) else { return false }
        switch ip {
        case .v4(let header):
            return Self.agree(version, header.version) && Self.agree(headerLength, header.headerLength)
                && Self.agree(length, header.totalLength) && Self.agree(identification, header.identification)
                && Self.agree(reservedBit, header.flags & 0b100 != 0) && Self.agree(dontFragment, header.dontFragment)
                && Self.agree(moreFragments, header.moreFragments)
                && Self.agree(fragmentOffset, header.fragmentOffset)
                && Self.agree(protocolNumber, header.protocolNumber) && Self.agree(checksum, header.checksum)
                && Self.agree(options.map { _ in paddedOptions }, header.options)
        case .v6(let header, _):
            return Self.agree(version, header.version) && Self.agree(flowLabel, header.flowLabel)
                && Self.agree(length, header.payloadLength) && Self.agree(protocolNumber, header.nextHeader)
        }
    }

    /// True when nothing is wanted, or exactly what is there.
    @inline(__always)
    static func agree<Value: Equatable>(_ wanted: Value?, _ found: Value) -> Bool {
        wanted.map { $0 == found } ?? true
    }

    /// The option octets as they are sent.
    private var paddedOptions: [UInt8] {
        guard let options, !options.isEmpty else { return [] }
        let kept = options.prefix(40)
        return kept + Array(repeating: 0, count: (4 - kept.count % 4) % 4)
    }

    /// Octets of the header for a packet to an address of `family`.
    func headerOctets(_ family: IPAddress.Family) -> Int {
        switch family {
        case .v4: IPv4Header.minimumLength + (min(40, options?.count ?? 0) + 3) / 4 * 4
        case .v6: IPv6Header.length
        }
    }

    /// Writes the header of a packet of `count` octets in all, the checksum included, at `offset`.
    func write(
        to octets: inout MutableSpan<UInt8>,
        at offset: Int,
        source: IPv4Address,
        destination: IPv4Address,
        count: Int
    ) {
        var header = IPv4Header(
            source: source,
            destination: destination,
            typeOfService: trafficClass ?? 0,
            totalLength: length ?? UInt16(clamping: count),
            identification: identification ?? 0,
            flags: (reservedBit ?? false ? 0b100 : 0) | (dontFragment ?? true ? 0b010 : 0)
                | (moreFragments ?? false ? 0b001 : 0),
            fragmentOffset: fragmentOffset ?? 0,
            timeToLive: hopLimit ?? 64,
            protocolNumber: protocolNumber ?? 6,
            options: paddedOptions
        )
        let end = offset + IPv4Header.minimumLength + header.options.count
        if let version { header.version = version & 0x0F }
        if let headerLength { header.headerLength = headerLength & 0x0F }
        header.write(to: &octets, at: offset)
        var sum = InternetChecksum()
        sum.add(octets.span.extracting(offset..<end))
        octets.store(checksum ?? sum.value, at: offset + 10)
    }

    /// Writes the header of a packet of `count` octets in all at `offset`.
    func write(
        to octets: inout MutableSpan<UInt8>,
        at offset: Int,
        source: IPv6Address,
        destination: IPv6Address,
        count: Int
    ) {
        var header = IPv6Header(
            source: source,
            destination: destination,
            trafficClass: trafficClass ?? 0,
            flowLabel: flowLabel ?? 0,
            payloadLength: length ?? UInt16(clamping: count - IPv6Header.length),
            nextHeader: protocolNumber ?? 6,
            hopLimit: hopLimit ?? 64
        )
        if let version { header.version = version & 0x0F }
        header.write(to: &octets, at: offset)
    }
}
