import HandprobeWire

/// A captured frame: the link type, how much was cut off, the octets.
enum FrameFuzz {
    static let linkTypes: [LinkType] = [
        .null, .ethernet, .raw, .loop, .linuxCooked, .ipv4, .ipv6, .linuxCooked2, LinkType(rawValue: 147),
    ]

    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        var input = FuzzInput(octets)
        let linkType = input.pick(linkTypes)
        let cut = Int(input.octet())
        let frame = input.rest()
        let dissection = Dissection(frame: frame.span, linkType: linkType, originalLength: frame.count + cut)
        try expect(dissection.missingOctets >= 0, "missing octets are \(dissection.missingOctets)")
        if let ip = dissection.ip { try checkHeader(ip, in: frame) }
        let glance = SegmentGlance(frame: frame.span, linkType: linkType, originalLength: frame.count + cut)
        try check(glance, against: dissection)
        try check(found(in: frame, linkType, frame.count + cut), glance, against: dissection)
        switch dissection.transport {
        case .tcp(let segment, let checksum)?:
            try expect(segment.payload.count <= frame.count, "a payload longer than its frame")
            try expect(
                dissection.missingOctets <= cut || dissection.problem != nil,
                "\(dissection.missingOctets) octets are missing, \(cut) were cut off")
            if checksum == .good, dissection.problem == nil, let ip = dissection.ip {
                try checkRewriting(segment, ip)
            }
        case .icmpError(let error)?:
            try QuoteFuzz.check(error.quote, in: frame)
        case .other?, nil: break
        }
        try checkAnnotation(frame)
    }

    /// What is seen at a glance is what is found by taking the frame apart, and nothing is overlooked that is whole.
    private static func check(_ glance: SegmentGlance?, against dissection: Dissection) throws(BrokenRule) {
        guard case .tcp(let segment, let checksum)? = dissection.transport, let ip = dissection.ip else {
            return try expect(glance == nil, "at a glance there is a segment")
        }
        let isPlain = dissection.problem == nil && dissection.fragment == nil
        try expect(glance != nil || !isPlain, "at a glance there is no segment")
        guard let glance else { return }
        try expect(glance == SegmentGlance(segment, ip, checksum), "at a glance it is another segment: \(glance)")
        try expect(dissection.fragment == nil, "at a glance it is no fragment")
    }

    /// The segment of a frame that lies among other octets.
    private static func found(in frame: [UInt8], _ linkType: LinkType, _ originalLength: Int) -> FoundSegment? {
        let octets = [UInt8](repeating: 0xA5, count: 7) + frame + [UInt8](repeating: 0x5A, count: 9)
        return FoundSegment(frame: 7..<7 + frame.count, of: octets, linkType: linkType, originalLength: originalLength)
    }

    /// Where a glance shows a segment it is found, as it is when the frame is taken apart; nowhere else.
    private static func check(
        _ found: FoundSegment?, _ glance: SegmentGlance?, against dissection: Dissection
    ) throws(BrokenRule) {
        try expect((found == nil) == (glance == nil), "a segment is found and not seen, or seen and not found")
        guard let found else { return }
        guard case .tcp(let segment, let checksum)? = dissection.transport, let ip = dissection.ip else {
            return try expect(false, "a segment is found where there is none")
        }
        let expected = FoundSegment(
            segment, in: ip, checksum: checksum, vlans: dissection.vlans, problem: dissection.problem,
            missingOctets: dissection.missingOctets)
        try expect(found == expected, "another segment is found: \(found)")
    }

    /// A header that was read is written as the octets it was read from.
    private static func checkHeader(_ ip: IPHeader, in frame: [UInt8]) throws(BrokenRule) {
        var written: [UInt8]
        switch ip {
        case .v4(let header):
            written = [UInt8](repeating: 0xA5, count: IPv4Header.minimumLength + header.options.count)
            var span = written.mutableSpan
            header.write(to: &span)
        case .v6(let header, _):
            written = [UInt8](repeating: 0xA5, count: IPv6Header.length)
            var span = written.mutableSpan
            header.write(to: &span)
        }
        try expect(contains(frame, written), "the IP header is not written as it was read: \(ip)")
    }

    /// A whole segment with a good checksum is written with the same one, and read again as the same.
    private static func checkRewriting(_ segment: TCPSegment, _ ip: IPHeader) throws(BrokenRule) {
        let written = segment.octets(source: ip.source, destination: ip.destination)
        let again: TCPSegment
        do {
            again = try TCPSegment(parsing: written.span)
        } catch {
            throw BrokenRule("what was written cannot be read: \(error)")
        }
        var expected = segment
        // Two sums say the same: zero and its complement.
        if again.header.checksum == 0 || again.header.checksum == 0xFFFF, segment.header.checksum.isZeroSum {
            expected.header.checksum = again.header.checksum
        }
        try expect(again == expected, "\(segment) is written and read as \(again)")
    }

    /// The fields of a packet cover all its octets, in order.
    private static func checkAnnotation(_ packet: [UInt8]) throws(BrokenRule) {
        var end = 0
        for field in PacketAnnotation.annotate(packet: packet) {
            let range = field.octets
            try expect(
                range.lowerBound <= end && range.upperBound >= end && range.upperBound <= packet.count,
                "the field \(field.name) has octets \(range) after \(end) of \(packet.count)")
            end = range.upperBound
        }
        try expect(end == packet.count, "the fields end at \(end) of \(packet.count)")
    }

    /// True when `part` stands somewhere in `whole`.
    static func contains(_ whole: [UInt8], _ part: [UInt8]) -> Bool {
        guard whole.count >= part.count else { return false }
        return (0...whole.count - part.count).contains { whole[$0..<$0 + part.count].elementsEqual(part) }
    }
}

extension UInt16 {
    fileprivate var isZeroSum: Bool { self == 0 || self == 0xFFFF }
}
