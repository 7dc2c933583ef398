/// Why a text could not be read as a segment, as options or as octets.
public struct NotationError: Error, Hashable, Sendable {
    /// Where reading stopped: the first character is column 1.
    public var column: Int
    /// What could have stood there, as a noun phrase.
    public var expected: String
    /// What stands there; empty at the end of the text.
    public var found: String

    /// An error from its parts.
    public init(column: Int, expected: String, found: String) {
        self.column = column
        self.expected = expected
        self.found = found
    }
}

extension NotationError: CustomStringConvertible {
    /// One sentence naming the column, what was expected and what was found.
    public var description: String {
        "column \(column): expected \(expected), found \(found.isEmpty ? "the end of the text" : "\"\(found)\"")"
    }
}
