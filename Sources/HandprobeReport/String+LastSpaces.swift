extension String {
    /// The same text without the spaces at its end.
    func droppingLastSpaces() -> String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
