/// What a captured frame begins with, by its LINKTYPE number in capture files.
public struct LinkType: RawRepresentable, Hashable, Sendable {
    /// The LINKTYPE number.
    public var rawValue: UInt32

    /// Creates a link type from its LINKTYPE number.
    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// BSD loopback: a 32-bit protocol family in the capturing host's order.
    public static let null = LinkType(rawValue: 0)
    /// Ethernet II.
    public static let ethernet = LinkType(rawValue: 1)
    /// An IP packet of either version, told by its first nibble.
    public static let raw = LinkType(rawValue: 101)
    /// OpenBSD loopback: a 32-bit protocol family in network order.
    public static let loop = LinkType(rawValue: 108)
    /// Linux cooked capture, sixteen octets.
    public static let linuxCooked = LinkType(rawValue: 113)
    /// An IPv4 packet.
    public static let ipv4 = LinkType(rawValue: 228)
    /// An IPv6 packet.
    public static let ipv6 = LinkType(rawValue: 229)
    /// Linux cooked capture, version 2, twenty octets.
    public static let linuxCooked2 = LinkType(rawValue: 276)

    /// The LINKTYPE of a libpcap DLT number on Linux; they differ for raw IP only.
    public init(dlt: Int32) {
        self.init(rawValue: dlt == 12 ? 101 : UInt32(truncatingIfNeeded: dlt))
    }
}
