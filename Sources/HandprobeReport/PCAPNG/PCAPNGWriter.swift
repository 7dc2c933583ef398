public import HandprobeWire

/// Writes the blocks of a pcapng file (draft-ietf-opsawg-pcapng), numbers least significant octet first.
public struct PCAPNGWriter: Sendable {
    /// The octets written and not yet taken.
    private var octets: [UInt8] = []

    /// Nothing written yet.
    public init() {}

    /// Takes the octets that were written since the last time.
    public mutating func take() -> [UInt8] {
        defer { octets.removeAll(keepingCapacity: true) }
        return octets
    }

    /// Begins a section of unknown length.
    public mutating func write(_ section: PCAPNGSection) {
        block(PCAPNGFormat.Block.section) { writer in
            writer.put(PCAPNGFormat.byteOrderMagic)
            writer.put(1 as UInt16)
            writer.put(0 as UInt16)
            writer.put(UInt64.max)
            for comment in section.comments { writer.option(PCAPNGFormat.Option.comment, comment) }
            if let system = section.system { writer.option(PCAPNGFormat.Option.sectionSystem, system) }
            if let application = section.application {
                writer.option(PCAPNGFormat.Option.sectionApplication, application)
            }
            writer.endOfOptions()
        }
    }

    /// Adds an interface; those of a section count from 0.
    public mutating func write(_ interface: PCAPNGInterface) {
        block(PCAPNGFormat.Block.interface) { writer in
            writer.put(UInt16(truncatingIfNeeded: interface.linkType.rawValue))
            writer.put(0 as UInt16)
            writer.put(interface.snaplen)
            if !interface.name.isEmpty { writer.option(PCAPNGFormat.Option.interfaceName, interface.name) }
            writer.option(PCAPNGFormat.Option.interfaceResolution, [interface.resolution])
            if interface.offset != 0 {
                writer.option(PCAPNGFormat.Option.interfaceOffset) { $0.put(UInt64(bitPattern: interface.offset)) }
            }
            writer.endOfOptions()
        }
    }

    /// Adds a frame as an enhanced packet block, its time in nanoseconds; without time it is a moment at the epoch.
    public mutating func write(_ frame: PCAPNGFrame) {
        block(PCAPNGFormat.Block.enhancedPacket) { writer in
            writer.put(UInt32(truncatingIfNeeded: frame.interface))
            writer.put(time: frame.time ?? Timestamp(nanoseconds: 0))
            writer.put(UInt32(truncatingIfNeeded: frame.octets.count))
            writer.put(UInt32(truncatingIfNeeded: frame.originalLength))
            writer.octets += frame.octets
            writer.pad()
            for comment in frame.comments { writer.option(PCAPNGFormat.Option.comment, comment) }
            writer.custom(frame.records)
            if !frame.comments.isEmpty || !frame.records.isEmpty { writer.endOfOptions() }
        }
    }

    /// Adds the counters of a capture that lasted from `start` to `end`.
    public mutating func write(_ statistics: PCAPNGStatistics, from start: Timestamp, to end: Timestamp) {
        block(PCAPNGFormat.Block.statistics) { writer in
            writer.put(UInt32(truncatingIfNeeded: statistics.interface))
            writer.put(time: end)
            writer.option(PCAPNGFormat.Option.statisticsStart) { $0.put(time: start) }
            writer.option(PCAPNGFormat.Option.statisticsEnd) { $0.put(time: end) }
            let counters = [
                (PCAPNGFormat.Option.statisticsReceived, statistics.received),
                (PCAPNGFormat.Option.statisticsDropped, statistics.dropped),
                (PCAPNGFormat.Option.statisticsDroppedBySystem, statistics.droppedBySystem),
            ]
            for case (let code, let count?) in counters { writer.option(code) { $0.put(count) } }
            writer.custom(statistics.records)
            writer.endOfOptions()
        }
    }

    private mutating func block(_ type: UInt32, _ body: (inout PCAPNGWriter) -> Void) {
        let start = octets.count
        put(type)
        put(0 as UInt32)
        body(&self)
        let length = UInt32(truncatingIfNeeded: octets.count - start + 4)
        put(length)
        for index in 0..<4 { octets[start + 4 + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
    }

    private mutating func option(_ code: UInt16, _ write: (inout PCAPNGWriter) -> Void) {
        var value = PCAPNGWriter()
        write(&value)
        option(code, value.octets)
    }

    private mutating func option(_ code: UInt16, _ text: String) {
        guard text.utf8.count > PCAPNGFormat.longestOption else { return option(code, Array(text.utf8)) }
        // Cut between characters: an option of half a character is not UTF-8.
        var value: [UInt8] = []
        for character in text.unicodeScalars {
            guard value.count + UTF8.width(character) <= PCAPNGFormat.longestOption else { break }
            value += Array(String(character).utf8)
        }
        option(code, value)
    }

    private mutating func option(_ code: UInt16, _ value: [UInt8]) {
        let value = value.prefix(PCAPNGFormat.longestOption)
        put(code)
        put(UInt16(truncatingIfNeeded: value.count))
        octets += value
        pad()
    }

    private mutating func custom(_ records: [[UInt8]]) {
        for record in records {
            option(PCAPNGFormat.Option.customOctets) { value in
                value.put(TranscriptRecord.enterprise)
                value.octets += record
            }
        }
    }

    private mutating func endOfOptions() {
        put(PCAPNGFormat.Option.end)
        put(0 as UInt16)
    }

    private mutating func pad() {
        while octets.count % 4 != 0 { octets.append(0) }
    }

    /// Times are two words, the upper one first in either order of octets.
    private mutating func put(time: Timestamp) {
        let ticks = UInt64(bitPattern: time.nanoseconds)
        put(UInt32(truncatingIfNeeded: ticks >> 32))
        put(UInt32(truncatingIfNeeded: ticks))
    }

    private mutating func put(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            octets.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
