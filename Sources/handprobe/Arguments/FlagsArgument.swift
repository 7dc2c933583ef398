import HandprobeWire

/// Reads TCP flags: names with commas (`syn,ack`), letters (`SA`), a number (`0x12`), or `none`.
enum FlagsArgument {
    private static let names: [(name: String, letter: Character, flag: TCPFlags)] = [
        ("fin", "F", .fin), ("syn", "S", .syn), ("rst", "R", .rst), ("psh", "P", .psh), ("ack", "A", .ack),
        ("urg", "U", .urg), ("ece", "E", .ece), ("cwr", "C", .cwr), ("ae", "N", .ae),
    ]

    /// The flags that `text` names.
    static func read(_ text: String) throws(ArgumentProblem) -> TCPFlags {
        if text.lowercased() == "none" { return [] }
        if let value = try NumberArgument.readIfNumber(text, upTo: 0xFFF, what: "TCP flags") {
            return TCPFlags(rawValue: UInt16(value))
        }
        let words = text.lowercased().split(separator: ",").map(String.init)
        let byName = words.map { word in names.first { $0.name == word }?.flag }
        if !words.isEmpty, byName.allSatisfy({ $0 != nil }) { return TCPFlags(byName.compactMap { $0 }) }
        let byLetter = text.map { letter in
            letter == "." ? TCPFlags.ack : names.first { $0.letter == Character(letter.uppercased()) }?.flag
        }
        guard !text.isEmpty, byLetter.allSatisfy({ $0 != nil }) else {
            throw ArgumentProblem(
                "'\(text)' are not TCP flags: write names (syn,ack), letters (SA, from FSRPAUECN), a number (0x12) or none"
            )
        }
        return TCPFlags(byLetter.compactMap { $0 })
    }
}
