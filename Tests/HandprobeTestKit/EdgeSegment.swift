public import HandprobeWire

/// A segment that came to a scripted peer.
public struct EdgeSegment: Hashable, Sendable {
    /// The whole IP packet.
    public var packet: [UInt8]
    /// Its IP header.
    public var ip: IPHeader
    /// The segment.
    public var tcp: TCPSegment
    /// Its sender.
    public var source: SocketAddress
    /// Whom it was sent to: any address but our own is played by the peer.
    public var destination: SocketAddress
    /// Which segment of its conversation it is, from 1.
    public var number: Int

    /// A request to open: SYN without ACK.
    public var isSYN: Bool { tcp.flags.intersection([.syn, .ack, .rst]) == .syn }

    /// The options that could be read.
    public var options: [TCPOption] { tcp.options.parsed.options }

    /// The segment in a packet, when there is one with a checksum that holds.
    init?(_ packet: [UInt8]) {
        let dissection = Dissection(packet: packet.span)
        guard let ip = dissection.ip, case .tcp(let segment, .good) = dissection.transport else { return nil }
        self.packet = packet
        self.ip = ip
        tcp = segment
        source = SocketAddress(ip.source, port: segment.header.sourcePort)
        destination = SocketAddress(ip.destination, port: segment.header.destinationPort)
        number = 0
    }
}
