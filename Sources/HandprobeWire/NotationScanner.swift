/// A position in a text that is being read as notation.
struct NotationScanner {
    private let octets: [UInt8]
    private(set) var position = 0

    init(_ text: String) {
        octets = Array(text.utf8)
    }

    /// The octet at the position, or nil at the end.
    var next: UInt8? { position < octets.count ? octets[position] : nil }

    mutating func skipSpaces() {
        while let octet = next, octet == UInt8(ascii: " ") || octet == UInt8(ascii: "\t") { position += 1 }
    }

    /// Takes `character` if it is next.
    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Takes `character`, or throws because of its absence.
    mutating func require(_ character: Unicode.Scalar) throws(NotationError) {
        guard accept(character) else { throw error("'\(character)'") }
    }

    /// Takes what stands before the next space or delimiter; may be empty.
    mutating func word() -> String {
        let start = position
        while let octet = next, !Self.isDelimiter(octet) { position += 1 }
        return String(decoding: octets[start..<position], as: UTF8.self)
    }

    /// Takes `text` if exactly this word is next.
    mutating func acceptWord(_ text: String) -> Bool {
        let start = position
        if word() == text { return true }
        position = start
        return false
    }

    /// Takes a decimal number within `range`; `name` says what it counts.
    mutating func number(_ name: String, in range: ClosedRange<Int>) throws(NotationError) -> Int {
        let start = position
        _ = accept("-")
        while let octet = next, octet >= UInt8(ascii: "0"), octet <= UInt8(ascii: "9") { position += 1 }
        let digits = String(decoding: octets[start..<position], as: UTF8.self)
        guard let value = Int(digits), range.contains(value) else {
            position = start
            throw error("\(name) from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// Takes the octets written as one run of hexadecimal digits, an even number of them; may be empty.
    mutating func hexadecimal() throws(NotationError) -> [UInt8] {
        let start = position
        let digits = word()
        do {
            return try [UInt8](hex: digits)
        } catch {
            position = start
            throw self.error("an even number of hexadecimal digits")
        }
    }

    /// Goes back to an earlier position.
    mutating func rewind(to position: Int) {
        self.position = position
    }

    /// The error that `expected` is not what stands at the position.
    func error(_ expected: String) -> NotationError {
        var rest = self
        var found = rest.word()
        if found.isEmpty, let octet = next { found = String(UnicodeScalar(octet)) }
        return NotationError(column: column, expected: expected, found: String(found.prefix(40)))
    }

    /// Characters, not octets, before the position, and one.
    private var column: Int {
        octets[..<position].count { $0 & 0xC0 != 0x80 } + 1
    }

    private static func isDelimiter(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            true
        default: false
        }
    }
}
