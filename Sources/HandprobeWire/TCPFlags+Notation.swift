extension TCPFlags {
    /// The bits that have a letter, in the order in which they are written.
    private static let letters: [(letter: Character, bit: TCPFlags)] = [
        ("F", .fin), ("S", .syn), ("R", .rst), ("P", .psh), ("U", .urg), ("E", .ece), ("W", .cwr), ("A", .ae),
    ]

    /// The bits in packetdrill's letters: `S`, `S.`, `SEW`, `P.`; `.` is ACK and `-` is no bit at all.
    ///
    /// The dot comes last, because packetdrill's own reader takes it nowhere else. Reserved bits, for which
    /// packetdrill has no form, are an `r` and their value from 1 to 7 before the dot: `Sr4`.
    public var notation: String {
        if isEmpty { return "-" }
        var text = ""
        for (letter, bit) in Self.letters where contains(bit) { text.append(letter) }
        let reserved = intersection(.reserved).rawValue >> 9
        if reserved != 0 { text += "r\(reserved)" }
        if contains(.ack) { text += "." }
        return text
    }

    /// Reads `notation`, the letters in any order.
    ///
    /// A digit from 0 to 7 stands for the three bits of Accurate ECN, A being 4, W 2 and E 1 (RFC 9768 §3.1.1).
    /// Nil when a letter is unknown or comes twice.
    public init?(notation: some StringProtocol) {
        self = []
        guard notation != "-" else { return }
        guard !notation.isEmpty else { return nil }
        var rest = notation[...]
        while let letter = rest.popFirst() {
            var bits: TCPFlags = []
            var mask: TCPFlags = []
            if letter == "." {
                bits = .ack
            } else if letter == "r" {
                guard let digit = rest.popFirst()?.wholeNumberValue, (1...7).contains(digit) else { return nil }
                (bits, mask) = (TCPFlags(rawValue: UInt16(digit) << 9), .reserved)
            } else if let digit = letter.wholeNumberValue, letter.isASCII {
                guard (0...7).contains(digit) else { return nil }
                (bits, mask) = (TCPFlags(rawValue: UInt16(digit) << 6), [.ece, .cwr, .ae])
            } else if let known = Self.letters.first(where: { $0.letter == letter }) {
                bits = known.bit
            } else {
                return nil
            }
            guard intersection(bits.union(mask)).isEmpty else { return nil }
            formUnion(bits)
        }
    }
}
