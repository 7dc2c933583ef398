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
    /// Octets of TCP payload that were on the wire but not captured.
    public var missingOctets: Int

    /// A dissection from its parts.
    public init(
        vlans: [UInt16] = [],
        ip: IPHeader? = nil,
        fragment: FragmentPosition? = nil,
        transport: Transport? = nil,
        problem: WireError? = nil,
        missingOctets: Int = 0
    ) {
        self.vlans = vlans
        self.ip = ip
        self.fragment = fragment
        self.transport = transport
        self.problem = problem
        self.missingOctets = missingOctets
    }
}
