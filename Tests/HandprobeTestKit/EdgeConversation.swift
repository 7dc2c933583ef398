public import HandprobeWire

/// What a scripted peer remembers of one connection, by the variables of RFC 9293 §3.3.1. There is no TCP behind it: a
/// script may set anything to anything.
public struct EdgeConversation: Hashable, Sendable {
    /// The peer's socket.
    public var local: SocketAddress
    /// The socket of the program under test.
    public var remote: SocketAddress
    /// Segments that came so far.
    public var segments = 0
    /// SND.NXT of the peer.
    public var sndNxt = SequenceNumber(0)
    /// RCV.NXT of the peer.
    public var rcvNxt = SequenceNumber(0)
    /// A SYN has been answered and no RST has come.
    public var isOpen = false
    /// The other end's FIN has been taken.
    public var sawFIN = false
    /// The peer has sent its FIN.
    public var sentFIN = false
    /// The response has been sent.
    public var responded = false
    /// Both ends have offered timestamps; what the last segment's was.
    public var timestamp: UInt32?
    /// Room for a script's own state.
    public var step = 0

    init(local: SocketAddress, remote: SocketAddress) {
        self.local = local
        self.remote = remote
    }

    /// A segment from here: SEQ = SND.NXT, ACK = RCV.NXT, with timestamps when both ends use them.
    public func segment(
        _ flags: TCPFlags,
        seq: SequenceNumber? = nil,
        window: UInt16 = 64240,
        payload: [UInt8] = []
    ) -> SegmentTemplate {
        var template = SegmentTemplate()
        template.flags = flags
        template.seq = seq ?? sndNxt
        template.ack = flags.contains(.ack) ? rcvNxt : SequenceNumber(0)
        template.window = window
        if let timestamp {
            template.options = TCPOptions([
                .noOperation, .noOperation, .timestamps(value: clock, echoReply: timestamp),
            ])
        }
        if !payload.isEmpty { template.payload = payload[...] }
        return template
    }

    /// The peer's timestamp clock: it goes on with every segment.
    public var clock: UInt32 { 0x1000_0000 &+ UInt32(truncatingIfNeeded: segments) }
}
