extension TCPOptions {
    /// Reads `notation`, the edges of SACK blocks counted from `base`.
    public init(notation: String, relativeTo base: SequenceNumber = SequenceNumber(0)) throws(NotationError) {
        var scanner = NotationScanner(notation)
        try self.init(reading: &scanner, relativeTo: base)
        if scanner.next != nil { throw scanner.error("',' or the end of the options") }
    }

    /// Reads options up to the end of the text or a closing bracket, which stays unread.
    init(reading scanner: inout NotationScanner, relativeTo base: SequenceNumber) throws(NotationError) {
        self.init()
        var endsInBlock = false
        scanner.skipSpaces()
        guard let first = scanner.next, first != UInt8(ascii: ">") else { return }
        repeat {
            scanner.skipSpaces()
            let start = scanner.position
            let item = try Self.item(reading: &scanner, relativeTo: base)
            let fits: Bool
            switch item {
            case .option(let option): fits = append(option)
            case .block(let octets): fits = append(octets: octets)
            }
            guard fits else {
                scanner.rewind(to: start)
                throw scanner.error("no more options than forty octets hold")
            }
            if case .block = item { endsInBlock = true } else { endsInBlock = false }
            scanner.skipSpaces()
        } while scanner.accept(",")
        if !endsInBlock { pad() }
    }

    private enum Item {
        case option(TCPOption)
        case block([UInt8])
    }

    private static func item(
        reading scanner: inout NotationScanner,
        relativeTo base: SequenceNumber
    ) throws(NotationError) -> Item {
        let start = scanner.position
        let name = scanner.word()
        switch name {
        case "nop": return .option(.noOperation)
        case "eol": return .option(.endOfList)
        case "sackOK": return .option(.sackPermitted)
        case "mss":
            scanner.skipSpaces()
            return .option(.maximumSegmentSize(UInt16(try scanner.number("a segment size", in: 0...0xFFFF))))
        case "wscale":
            scanner.skipSpaces()
            return .option(.windowScale(UInt8(try scanner.number("a shift", in: 0...0xFF))))
        case "sack":
            return .option(.sack(try blocks(reading: &scanner, relativeTo: base)))
        case "TS":
            let value = try clock("val", reading: &scanner)
            let echoReply = try clock("ecr", reading: &scanner)
            return .option(.timestamps(value: value, echoReply: echoReply))
        case "md5":
            return .option(.unknown(kind: 19, octets: try value(reading: &scanner)))
        case "FO":
            return .option(.unknown(kind: 34, octets: try value(reading: &scanner)))
        default:
            if name.hasPrefix("gen-"), let kind = UInt8(name.dropFirst(4)), kind > 1 {
                return .option(.unknown(kind: kind, octets: try value(reading: &scanner)))
            }
            if name.hasPrefix("0x"), let octets = try? [UInt8](hex: name) { return .block(octets) }
            scanner.rewind(to: start)
            throw scanner.error("an option (nop eol mss wscale sackOK sack TS md5 FO gen-<kind> 0x<octets>)")
        }
    }

    private static func clock(_ name: String, reading scanner: inout NotationScanner) throws(NotationError) -> UInt32 {
        scanner.skipSpaces()
        guard scanner.acceptWord(name) else { throw scanner.error("'\(name)'") }
        scanner.skipSpaces()
        return UInt32(try scanner.number("a timestamp", in: 0...0xFFFF_FFFF))
    }

    private static func blocks(
        reading scanner: inout NotationScanner,
        relativeTo base: SequenceNumber
    ) throws(NotationError) -> [SACKBlock] {
        var blocks: [SACKBlock] = []
        repeat {
            scanner.skipSpaces()
            let left = try scanner.sequenceCount()
            try scanner.require(":")
            let right = try scanner.sequenceCount()
            blocks.append(SACKBlock(left: base + left, right: base + right))
            scanner.skipSpaces()
        } while scanner.next.map { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ?? false
        return blocks
    }

    private static func value(reading scanner: inout NotationScanner) throws(NotationError) -> [UInt8] {
        scanner.skipSpaces()
        return try scanner.hexadecimal()
    }

    /// Adds octets as they are; false, and nothing changed, when there is no room for them.
    mutating func append(octets: [UInt8]) -> Bool {
        guard count + octets.count <= Self.capacity else { return false }
        self = TCPOptions(octets: self.octets + octets)
        return true
    }
}

extension NotationScanner {
    /// Takes a sequence number counted from some base; beyond 32 bits it wraps.
    mutating func sequenceCount() throws(NotationError) -> Int {
        try number("a sequence number", in: -0x8000_0000...0x1_FFFF_FFFF)
    }
}
