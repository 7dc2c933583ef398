/// The twenty fixed octets of a TCP header (RFC 9293 §3.1), fields in host order. Any bits are representable.
public struct TCPHeader: Hashable, Sendable {
    /// Octets in a header without options.
    public static let minimumLength = 20

    /// Source port.
    public var sourcePort: UInt16
    /// Destination port.
    public var destinationPort: UInt16
    /// Sequence number of the first octet, or of the SYN.
    public var sequenceNumber: SequenceNumber
    /// The next sequence number the sender expects; meaningful only with ACK.
    public var acknowledgmentNumber: SequenceNumber
    /// Header length in 32-bit words, four bits; a correct one is 5 to 15.
    public var dataOffset: UInt8
    /// Control and reserved bits.
    public var flags: TCPFlags
    /// The window field as sent, unscaled.
    public var window: UInt16
    /// The checksum field as sent.
    public var checksum: UInt16
    /// The urgent pointer field as sent.
    public var urgentPointer: UInt16

    /// A header with the given fields; what is left out is zero, and the data offset is 5.
    public init(
        sourcePort: UInt16 = 0,
        destinationPort: UInt16 = 0,
        sequenceNumber: SequenceNumber = SequenceNumber(0),
        acknowledgmentNumber: SequenceNumber = SequenceNumber(0),
        dataOffset: UInt8 = 5,
        flags: TCPFlags = [],
        window: UInt16 = 0,
        checksum: UInt16 = 0,
        urgentPointer: UInt16 = 0
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.sequenceNumber = sequenceNumber
        self.acknowledgmentNumber = acknowledgmentNumber
        self.dataOffset = dataOffset & 0x0F
        self.flags = flags
        self.window = window
        self.checksum = checksum
        self.urgentPointer = urgentPointer
    }

    /// The header at the start of `octets`. Throws `WireError.truncated` when there are fewer than twenty.
    public init(parsing octets: Span<UInt8>) throws(WireError) {
        try octets.require(Self.minimumLength, of: .tcp)
        self.init(
            sourcePort: octets.uint16(at: 0),
            destinationPort: octets.uint16(at: 2),
            sequenceNumber: SequenceNumber(octets.uint32(at: 4)),
            acknowledgmentNumber: SequenceNumber(octets.uint32(at: 8)),
            dataOffset: octets[12] >> 4,
            flags: TCPFlags(rawValue: octets.uint16(at: 12)),
            window: octets.uint16(at: 14),
            checksum: octets.uint16(at: 16),
            urgentPointer: octets.uint16(at: 18)
        )
    }

    /// Writes the twenty octets at `offset` of `octets`, which must have room for them.
    public func write(to octets: inout MutableSpan<UInt8>, at offset: Int = 0) {
        octets.store(sourcePort, at: offset)
        octets.store(destinationPort, at: offset + 2)
        octets.store(sequenceNumber.rawValue, at: offset + 4)
        octets.store(acknowledgmentNumber.rawValue, at: offset + 8)
        octets.store(UInt16(dataOffset & 0x0F) << 12 | flags.rawValue & 0x0FFF, at: offset + 12)
        octets.store(window, at: offset + 14)
        octets.store(checksum, at: offset + 16)
        octets.store(urgentPointer, at: offset + 18)
    }
}
