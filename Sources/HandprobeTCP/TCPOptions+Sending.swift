import HandprobeWire

/// Option octets that are set at each sending. None of this allocates.
extension TCPOptions {
    /// `<nop,nop,TS val ecr>`, the customary layout of a segment after the SYN (RFC 7323, appendix A).
    static func timestamps(value: UInt32, echoReply: UInt32) -> TCPOptions {
        var options = TCPOptions()
        options.append(.noOperation)
        options.append(.noOperation)
        options.append(.timestamps(value: value, echoReply: echoReply))
        return options
    }

    /// Adds `<nop,nop,sack …>`, where there is anything to report and room for it.
    mutating func appendSACK(_ blocks: ReportedBlocks) {
        guard blocks.count > 0, count + 4 + 8 * blocks.count <= Self.capacity else { return }
        var octets = OptionOctets(self)
        octets.append(1)
        octets.append(1)
        octets.append(5)
        octets.append(UInt8(2 + 8 * blocks.count))
        for index in 0..<blocks.count {
            octets.append(number: blocks.starts[index].rawValue)
            octets.append(number: blocks.ends[index].rawValue)
        }
        self = octets.options
    }

    /// The same octets with value and echo of every well-formed timestamps option set.
    func withTimestamps(value: UInt32, echoReply: UInt32) -> TCPOptions {
        var octets = OptionOctets(self)
        octets.walk { kind, offset, length, octets in
            guard kind == 8, length == 10 else { return }
            octets.store(value, at: offset + 2)
            octets.store(echoReply, at: offset + 6)
        }
        return octets.options
    }

    /// The same options without those of the three that the peer's SYN did not offer.
    ///
    /// Where one is left out its padding goes as well, and zero octets fill up to a multiple of four.
    func limited(windowScale: Bool, sack: Bool, timestamps: Bool) -> TCPOptions {
        var kept = OptionOctets()
        var left = 0
        var octets = OptionOctets(self)
        octets.walk { kind, offset, length, octets in
            switch kind {
            case 0, 1: return
            case 3 where !windowScale, 4 where !sack, 8 where !timestamps: left += 1
            default:
                for index in offset..<offset + length { kept.append(octets.octet(at: index)) }
            }
        }
        guard left > 0 else { return self }
        while kept.count % 4 != 0 { kept.append(0) }
        return kept.options
    }
}
