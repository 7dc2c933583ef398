public import HandprobeTCP

extension SilenceCheck {
    /// What was looked at, in a clause.
    public var words: String {
        let hop: String? =
            switch nextHop {
            case .resolved: "next hop resolved"
            case .unresolved: "next hop not resolved"
            case .notNeeded: "no next hop to resolve"
            case nil: nil
            }
        let others = watchesOtherInterfaces ? "other interfaces watched" : nil
        let words = [hop, others].compactMap(\.self)
        return words.isEmpty ? "nothing could be looked at" : words.joined(separator: ", ")
    }
}
