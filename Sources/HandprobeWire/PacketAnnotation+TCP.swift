extension PacketAnnotation {
    mutating func annotateTCP(from start: Int) {
        let span = { (range: Range<Int>) in start + range.lowerBound..<start + range.upperBound }
        let available = packet.count - start
        add(.tcp, "source port", span(0..<2), "\(number(span(0..<2)))")
        add(.tcp, "destination port", span(2..<4), "\(number(span(2..<4)))")
        add(.tcp, "sequence number", span(4..<8), "\(number(span(4..<8)))")
        let flags = TCPFlags(rawValue: UInt16(number(span(12..<14)) & 0xFFF))
        let acknowledgment = number(span(8..<12))
        let isStray = acknowledgment != 0 && !flags.contains(.ack)
        add(
            .tcp,
            "acknowledgment number",
            span(8..<12),
            "\(acknowledgment)",
            isStray ? "without meaning: ACK is not set" : ""
        )
        let words = Int(packet[start + 12] >> 4)
        let isPlausible = words >= 5 && words * 4 <= available
        let end = start + (isPlausible ? words * 4 : TCPHeader.minimumLength)
        let offsetMeaning = "\(words * 4) octets" + (isPlausible ? "" : ", which cannot be")
        add(.tcp, "data offset", span(12..<13), bits: 0..<4, "\(words)", offsetMeaning)
        add(.tcp, "reserved bits", span(12..<13), bits: 4..<7, "\(flags.rawValue >> 9)")
        add(.tcp, "control bits", span(12..<14), bits: 7..<16, flags.subtracting(.reserved).notation, Self.names(flags))
        add(.tcp, "window", span(14..<16), "\(number(span(14..<16)))", "not scaled")
        let checksum = number(span(16..<18))
        add(.tcp, "checksum", span(16..<18), Self.hex(checksum, digits: 4), checksumMeaning(start: start))
        let pointer = number(span(18..<20))
        let pointerMeaning = pointer != 0 && !flags.contains(.urg) ? "without meaning: URG is not set" : ""
        add(.tcp, "urgent pointer", span(18..<20), "\(pointer)", pointerMeaning)
        annotateOptions(start + TCPHeader.minimumLength..<end)
        addRest(.tcp, "payload", end..<packet.count, Self.octetCount(packet.count - end))
    }

    private mutating func annotateOptions(_ range: Range<Int>) {
        let options = TCPOptions(octets: Array(packet[range]))
        let (parsed, problem) = options.parsed
        var offset = range.lowerBound
        for option in parsed {
            let single = TCPOptions(octets: Array(packet[offset..<offset + option.length]))
            let text = option.length % 4 == 0 ? single.notation : Self.text(of: single)
            add(.tcpOptions, "option \(option.kind)", offset..<offset + option.length, text, Self.name(of: option))
            offset += option.length
        }
        addRest(.tcpOptions, problem == nil ? "padding" : "rest", offset..<range.upperBound, problem?.description ?? "")
    }

    /// An option alone, written as it would be in a list that goes on.
    private static func text(of single: TCPOptions) -> String {
        var padded = single
        while padded.count % 4 != 0 { padded.append(.noOperation) }
        return String(padded.notation.split(separator: ",")[0])
    }

    private func checksumMeaning(start: Int) -> String {
        guard let working = ChecksumWorking(packet: packet, family: family, segmentStart: start) else { return "" }
        switch working.verdict {
        case .good: return "right"
        case .notFilledIn: return "only the pseudo-header's sum; right is \(Self.hex(working.complement, digits: 4))"
        default: return "wrong: right is \(Self.hex(working.complement, digits: 4))"
        }
    }

    private static func octetCount(_ count: Int) -> String {
        count == 1 ? "1 octet" : "\(count) octets"
    }

    private static func names(_ flags: TCPFlags) -> String {
        let names: [(TCPFlags, String)] = [
            (.ae, "AE"), (.cwr, "CWR"), (.ece, "ECE"), (.urg, "URG"), (.ack, "ACK"), (.psh, "PSH"), (.rst, "RST"),
            (.syn, "SYN"), (.fin, "FIN"),
        ]
        let set = names.filter { flags.contains($0.0) }.map(\.1)
        return set.isEmpty ? "none" : set.joined(separator: ", ")
    }

    private static func name(of option: TCPOption) -> String {
        switch option {
        case .endOfList: "end of option list"
        case .noOperation: "no operation"
        case .maximumSegmentSize: "maximum segment size"
        case .windowScale(let shift): shift <= 14 ? "window × \(1 << Int(shift))" : "above 14, taken as 14"
        case .sackPermitted: "selective acknowledgments permitted"
        case .sack: "blocks received out of order"
        case .timestamps: "clock and echo"
        case .unknown(19, _): "MD5 signature"
        case .unknown(34, _): "fast open cookie"
        case .unknown: "not known, or of a wrong length"
        }
    }
}
