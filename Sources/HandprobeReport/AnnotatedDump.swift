public import HandprobeWire

/// A packet octet by octet, every field named and read, and its checksum worked out: what `send --dry-run` and `--octets`
/// print.
public enum AnnotatedDump {
    /// The lines; `family` is needed only where the packet's version field is wrong. Of a packet that was captured in part
    /// no sum is worked out.
    public static func lines(
        packet: [UInt8],
        family: IPAddress.Family? = nil,
        isCut: Bool = false,
        style: TextStyle
    ) -> [String] {
        let columns = DumpColumns(style: style)
        var lines: [InkedLine] = []
        var title = ""
        var previous: Range<Int>?
        for var field in PacketAnnotation.annotate(packet: packet, family: family) {
            field.meaning = field.meaning(inCutFrame: isCut)
            if title != field.title {
                if !title.isEmpty { lines.append(InkedLine()) }
                title = field.title
                lines.append(InkedLine(title, .bold))
            }
            let octets = packet[field.octets.clamped(to: packet.indices)]
            lines += columns.rows(field, octets, isOffsetShown: field.octets != previous)
            previous = field.octets
        }
        lines.append(InkedLine())
        if !isCut, let working = ChecksumWorking(packet: packet, family: family) {
            lines += ChecksumText.lines(working, columns)
        } else {
            let text = "no TCP checksum to work out: there is no whole TCP segment in this packet"
            lines += WordWrap.lines(text, columns: style.columns).map { InkedLine($0, .warning) }
        }
        return lines.map { $0.text(in: style) }
    }
}
