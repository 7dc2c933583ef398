/// A segment read from its notation, and which of the parts that may be left out were given.
public struct ParsedSegment: Hashable, Sendable {
    /// The segment, its data offset computed; a part that was not given is zero, an ACK number its base.
    public var segment: TCPSegment
    /// Whether the text has `win`.
    public var windowGiven: Bool
    /// Whether the text has options in angle brackets, other than the `<...>` that stands for any.
    public var optionsGiven: Bool
    /// Whether the text has `ack`.
    public var ackGiven: Bool

    /// The most payload octets a text may claim; more than any packet holds.
    private static let longestPayload = 1 << 20

    /// Reads `flags seq:end(len) [ack N] [win N] [urg N] [<options>]`, the optional parts in any order.
    ///
    /// The payload is zeros unless `payload` supplies it, which must then have the length that the text gives.
    public init(
        notation: String,
        relativeTo base: SequenceBase = .absolute,
        payload: ArraySlice<UInt8>? = nil
    ) throws(NotationError) {
        var scanner = NotationScanner(notation)
        scanner.skipSpaces()
        let start = scanner.position
        guard let flags = TCPFlags(notation: scanner.word()) else {
            scanner.rewind(to: start)
            throw scanner.error("control bits (letters of FSRPUEWA, '.' for ACK, '-' for none)")
        }
        scanner.skipSpaces()
        let (seq, length) = try Self.range(reading: &scanner, lengthWanted: payload?.count)
        let octets = payload ?? ArraySlice(repeating: 0, count: length)
        let ack = flags.contains(.ack) ? base.ack : SequenceNumber(0)
        segment = TCPSegment(seq: base.seq + seq, flags: flags, payload: octets)
        segment.header.acknowledgmentNumber = ack
        windowGiven = false
        optionsGiven = false
        ackGiven = false
        try readParts(from: &scanner, relativeTo: base)
        let headerLength = TCPHeader.minimumLength + segment.options.count
        segment.header.dataOffset = UInt8((headerLength + 3) / 4)
    }

    private static func range(
        reading scanner: inout NotationScanner,
        lengthWanted: Int?
    ) throws(NotationError) -> (seq: Int, length: Int) {
        let seq = try scanner.sequenceCount()
        try scanner.require(":")
        let endPosition = scanner.position
        let end = try scanner.sequenceCount()
        try scanner.require("(")
        let lengthPosition = scanner.position
        let length = try scanner.number("a payload length", in: 0...longestPayload)
        if let lengthWanted, lengthWanted != length {
            scanner.rewind(to: lengthPosition)
            throw scanner.error("\(lengthWanted), the length of the payload")
        }
        try scanner.require(")")
        guard UInt32(truncatingIfNeeded: end) == UInt32(truncatingIfNeeded: seq + length) else {
            scanner.rewind(to: endPosition)
            throw scanner.error("\(seq + length), which is \(seq) and \(length) octets")
        }
        return (seq, length)
    }

    private mutating func readParts(
        from scanner: inout NotationScanner,
        relativeTo base: SequenceBase
    ) throws(NotationError) {
        var urgentGiven = false
        while true {
            scanner.skipSpaces()
            guard scanner.next != nil else { return }
            if !ackGiven, scanner.acceptWord("ack") {
                scanner.skipSpaces()
                segment.header.acknowledgmentNumber = base.ack + (try scanner.sequenceCount())
                ackGiven = true
            } else if !windowGiven, scanner.acceptWord("win") {
                scanner.skipSpaces()
                segment.header.window = UInt16(try scanner.number("a window", in: 0...0xFFFF))
                windowGiven = true
            } else if !urgentGiven, scanner.acceptWord("urg") {
                scanner.skipSpaces()
                segment.header.urgentPointer = UInt16(try scanner.number("an urgent pointer", in: 0...0xFFFF))
                urgentGiven = true
            } else if !optionsGiven, scanner.accept("<") {
                if !scanner.acceptWord("...") {
                    segment.options = try TCPOptions(reading: &scanner, relativeTo: base.ack)
                    optionsGiven = true
                }
                try scanner.require(">")
            } else {
                throw scanner.error("'ack', 'win', 'urg' or '<', each at most once")
            }
        }
    }
}
