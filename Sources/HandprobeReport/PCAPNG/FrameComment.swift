import HandprobeJudge

/// What a frame does in its conversation, as a comment on it.
enum FrameComment {
    /// The meanings of the event and what its capture says of it; nil for an event that is no frame.
    static func text(_ event: Event, _ reading: Reading) -> String? {
        let style = TextStyle(width: TextStyle.unlimited)
        var clauses = SideRemark.all(for: event, reading, index: 0, style: style).flatMap(\.clauses)
        switch event.kind {
        case .segment: break
        case .icmpError: clauses.insert(style.safe(EventText.clause(event.kind) ?? ""), at: 0)
        default: return nil
        }
        return clauses.isEmpty ? "says nothing new" : clauses.joined(separator: "; ")
    }
}
