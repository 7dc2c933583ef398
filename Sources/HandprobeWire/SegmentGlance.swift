/// What a frame shows at a glance of the TCP segment in it: enough to know its connection and how far that has come.
///
/// For files of millions of frames, each of which is looked at to find its connection before it is taken apart.
public struct SegmentGlance: Hashable, Sendable {
    /// The socket it comes from, without a scope.
    public let source: SocketAddress
    /// The socket it goes to, without a scope.
    public let destination: SocketAddress
    /// SEG.SEQ
    public let seq: SequenceNumber
    /// The control bits.
    public let flags: TCPFlags
    /// What its checksum field says about it.
    public let checksum: ChecksumVerdict

    /// That of a segment taken apart.
    public init(_ segment: TCPSegment, _ ip: IPHeader, _ checksum: ChecksumVerdict) {
        self.init(segment.header, from: ip.source, to: ip.destination, checksum)
    }

    /// Looks at a captured frame; `originalLength` is what it had on the wire, in octets.
    ///
    /// Nil where it takes `Dissection` to say what there is: for anything but a TCP header in an IP packet that is no
    /// fragment and ends within the frame.
    public init?(frame: Span<UInt8>, linkType: LinkType, originalLength: Int) {
        var vlans: [UInt16] = []
        let plain = TransportOctets.plainSegment(
            in: frame, linkType: linkType, originalLength: originalLength, vlans: &vlans)
        guard let (ip, body) = plain else { return nil }
        let octets = frame.extracting(body.captured)
        guard let header = try? TCPHeader(parsing: octets) else { return nil }
        let (source, destination) = (ip.source, ip.destination)
        self.init(
            header, from: source, to: destination,
            body.checksumVerdict(on: octets, field: header.checksum, from: source, to: destination))
    }

    private init(
        _ header: TCPHeader, from source: IPAddress, to destination: IPAddress, _ checksum: ChecksumVerdict
    ) {
        self.source = SocketAddress(source, port: header.sourcePort)
        self.destination = SocketAddress(destination, port: header.destinationPort)
        seq = header.sequenceNumber
        flags = header.flags
        self.checksum = checksum
    }
}
