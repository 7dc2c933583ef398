public import HandprobeWire

/// Something that a scripted peer sends, and when.
public struct EdgeReply: Sendable {
    /// What is sent.
    public enum Content: Sendable {
        /// A segment of the conversation, with what its template asks for.
        case segment(SegmentTemplate)
        /// A whole IP packet, taken as it is.
        case packet([UInt8])
    }

    /// What is sent.
    public var content: Content
    /// How long after the segment that it answers.
    public var after: Duration

    /// A segment of the conversation.
    public static func segment(_ template: SegmentTemplate, after: Duration = .zero) -> EdgeReply {
        EdgeReply(content: .segment(template), after: after)
    }

    /// A whole IP packet, taken as it is.
    public static func packet(_ octets: [UInt8], after: Duration = .zero) -> EdgeReply {
        EdgeReply(content: .packet(octets), after: after)
    }

    /// The segment, when it is one.
    public var segment: SegmentTemplate? {
        if case .segment(let template) = content { template } else { nil }
    }
}

extension [EdgeReply] {
    /// Changes every segment among the replies.
    public mutating func changeSegments(_ change: (inout SegmentTemplate) -> Void) {
        for index in indices {
            guard var template = self[index].segment else { continue }
            change(&template)
            self[index].content = .segment(template)
        }
    }

    /// Takes away the segments that satisfy `condition`.
    public mutating func removeSegments(where condition: (SegmentTemplate) -> Bool) {
        removeAll { $0.segment.map(condition) ?? false }
    }
}
