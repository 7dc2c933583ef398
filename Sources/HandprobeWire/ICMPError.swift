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
