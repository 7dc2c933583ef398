public import HandprobeWire

/// A captured segment of our connection with everything the capture says of it.
public struct ObservedSegment: Hashable, Sendable {
    /// Who made it: us, the peer, or our kernel.
    public var origin: Origin
    /// The segment.
    public var segment: TCPSegment
    /// The IP header it travelled in.
    public var ip: IPHeader
    /// What its checksum field says.
    public var checksum: ChecksumVerdict
    /// The interface it was captured on.
    public var interface: String
    /// VLAN identifiers, outermost first.
    public var vlans: [UInt16]
    /// True when it was larger than the MSS allows, so that several segments were merged before the capture saw them.
    public var isCoalesced: Bool
    /// Octets of payload that were on the wire but not captured.
    public var missingOctets: Int
    /// Octets of the frame on the wire; more than were captured when the snaplen cut it.
    public var originalLength: Int
    /// For our own: what left differently from what was crafted.
    public var rewritten: [RewrittenField]
    /// Where and why reading it stopped early; nil when its lengths agree with each other.
    public var problem: WireError?
    /// True when it is an IPv4 packet of ours whose header checksum is wrong, so that the next host discards it.
    public var isIPChecksumWrong: Bool
    /// True when the connection is signed with a key and this segment is not, or wrongly (RFC 2385).
    public var isSignatureWrong: Bool
    /// True when lengths that we made wrong hide it in its frame: it is the segment that was handed over.
    public var isHidden: Bool
    /// The captured frame from its link header on.
    public var frame: [UInt8]
    /// What the frame begins with.
    public var linkType: LinkType

    /// A captured segment from its parts; it was captured whole when `originalLength` is not given.
    public init(
        origin: Origin,
        segment: TCPSegment,
        ip: IPHeader,
        checksum: ChecksumVerdict = .good,
        interface: String = "",
        vlans: [UInt16] = [],
        isCoalesced: Bool = false,
        missingOctets: Int = 0,
        rewritten: [RewrittenField] = [],
        problem: WireError? = nil,
        isIPChecksumWrong: Bool = false,
        isSignatureWrong: Bool = false,
        isHidden: Bool = false,
        frame: [UInt8] = [],
        linkType: LinkType = .raw,
        originalLength: Int? = nil
    ) {
        self.origin = origin
        self.segment = segment
        self.ip = ip
        self.checksum = checksum
        self.interface = interface
        self.vlans = vlans
        self.isCoalesced = isCoalesced
        self.missingOctets = missingOctets
        self.rewritten = rewritten
        self.problem = problem
        self.isIPChecksumWrong = isIPChecksumWrong
        self.isSignatureWrong = isSignatureWrong
        self.isHidden = isHidden
        self.frame = frame
        self.linkType = linkType
        self.originalLength = originalLength ?? frame.count
    }

    /// Octets of payload on the wire, those that were not captured included.
    var octetsOnWire: Int { segment.payload.count + missingOctets }

    /// The segment as long as it was on the wire: with zero octets of text for those that were not captured.
    var segmentOnWire: TCPSegment {
        guard missingOctets > 0 else { return segment }
        var whole = segment
        whole.payload += repeatElement(0, count: missingOctets)
        return whole
    }

    /// Why its receiver must discard it, in a clause; nil when nothing is wrong with it.
    public var flaw: String? {
        if isMalformed, let problem { return "it cannot be read as a segment: \(problem)" }
        if isIPChecksumWrong { return "its IP header checksum is wrong" }
        if checksum == .bad { return "its checksum is wrong" }
        guard isSignatureWrong else { return nil }
        return isSigned ? "its MD5 digest is not made with our key" : "it carries no MD5 digest"
    }

    /// True when it has an MD5 option, right or wrong.
    var isSigned: Bool { segment.options.signature != nil }

    /// True when its own lengths contradict each other, and not only the capture cut it short.
    var isMalformed: Bool {
        if case .truncated(layer: .tcpOptions, _, _, _)? = problem { return false }
        return problem != nil
    }
}
