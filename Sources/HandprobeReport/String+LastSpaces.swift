extension String {
    /// The same text without the spaces at its end.
    func droppingLastSpaces() -> String {
        guard utf8.last == UInt8(ascii: " ") else { return self }
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
