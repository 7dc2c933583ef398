/// A segment, and the packet around it, of which any field may be asked for; nil means what is right, or zero.
///
/// The crafter writes it, with any field forced to any value; the same template matches a segment, nil being any value.
public struct SegmentTemplate: Hashable, Sendable {
    /// The fields of the IP header.
    public var ip = PacketTemplate()
    /// Source port, instead of the source's.
    public var sourcePort: UInt16?
    /// Destination port, instead of the destination's.
    public var destinationPort: UInt16?
    /// SEG.SEQ
    public var seq: SequenceNumber?
    /// SEG.ACK; the control bits alone say whether it means anything.
    public var ack: SequenceNumber?
    /// Header length in 32-bit words, four bits.
    public var dataOffset: UInt8?
    /// The control bits.
    public var flags: TCPFlags?
    /// SEG.WND, unscaled.
    public var window: UInt16?
    /// The checksum field, right or wrong.
    public var checksum: UInt16?
    /// The urgent pointer.
    public var urgentPointer: UInt16?
    /// The options; padded with zeros to a multiple of four octets.
    public var options: TCPOptions?
    /// The text of the segment.
    public var payload: ArraySlice<UInt8>?
    /// Asks for a checksum that is neither right nor what offload would have left to fill in; `checksum` goes before it.
    public var badChecksum = false

    /// Nothing asked for.
    public init() {}

    /// A template that crafts `segment`: its checksum computed, its ports and data offset too where they are zero or right.
    public init(segment: TCPSegment, hopLimit: UInt8? = nil, trafficClass: UInt8? = nil) {
        let header = segment.header
        sourcePort = header.sourcePort == 0 ? nil : header.sourcePort
        destinationPort = header.destinationPort == 0 ? nil : header.destinationPort
        seq = header.sequenceNumber
        ack = header.acknowledgmentNumber
        let words = UInt8((TCPHeader.minimumLength + segment.options.count + 3) / 4)
        dataOffset = header.dataOffset == words ? nil : header.dataOffset
        flags = header.flags
        window = header.window
        urgentPointer = header.urgentPointer
        options = segment.options.isEmpty ? nil : segment.options
        payload = segment.payload.isEmpty ? nil : segment.payload
        ip.hopLimit = hopLimit
        ip.trafficClass = trafficClass
    }

    /// Whether a raw socket would repair, or refuse, the IP header that is asked for.
    public var isIPHeaderForcedWrong: Bool { ip.isForcedWrong }

    /// Whether `segment` has every value that is asked for; `badChecksum` does not take part.
    public func matches(_ segment: TCPSegment) -> Bool {
        let header = segment.header
        return PacketTemplate.agree(flags, header.flags) && PacketTemplate.agree(seq, header.sequenceNumber)
            && PacketTemplate.agree(ack, header.acknowledgmentNumber) && PacketTemplate.agree(window, header.window)
            && PacketTemplate.agree(sourcePort, header.sourcePort)
            && PacketTemplate.agree(destinationPort, header.destinationPort)
            && PacketTemplate.agree(dataOffset, header.dataOffset) && PacketTemplate.agree(checksum, header.checksum)
            && PacketTemplate.agree(urgentPointer, header.urgentPointer)
            && PacketTemplate.agree(paddedOptions, segment.options) && PacketTemplate.agree(payload, segment.payload)
    }

    /// Whether `header` has every value that is asked for.
    public func matches(_ header: IPHeader) -> Bool {
        ip.matches(header)
    }

    /// The options as they are sent.
    var paddedOptions: TCPOptions? {
        var padded = options
        padded?.pad()
        return padded
    }
}
