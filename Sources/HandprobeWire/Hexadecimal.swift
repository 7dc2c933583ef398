extension [UInt8] {
    /// The octets that `hex` writes as pairs of hexadecimal digits, with spaces, colons and `0x` where one likes.
    ///
    /// `0204 05b4`, `02:04:05:b4` and `0x02 0x04 0x05 0xb4` are the same. Throws where a pair is broken.
    public init(hex: String) throws(NotationError) {
        self.init()
        var column = 0
        var high: UInt8?
        var runStart = true
        var afterZero = false
        for character in hex {
            column += 1
            if character == " " || character == ":" || character == "\t" || character == "\n" {
                guard high == nil else {
                    throw NotationError(
                        column: column,
                        expected: "a second hexadecimal digit",
                        found: String(character)
                    )
                }
                runStart = true
                continue
            }
            if afterZero, character == "x" || character == "X" {
                high = nil
                afterZero = false
                continue
            }
            guard let digit = character.hexDigitValue, character.isASCII else {
                throw NotationError(column: column, expected: "a hexadecimal digit", found: String(character))
            }
            afterZero = runStart && digit == 0
            runStart = false
            if let upper = high {
                append(upper << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        guard high == nil else {
            throw NotationError(column: column + 1, expected: "a second hexadecimal digit", found: "")
        }
    }
}

extension Sequence where Element == UInt8 {
    /// The octets as lower-case hexadecimal digits without anything between them.
    public var hexadecimal: String {
        var text = ""
        for octet in self {
            if octet < 16 { text += "0" }
            text += String(octet, radix: 16)
        }
        return text
    }
}
