import HandprobeWire

/// Reads what stands between a block's two lengths.
struct PCAPNGBlockBody {
    let order: ByteOrder
    /// Where in the file the block begins.
    let offset: Int

    /// A frame whose time still counts in the ticks of its interface.
    struct RawFrame {
        var frame: PCAPNGFrame
        var ticks: UInt64?
    }

    func section(_ octets: Span<UInt8>) throws(PCAPNGError) -> PCAPNGSection {
        let (major, minor) = (order.uint16(octets, at: 4), order.uint16(octets, at: 6))
        // 1.2 was written for a while and says the same as 1.0.
        guard major == 1, minor == 0 || minor == 2 else { throw .unsupportedVersion(major: major, minor: minor) }
        var section = PCAPNGSection()
        options(octets, from: 16) { code, value in
            switch code {
            case PCAPNGFormat.Option.comment: section.comments.append(text(value))
            case PCAPNGFormat.Option.sectionSystem: section.system = text(value)
            case PCAPNGFormat.Option.sectionApplication: section.application = text(value)
            default: break
            }
        }
        return section
    }

    func interface(_ octets: Span<UInt8>) throws(PCAPNGError) -> PCAPNGInterface {
        try require(8, in: octets)
        var interface = PCAPNGInterface(
            name: "",
            linkType: LinkType(rawValue: UInt32(order.uint16(octets, at: 0))),
            snaplen: order.uint32(octets, at: 4),
            resolution: 6
        )
        options(octets, from: 8) { code, value in
            switch code {
            case PCAPNGFormat.Option.interfaceName:
                interface.name = text(value.extracting(first: PCAPNGFormat.longestName))
            case PCAPNGFormat.Option.interfaceResolution where value.count == 1: interface.resolution = value[0]
            case PCAPNGFormat.Option.interfaceOffset where value.count == 8:
                interface.offset = Int64(bitPattern: order.uint64(value, at: 0))
            default: break
            }
        }
        return interface
    }

    func enhancedPacket(_ octets: Span<UInt8>) throws(PCAPNGError) -> RawFrame {
        try require(20, in: octets)
        return try rawFrame(octets, interface: Int(order.uint32(octets, at: 0)))
    }

    /// The packet block of the format's first drafts: the interface has sixteen bits, a count of drops the other ones.
    func packet(_ octets: Span<UInt8>) throws(PCAPNGError) -> RawFrame {
        try require(20, in: octets)
        return try rawFrame(octets, interface: Int(order.uint16(octets, at: 0)))
    }

    func simplePacket(_ octets: Span<UInt8>, snaplen: UInt32) throws(PCAPNGError) -> RawFrame {
        try require(4, in: octets)
        let original = order.uint32(octets, at: 0)
        let captured = snaplen == 0 ? original : min(original, snaplen)
        guard captured <= octets.count - 4 else { throw .frameTooLong(length: captured, offset: offset) }
        let frame = PCAPNGFrame(
            interface: 0,
            time: nil,
            originalLength: Int(original),
            octets: copy(octets.extracting(4..<4 + Int(captured)))
        )
        return RawFrame(frame: frame, ticks: nil)
    }

    func statistics(_ octets: Span<UInt8>) throws(PCAPNGError) -> PCAPNGStatistics {
        try require(12, in: octets)
        var statistics = PCAPNGStatistics(interface: Int(order.uint32(octets, at: 0)))
        options(octets, from: 12) { code, value in
            switch code {
            case PCAPNGFormat.Option.statisticsReceived: statistics.received = count(value)
            case PCAPNGFormat.Option.statisticsDropped: statistics.dropped = count(value)
            case PCAPNGFormat.Option.statisticsDroppedBySystem: statistics.droppedBySystem = count(value)
            case PCAPNGFormat.Option.customOctets: record(value).map { statistics.records.append($0) }
            default: break
            }
        }
        return statistics
    }

    private func rawFrame(_ octets: Span<UInt8>, interface: Int) throws(PCAPNGError) -> RawFrame {
        let captured = order.uint32(octets, at: 12)
        guard captured <= octets.count - 20 else { throw .frameTooLong(length: captured, offset: offset) }
        let end = 20 + Int(captured)
        var frame = PCAPNGFrame(
            interface: interface,
            time: nil,
            originalLength: Int(max(captured, order.uint32(octets, at: 16))),
            octets: copy(octets.extracting(20..<end))
        )
        options(octets, from: (end + 3) / 4 * 4) { code, value in
            switch code {
            case PCAPNGFormat.Option.comment: frame.comments.append(text(value))
            case PCAPNGFormat.Option.customOctets: record(value).map { frame.records.append($0) }
            default: break
            }
        }
        let ticks = UInt64(order.uint32(octets, at: 4)) << 32 | UInt64(order.uint32(octets, at: 8))
        return RawFrame(frame: frame, ticks: ticks)
    }

    /// Calls `body` for each option from `start` on; ends at the end of options, or at one that runs past the block.
    private func options(_ octets: Span<UInt8>, from start: Int, _ body: (UInt16, Span<UInt8>) -> Void) {
        var place = start
        while place + 4 <= octets.count {
            let (code, length) = (order.uint16(octets, at: place), Int(order.uint16(octets, at: place + 2)))
            place += 4
            guard code != PCAPNGFormat.Option.end, length <= octets.count - place else { return }
            body(code, octets.extracting(place..<place + length))
            place += (length + 3) / 4 * 4
        }
    }

    private func record(_ value: Span<UInt8>) -> [UInt8]? {
        guard value.count >= 4, order.uint32(value, at: 0) == TranscriptRecord.enterprise else { return nil }
        return copy(value.extracting(4...))
    }

    private func count(_ value: Span<UInt8>) -> UInt64? {
        value.count == 8 ? order.uint64(value, at: 0) : nil
    }

    private func text(_ value: Span<UInt8>) -> String {
        String(decoding: copy(value), as: UTF8.self)
    }

    private func copy(_ octets: Span<UInt8>) -> [UInt8] {
        unsafe octets.withUnsafeBufferPointer { unsafe Array($0) }
    }

    private func require(_ needed: Int, in octets: Span<UInt8>) throws(PCAPNGError) {
        guard octets.count >= needed else {
            let length = octets.count + PCAPNGFormat.shortestBlock
            throw .badBlockLength(length: UInt32(truncatingIfNeeded: length), offset: offset)
        }
    }
}
