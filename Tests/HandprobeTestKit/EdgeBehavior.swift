public import HandprobeWire

/// How a scripted peer answers: an ordinary, orderly end with a few settings, and a closure that changes what it says.
public struct EdgeBehavior: Sendable {
    /// What a test's failure calls it.
    public var name: String
    /// The peer's initial sequence number.
    public var iss = SequenceNumber(0x1000_0000)
    /// The window field of every segment.
    public var window: UInt16 = 64240
    /// The options of the SYN-ACK; nil answers the SYN's with ordinary ones.
    public var synAckOptions: TCPOptions?
    /// What is sent when the first data comes.
    public var response: [UInt8] = []
    /// Data is acknowledged.
    public var acknowledgesData = true
    /// The other end's FIN is acknowledged.
    public var acknowledgesFIN = true
    /// The peer closes as soon as the other end has.
    public var sendsFIN = true
    /// The peer's FIN and its ACK of ours share a segment.
    public var mergesFIN = false
    /// TTL or hop limit of every packet.
    public var hopLimit: UInt8 = 64
    /// Changes the ordinary replies to a segment: alters them, drops them, adds to them.
    public var alter: @Sendable (EdgeSegment, inout EdgeConversation, inout [EdgeReply]) -> Void

    /// An ordinary peer, with replies changed by `alter`.
    public init(
        _ name: String,
        _ alter: @escaping @Sendable (EdgeSegment, inout EdgeConversation, inout [EdgeReply]) -> Void = { _, _, _ in }
    ) {
        self.name = name
        self.alter = alter
    }

    /// The replies to a segment.
    func replies(to segment: EdgeSegment, in conversation: inout EdgeConversation) -> [EdgeReply] {
        var replies = ordinary(segment, &conversation).map { EdgeReply.segment($0) }
        alter(segment, &conversation, &replies)
        replies.changeSegments { $0.ip.hopLimit = $0.ip.hopLimit ?? hopLimit }
        return replies
    }

    private func ordinary(_ segment: EdgeSegment, _ here: inout EdgeConversation) -> [SegmentTemplate] {
        let tcp = segment.tcp
        if tcp.flags.contains(.rst) {
            here.isOpen = false
            return []
        }
        if segment.isSYN { return [synAck(segment, &here)] }
        guard here.isOpen else { return [reset(segment)] }
        for case .timestamps(let value, _) in segment.options where here.timestamp != nil { here.timestamp = value }
        // Out of order, or an acknowledgment of what was never sent: an ACK with our state (RFC 9293 §3.10.7.4).
        guard tcp.seq == here.rcvNxt, !here.sawFIN, tcp.ack.isAtOrBefore(here.sndNxt) else {
            let repeatsFIN = here.sawFIN && tcp.flags.contains(.fin)
            let isPlainACK = tcp.len == 0 && tcp.seq == here.rcvNxt && tcp.ack.isAtOrBefore(here.sndNxt)
            return isPlainACK || repeatsFIN && !acknowledgesFIN ? [] : [here.segment(.ack, window: window)]
        }
        return data(tcp, &here) + fin(tcp, &here)
    }

    private func synAck(_ segment: EdgeSegment, _ here: inout EdgeConversation) -> SegmentTemplate {
        here.isOpen = true
        here.rcvNxt = segment.tcp.seq + 1
        here.sndNxt = iss + 1
        here.timestamp = nil
        (here.sawFIN, here.sentFIN, here.responded) = (false, false, false)
        var options: [TCPOption] = [.maximumSegmentSize(segment.source.address.family == .v4 ? 1460 : 1440)]
        for option in segment.options {
            switch option {
            case .sackPermitted: options += [.noOperation, .noOperation, .sackPermitted]
            case .timestamps(let value, _):
                options += [.noOperation, .noOperation, .timestamps(value: here.clock, echoReply: value)]
                here.timestamp = value
            case .windowScale: options += [.noOperation, .windowScale(7)]
            default: break
            }
        }
        var template = here.segment([.syn, .ack], seq: iss, window: window)
        template.options = synAckOptions ?? TCPOptions(options)
        if let given = synAckOptions, !given.parsed.options.contains(where: { $0.kind == 8 }) { here.timestamp = nil }
        return template
    }

    private func data(_ tcp: TCPSegment, _ here: inout EdgeConversation) -> [SegmentTemplate] {
        guard !tcp.payload.isEmpty else { return [] }
        here.rcvNxt += tcp.payload.count
        guard acknowledgesData else { return [] }
        var templates = [here.segment(.ack, window: window)]
        if !here.responded, !response.isEmpty {
            here.responded = true
            templates.append(here.segment([.psh, .ack], window: window, payload: response))
            here.sndNxt += response.count
        }
        return templates
    }

    private func fin(_ tcp: TCPSegment, _ here: inout EdgeConversation) -> [SegmentTemplate] {
        guard tcp.flags.contains(.fin) else { return [] }
        here.sawFIN = true
        if acknowledgesFIN { here.rcvNxt += 1 }
        var templates: [SegmentTemplate] = []
        if acknowledgesFIN, !(mergesFIN && sendsFIN) { templates.append(here.segment(.ack, window: window)) }
        if sendsFIN, !here.sentFIN {
            here.sentFIN = true
            templates.append(here.segment([.fin, .ack], window: window))
            here.sndNxt += 1
        }
        return templates
    }

    /// The RST of a closed port (RFC 9293 §3.10.7.1).
    private func reset(_ segment: EdgeSegment) -> SegmentTemplate {
        var template = SegmentTemplate()
        template.window = 0
        if segment.tcp.flags.contains(.ack) {
            (template.flags, template.seq) = (.rst, segment.tcp.ack)
        } else {
            (template.flags, template.seq) = ([.rst, .ack], SequenceNumber(0))
            template.ack = segment.tcp.seq + segment.tcp.len
        }
        return template
    }
}

extension EdgeBehavior: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
