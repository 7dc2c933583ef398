public import HandprobeWire

extension ConnectionMachine {
    /// A segment of this connection that the protocol would not send by itself: a question, or a RST at a chosen number.
    ///
    /// Ports are the connection's; window and, where negotiated, timestamps too, but for a RST without ACK, which needs
    /// neither. The machine does not notice it.
    public func crafted(flags: TCPFlags, seq: SequenceNumber, ack: SequenceNumber?, at now: Instant) -> TCPSegment {
        var scratch = core
        var segment = scratch.segment(seq: seq, flags: flags, at: now)
        if let ack {
            segment.header.acknowledgmentNumber = ack
        } else {
            segment.header = TCPHeader(
                sourcePort: segment.header.sourcePort,
                destinationPort: segment.header.destinationPort,
                sequenceNumber: seq,
                flags: flags.subtracting(.ack)
            )
            segment.options = TCPOptions()
        }
        return segment
    }
}
