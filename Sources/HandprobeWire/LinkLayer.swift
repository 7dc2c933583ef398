/// Where the IP packet begins in a frame.
struct LinkLayer {
    /// Octets before the IP packet.
    var headerLength: Int
    /// The family that the link layer announces; nil when only the packet's first octet tells.
    var family: IPAddress.Family?

    private static func isTag(_ type: UInt16) -> Bool { type == 0x8100 || type == 0x88A8 || type == 0x9100 }

    /// Reads the link layer of `frame`, adding the VLAN identifiers it passes to `vlans`; nil when it carries no IP.
    init?(_ frame: Span<UInt8>, linkType: LinkType, vlans: inout [UInt16]) throws(WireError) {
        switch linkType {
        case .raw:
            self.init(headerLength: 0, family: nil)
        case .ipv4:
            self.init(headerLength: 0, family: .v4)
        case .ipv6:
            self.init(headerLength: 0, family: .v6)
        case .null, .loop:
            try frame.require(4, of: .link)
            guard let family = Self.family(protocolFamily: frame.uint32(at: 0)) else { return nil }
            self.init(headerLength: 4, family: family)
        case .ethernet:
            try frame.require(14, of: .link)
            try self.init(frame, typeAt: 12, headerLength: 14, vlans: &vlans)
        case .linuxCooked:
            try frame.require(16, of: .link)
            try self.init(frame, typeAt: 14, headerLength: 16, vlans: &vlans)
        case .linuxCooked2:
            try frame.require(20, of: .link)
            try self.init(frame, typeAt: 0, headerLength: 20, vlans: &vlans)
        default:
            throw .unsupportedLinkType(linkType.rawValue)
        }
    }

    private init(headerLength: Int, family: IPAddress.Family?) {
        self.headerLength = headerLength
        self.family = family
    }

    /// Reads an EtherType and the VLAN tags behind the header (IEEE 802.1Q): each gives an identifier and the next type.
    private init?(
        _ frame: Span<UInt8>,
        typeAt offset: Int,
        headerLength: Int,
        vlans: inout [UInt16]
    ) throws(WireError) {
        var type = frame.uint16(at: offset)
        var length = headerLength
        while Self.isTag(type) {
            try frame.require(length + 4, of: .link)
            vlans.append(frame.uint16(at: length) & 0x0FFF)
            type = frame.uint16(at: length + 2)
            length += 4
        }
        switch type {
        case 0x0800: self.init(headerLength: length, family: .v4)
        case 0x86DD: self.init(headerLength: length, family: .v6)
        default: return nil
        }
    }

    /// The family of a BSD protocol family number, in either order: the capturing host's is not known.
    ///
    /// AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 and 30 on the BSDs and macOS.
    private static func family(protocolFamily number: UInt32) -> IPAddress.Family? {
        switch min(number, number.byteSwapped) {
        case 2: .v4
        case 10, 24, 28, 30: .v6
        default: nil
        }
    }
}
