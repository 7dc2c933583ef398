extension TCPSegment {
    /// The segment in packetdrill's notation: `S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7>`.
    ///
    /// Numbers are counted from `base`, negative when before it. An `ack` or `urg` that no control bit makes
    /// significant is written only when its field is not zero. Ports, checksum and the payload itself are not shown.
    public func notation(relativeTo base: SequenceBase, options detail: TCPOptions.Detail = .all) -> String {
        var text = flags.notation + " " + range(relativeTo: base)
        if flags.contains(.ack) || ack.rawValue != 0 {
            text += " ack \(SequenceBase.count(of: ack, from: base.ack))"
        }
        text += " win \(wnd)"
        if flags.contains(.urg) || header.urgentPointer != 0 { text += " urg \(header.urgentPointer)" }
        if !options.isEmpty { text += " <" + options.notation(relativeTo: base.ack, showing: detail) + ">" }
        return text
    }

    /// `1:6(5)`: the first octet of the payload, the one after its last, and how many there are.
    ///
    /// SYN and FIN are not counted. Counted numbers run on past 2³², absolute ones wrap.
    private func range(relativeTo base: SequenceBase) -> String {
        let start = SequenceBase.count(of: seq, from: base.seq)
        let end = base.seq.rawValue == 0 ? Int((seq + payload.count).rawValue) : start + payload.count
        return "\(start):\(end)(\(payload.count))"
    }

    /// Reads a segment in packetdrill's notation. What the text does not give is zero; so are the octets of the payload.
    public init(notation: String, relativeTo base: SequenceBase = .absolute) throws(NotationError) {
        self = try ParsedSegment(notation: notation, relativeTo: base).segment
    }
}
