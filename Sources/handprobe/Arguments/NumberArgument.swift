/// Reads whole numbers, decimal or with 0x, within a range that the sentence names.
enum NumberArgument {
    /// The number, which must be one and be in 0...limit.
    static func read<Value: FixedWidthInteger & Sendable>(
        _ text: String,
        upTo limit: Value,
        what: String
    ) throws(ArgumentProblem) -> Value {
        guard let value = try readIfNumber(text, upTo: UInt64(limit), what: what) else {
            throw ArgumentProblem("'\(text)' is not a number for \(what): give 0 to \(limit), decimal or as 0x…")
        }
        return Value(value)
    }

    /// The same as a transform of the argument parser.
    static func transform<Value: FixedWidthInteger & Sendable>(
        upTo limit: Value,
        what: String
    ) -> @Sendable (String) throws -> Value {
        reading { text throws(ArgumentProblem) in try read(text, upTo: limit, what: what) }
    }

    /// The number, or nil when the text is no number at all.
    static func readIfNumber(_ text: String, upTo limit: UInt64, what: String) throws(ArgumentProblem) -> UInt64? {
        let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
        let digits = isHex ? text.dropFirst(2) : text[...]
        let areDigits = digits.allSatisfy { $0.isASCII && (isHex ? $0.isHexDigit : $0.isNumber) }
        guard !digits.isEmpty, areDigits else { return nil }
        guard let value = UInt64(digits, radix: isHex ? 16 : 10), value <= limit else {
            throw ArgumentProblem("\(text) is too large for \(what): give 0 to \(limit)")
        }
        return value
    }
}
