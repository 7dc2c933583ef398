public import HandprobeJudge
import HandprobeWire

/// A captured packet octet by octet, for whoever wants to see how what is said of it stands in it.
public enum OctetsText {
    /// The lines, an empty one before and after them; none in a style that does not show octets, and none for what is no
    /// packet.
    public static func lines(for event: Event, style: TextStyle) -> [String] {
        guard style.showsOctets, style.verbosity != .quiet, let captured = captured(event.kind),
            let range = captured.linkType.packet(in: captured.frame), !range.isEmpty
        else { return [] }
        let packet = Array(captured.frame[range])
        return [""] + AnnotatedDump.lines(packet: packet, isCut: captured.isCut, style: style) + [""]
    }

    private static func captured(_ kind: Event.Kind) -> (frame: [UInt8], linkType: LinkType, isCut: Bool)? {
        switch kind {
        case .segment(let observed):
            (observed.frame, observed.linkType, observed.frame.count < observed.originalLength)
        case .icmpError(let observed):
            (observed.frame, observed.linkType, observed.frame.count < observed.originalLength)
        default: nil
        }
    }
}
