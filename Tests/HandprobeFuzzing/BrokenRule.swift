/// A rule that an input has shown not to hold.
public struct BrokenRule: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule and what was found instead.
    public var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Throws when `rule` does not hold; `words` says what it is.
func expect(_ rule: Bool, _ words: @autoclosure () -> String) throws(BrokenRule) {
    if !rule { throw BrokenRule(words()) }
}
