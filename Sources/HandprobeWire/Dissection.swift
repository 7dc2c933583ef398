/// The IP header of a captured packet, either version.
public enum IPHeader: Hashable, Sendable {
    case v4(IPv4Header)
    /// The fixed header and the protocol numbers of the extension headers that were walked, in order.
    case v6(IPv6Header, extensions: [UInt8])

    /// Source address.
    public var source: IPAddress {
        switch self {
        case .v4(let header): .v4(header.source)
        case .v6(let header, _): .v6(header.source)
        }
    }

    /// Destination address.
    public var destination: IPAddress {
        switch self {
        case .v4(let header): .v4(header.destination)
        case .v6(let header, _): .v6(header.destination)
        }
    }

    /// Time to live or hop limit, in hops.
    public var hopLimit: UInt8 {
        switch self {
        case .v4(let header): header.timeToLive
        case .v6(let header, _): header.hopLimit
        }
    }

    /// Type of service or traffic class.
    public var trafficClass: UInt8 {
        switch self {
        case .v4(let header): header.typeOfService
        case .v6(let header, _): header.trafficClass
        }
    }
}

/// Where a fragment lies in its packet (RFC 791 §3.2, RFC 8200 §4.5).
public struct FragmentPosition: Hashable, Sendable {
    /// Octets before this fragment's data.
    public var offset: Int
    /// True for every fragment but the last.
    public var moreFragments: Bool
    /// The packet's identification.
    public var identification: UInt32

    /// A position from its parts.
    public init(offset: Int, moreFragments: Bool, identification: UInt32) {
        self.offset = offset
        self.moreFragments = moreFragments
        self.identification = identification
    }
}

/// An ICMP or ICMPv6 error message and the packet it quotes (RFC 792, RFC 4443 §3).
public struct ICMPError: Hashable, Sendable {
    /// What the error says, by family.
    public var family: IPAddress.Family
    /// The type octet.
    public var type: UInt8
    /// The code octet.
    public var code: UInt8
    /// The four octets after the checksum: an MTU or a pointer where the type has one.
    public var parameter: UInt32
    /// Where the quoted packet was going and what of its TCP header the quote holds; nil when it is not TCP or too short.
    public var quote: Quote?
    /// Whether the message's own checksum is right.
    public var checksum: ChecksumVerdict

    /// The part of a TCP packet that an ICMP error sends back: the addresses, and at least eight octets of the header.
    public struct Quote: Hashable, Sendable {
        /// Source of the quoted packet.
        public var source: SocketAddress
        /// Destination of the quoted packet.
        public var destination: SocketAddress
        /// Sequence number of the quoted segment.
        public var sequenceNumber: SequenceNumber
        /// The IP header as the router that sent the error saw it.
        public var ip: IPHeader
        /// The TCP octets that were quoted, eight or more.
        public var octets: [UInt8]

        /// A quote from its parts.
        public init(
            source: SocketAddress,
            destination: SocketAddress,
            sequenceNumber: SequenceNumber,
            ip: IPHeader,
            octets: [UInt8]
        ) {
            self.source = source
            self.destination = destination
            self.sequenceNumber = sequenceNumber
            self.ip = ip
            self.octets = octets
        }
    }

    /// An error message from its parts.
    public init(
        family: IPAddress.Family,
        type: UInt8,
        code: UInt8,
        parameter: UInt32,
        quote: Quote?,
        checksum: ChecksumVerdict
    ) {
        self.family = family
        self.type = type
        self.code = code
        self.parameter = parameter
        self.quote = quote
        self.checksum = checksum
    }
}

/// One captured frame taken apart as far as its octets allow. Hostile octets end the walk with a reason, never a trap.
public struct Dissection: Hashable, Sendable {
    /// What an IP packet carries.
    public enum Transport: Hashable, Sendable {
        case tcp(TCPSegment, checksum: ChecksumVerdict)
        case icmpError(ICMPError)
        /// Another protocol, an ICMP message that is no error, or a later fragment.
        case other(protocolNumber: UInt8)
    }

    /// VLAN identifiers, outermost first (IEEE 802.1Q).
    public var vlans: [UInt16]
    /// The IP header, when one was found.
    public var ip: IPHeader?
    /// Where the packet lies in a larger one, when it is a fragment.
    public var fragment: FragmentPosition?
    /// What the IP packet carries, when it could be read.
    public var transport: Transport?
    /// Where and why reading stopped early.
    public var problem: WireError?

    /// A dissection from its parts.
    public init(
        vlans: [UInt16] = [],
        ip: IPHeader? = nil,
        fragment: FragmentPosition? = nil,
        transport: Transport? = nil,
        problem: WireError? = nil
    ) {
        self.vlans = vlans
        self.ip = ip
        self.fragment = fragment
        self.transport = transport
        self.problem = problem
    }
}
