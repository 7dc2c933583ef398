public import HandprobeWire

/// How a segment that leaves differs from the one that the endpoint made.
public struct Alteration: Hashable, Sendable {
    /// Other flags; without ACK the acknowledgment number is zero, without SYN the options of a SYN are left out.
    public var flags: TCPFlags?
    /// How far the sequence number is moved.
    public var seq: Int
    /// How far the acknowledgment number is moved.
    public var ack: Int

    /// What is not given stays as it was made.
    public init(flags: TCPFlags? = nil, seq: Int = 0, ack: Int = 0) {
        self.flags = flags
        self.seq = seq
        self.ack = ack
    }

    /// The segment that leaves.
    func applied(to segment: TCPSegment) -> TCPSegment {
        var altered = segment
        altered.header.sequenceNumber = segment.seq + seq
        altered.header.acknowledgmentNumber = segment.ack + ack
        guard let flags else { return altered }
        altered.header.flags = flags
        if !flags.contains(.ack) { altered.header.acknowledgmentNumber = SequenceNumber(0) }
        if segment.flags.contains(.syn), !flags.contains(.syn) {
            altered.options = TCPOptions()
            altered.header.dataOffset = UInt8(TCPHeader.minimumLength / 4)
        }
        return altered
    }
}
