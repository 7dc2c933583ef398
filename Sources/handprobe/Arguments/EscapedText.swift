/// Reads text with C's escapes into octets.
enum EscapedText {
    /// The octets of `text`, in which `\n \r \t \0 \\ \xHH` stand for one octet each.
    static func octets(_ text: String) throws(ArgumentProblem) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "\\") else {
                octets.append(octet)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"): octets.append(10)
            case UInt8(ascii: "r"): octets.append(13)
            case UInt8(ascii: "t"): octets.append(9)
            case UInt8(ascii: "0"): octets.append(0)
            case UInt8(ascii: "\\"): octets.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "x"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.count == 2, let value = UInt8(digits, radix: 16), !digits.hasPrefix("+") else {
                    throw ArgumentProblem("\\x in '\(text)' wants two hex digits after it")
                }
                octets.append(value)
                rest = rest.dropFirst(2)
            default:
                throw ArgumentProblem(
                    "'\(text)' has a backslash before nothing known: use \\n \\r \\t \\0 \\\\ or \\xHH"
                )
            }
        }
        return octets
    }
}
