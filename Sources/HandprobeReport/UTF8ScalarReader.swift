/// Reads octets as UTF-8 one scalar at a time and hands out, one by one, the octets that are not (RFC 3629).
struct UTF8ScalarReader<Octets: Collection<UInt8>> {
    /// What comes next: a scalar, or an octet that belongs to none.
    enum Piece {
        case scalar(Unicode.Scalar)
        case invalid(UInt8)
    }

    private var rest: Octets.SubSequence

    init(_ octets: Octets) {
        rest = octets[...]
    }

    /// The next scalar or stray octet; nil at the end.
    mutating func next() -> Piece? {
        guard let first = rest.popFirst() else { return nil }
        let (count, least): (Int, UInt32)
        var value: UInt32
        switch first {
        case 0..<0x80: return .scalar(Unicode.Scalar(first))
        case 0xC2..<0xE0: (count, least, value) = (1, 0x80, UInt32(first & 0x1F))
        case 0xE0..<0xF0: (count, least, value) = (2, 0x800, UInt32(first & 0x0F))
        case 0xF0..<0xF5: (count, least, value) = (3, 0x10000, UInt32(first & 0x07))
        default: return .invalid(first)
        }
        let tail = rest.prefix(count)
        guard tail.count == count, tail.allSatisfy({ $0 & 0xC0 == 0x80 }) else { return .invalid(first) }
        for octet in tail { value = value << 6 | UInt32(octet & 0x3F) }
        guard value >= least, let scalar = Unicode.Scalar(value) else { return .invalid(first) }
        rest = rest.dropFirst(count)
        return .scalar(scalar)
    }
}
