/// Numbers in base sixteen with a fixed count of digits.
enum Hex {
    /// All digits of `value`, leading zeros included, lower case.
    static func digits(_ value: some FixedWidthInteger & UnsignedInteger) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, value.bitWidth / 4 - text.utf8.count)) + text
    }
}
