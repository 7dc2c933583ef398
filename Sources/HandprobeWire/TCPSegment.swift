/// A TCP segment: header, option octets and payload. Any bits are representable.
///
/// The payload is a slice so that segments share the buffer they were cut from and copying one allocates nothing.
public struct TCPSegment: Hashable, Sendable {
    /// The fixed header as on the wire.
    public var header: TCPHeader
    /// The option octets as on the wire, padding included.
    public var options: TCPOptions
    /// The text of the segment.
    public var payload: ArraySlice<UInt8>

    /// A segment from its parts, the header taken as it is.
    public init(header: TCPHeader, options: TCPOptions = TCPOptions(), payload: ArraySlice<UInt8> = []) {
        self.header = header
        self.options = options
        self.payload = payload
    }

    /// A segment by the variables of RFC 9293 §3.3.1, its data offset computed; ports and checksum are still zero.
    public init(
        seq: SequenceNumber,
        ack: SequenceNumber? = nil,
        flags: TCPFlags,
        wnd: UInt16 = 0,
        options: TCPOptions = TCPOptions(),
        payload: ArraySlice<UInt8> = []
    ) {
        self.header = TCPHeader(
            sequenceNumber: seq,
            acknowledgmentNumber: ack ?? SequenceNumber(0),
            dataOffset: UInt8((TCPHeader.minimumLength + options.count + 3) / 4),
            flags: ack == nil ? flags : flags.union(.ack),
            window: wnd
        )
        self.options = options
        self.payload = payload
    }

    /// SEG.SEQ
    @inlinable
    public var seq: SequenceNumber { header.sequenceNumber }
    /// SEG.ACK, whether or not the ACK bit makes it significant.
    @inlinable
    public var ack: SequenceNumber { header.acknowledgmentNumber }
    /// SEG.WND, unscaled.
    @inlinable
    public var wnd: UInt16 { header.window }
    /// The control bits.
    @inlinable
    public var flags: TCPFlags { header.flags }
    /// SEG.LEN: octets of sequence space, SYN and FIN counting one each (RFC 9293 §3.4).
    @inlinable
    public var len: Int { payload.count + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0) }
    /// The sequence number just after the segment.
    @inlinable
    public var end: SequenceNumber { seq + len }
}
