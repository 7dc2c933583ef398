/// How the checksum of a TCP segment comes about, word by word (RFC 9293 §3.1, RFC 1071).
public struct ChecksumWorking: Hashable, Sendable {
    /// One 16-bit word of the sum.
    public struct Word: Hashable, Sendable {
        /// The word; the checksum field itself counts as zero, an odd last octet is padded with zero.
        public var value: UInt16
        /// What it is part of: a field of the pseudo-header or of the segment.
        public var field: String
        /// Where it stands in the packet; nil for what only the pseudo-header has.
        public var offset: Int?
        /// The sum up to and with this word.
        public var runningSum: UInt64
    }

    /// The words of the pseudo-header, then those of the segment.
    public private(set) var words: [Word] = []
    /// How many of the words are the pseudo-header's.
    public private(set) var pseudoHeaderWords = 0
    /// The checksum field as it stands in the packet.
    public let field: UInt16
    /// What the field says.
    public private(set) var verdict = ChecksumVerdict.unverifiable

    /// The sum of all words.
    public var sum: UInt64 { words.last?.runningSum ?? 0 }
    /// The sum with its carries added back in until sixteen bits hold it.
    public var folded: UInt16 { Self.fold(sum) }
    /// The one's complement of the folded sum: what belongs in the field.
    public var complement: UInt16 { ~folded }

    /// Works out the checksum of the TCP segment that fills an IP packet to its end; nil when there is none.
    ///
    /// `family` is needed only where the packet's version field is wrong.
    public init?(packet: [UInt8], family: IPAddress.Family? = nil) {
        let family = family ?? PacketLayout.family(of: packet)
        guard
            let layout = PacketLayout(crafted: packet, family: family),
            layout.protocolNumber == 6, layout.fragment == nil
        else { return nil }
        self.init(packet: packet, family: family, segmentStart: layout.start)
    }

    /// Works out the checksum of the segment from `start`, behind the IP header, to the end of the packet; nil when it is too short.
    init?(packet: [UInt8], family: IPAddress.Family, segmentStart start: Int) {
        guard packet.count - start >= TCPHeader.minimumLength else { return nil }
        field = packet.span.uint16(at: start + 16)
        let addresses = family == .v6 ? (8..<24, 24..<40) : (12..<16, 16..<20)
        let length = packet.count - start
        add(packet, addresses.0, "source address")
        add(packet, addresses.1, "destination address")
        add(6, "protocol")
        if family == .v6 { add(UInt16(truncatingIfNeeded: length >> 16), "TCP length") }
        add(UInt16(truncatingIfNeeded: length), "TCP length")
        pseudoHeaderWords = words.count
        let pseudoHeaderSum = folded
        for (range, name) in Self.header {
            let octets = start + range.lowerBound..<start + range.upperBound
            if name == "checksum" {
                add(0, "checksum, as zero", offset: octets.lowerBound)
            } else {
                add(packet, octets, name)
            }
        }
        let claimed = Int(packet[start + 12] >> 4) * 4
        let optionsEnd = claimed > length || claimed < TCPHeader.minimumLength ? TCPHeader.minimumLength : claimed
        add(packet, start + TCPHeader.minimumLength..<start + optionsEnd, "options")
        add(packet, start + optionsEnd..<packet.count, "payload")
        // 0 and 0xFFFF are the same number in one's complement.
        let isRight =
            field == complement || (complement == 0 && field == 0xFFFF) || (complement == 0xFFFF && field == 0)
        verdict = isRight ? .good : field == pseudoHeaderSum ? .notFilledIn : .bad
    }

    private static let header: [(Range<Int>, String)] = [
        (0..<2, "source port"), (2..<4, "destination port"), (4..<8, "sequence number"),
        (8..<12, "acknowledgment number"), (12..<14, "data offset and control bits"), (14..<16, "window"),
        (16..<18, "checksum"), (18..<20, "urgent pointer"),
    ]

    private mutating func add(_ value: UInt16, _ field: String, offset: Int? = nil) {
        words.append(Word(value: value, field: field, offset: offset, runningSum: sum &+ UInt64(value)))
    }

    private mutating func add(_ packet: [UInt8], _ range: Range<Int>, _ field: String) {
        for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            let low = index + 1 < range.upperBound ? packet[index + 1] : 0
            add(UInt16(packet[index]) << 8 | UInt16(low), field, offset: index)
        }
    }

    private static func fold(_ sum: UInt64) -> UInt16 {
        var sum = sum
        while sum > 0xFFFF { sum = (sum & 0xFFFF) &+ (sum >> 16) }
        return UInt16(truncatingIfNeeded: sum)
    }
}
