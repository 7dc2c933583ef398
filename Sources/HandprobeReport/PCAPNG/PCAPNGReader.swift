import HandprobeWire

/// Reads a pcapng file as it comes, in pieces of any size, and keeps no more of it than the block that is incomplete.
///
/// Both orders of octets, any number of sections, interfaces of any link type and resolution. A block that contradicts
/// itself is passed over; where the lengths are wrong, what follows cannot be found and reading ends.
public struct PCAPNGReader: Sendable {
    private var buffer: [UInt8] = []
    private var position = 0
    /// Octets of the file before the buffer.
    private var consumed = 0
    /// Octets of a block passed over that are still to come, and where it begins.
    private var toSkip = 0
    private var skippedFrom = 0
    private var order: ByteOrder?
    private var interfaces: [PCAPNGInterface] = []
    private var problem: PCAPNGError?

    /// Nothing read yet.
    public init() {}

    /// Takes the next octets of the file.
    public mutating func append(_ octets: some Collection<UInt8>) {
        var octets = octets[...]
        if toSkip > 0 {
            let skipped = min(toSkip, octets.count)
            octets = octets.dropFirst(skipped)
            toSkip -= skipped
            consumed += skipped
        }
        guard !octets.isEmpty, problem == nil else { return }
        if position > 0 {
            buffer.removeFirst(position)
            consumed += position
            position = 0
        }
        buffer.append(contentsOf: octets)
    }

    /// The next block; nil when more octets are needed. Throws, again and again, once nothing more can be read.
    public mutating func next() throws(PCAPNGError) -> PCAPNGBlock? {
        if let problem { throw problem }
        do throws(PCAPNGError) {
            guard let head = try head() else { return nil }
            if head.length > PCAPNGFormat.longestBlock {
                skip(head.length)
                return .skipped(type: head.type, length: head.length)
            }
            guard buffer.count - position >= head.length else { return nil }
            let block = try read(head)
            position += head.length
            switch block {
            case .section:
                order = head.order
                interfaces = []
            case .interface(let interface): interfaces.append(interface)
            default: break
            }
            return block
        } catch {
            problem = error
            buffer = []
            position = 0
            throw error
        }
    }

    /// What is wrong with a file that ends here; nil when it ends behind a block.
    public func end() -> PCAPNGError? {
        if let problem { return problem }
        let left = buffer.count - position
        if toSkip > 0 { return .truncated(offset: skippedFrom, available: offset - skippedFrom) }
        if left == 0 { return consumed + position == 0 ? .notPCAPNG : nil }
        return order == nil && left < 4 ? .notPCAPNG : .truncated(offset: offset, available: left)
    }

    /// Where in the file the next block begins.
    private var offset: Int { consumed + position }

    /// What a block begins with, and the order of octets it is in.
    private struct Head {
        var type: UInt32
        var length: Int
        var order: ByteOrder
    }

    /// The beginning of the next block, when it is there.
    private func head() throws(PCAPNGError) -> Head? {
        let octets = buffer.span.extracting(position...)
        guard octets.count >= 4 else { return nil }
        let isSection = octets.uint32(at: 0) == PCAPNGFormat.Block.section
        if order == nil, !isSection { throw Self.isClassic(octets) ? .classicPcap : .notPCAPNG }
        guard octets.count >= PCAPNGFormat.shortestBlock else { return nil }
        guard let order = isSection ? ByteOrder(magicIn: octets, at: 8) : order else { throw .notPCAPNG }
        let length = order.uint32(octets, at: 4)
        let shortest = isSection ? PCAPNGFormat.shortestSection : PCAPNGFormat.shortestBlock
        guard length % 4 == 0, length >= shortest, !isSection || length <= PCAPNGFormat.longestBlock else {
            throw .badBlockLength(length: length, offset: offset)
        }
        return Head(type: order.uint32(octets, at: 0), length: Int(length), order: order)
    }

    private static func isClassic(_ octets: Span<UInt8>) -> Bool {
        [0xA1B2_C3D4, 0xD4C3_B2A1, 0xA1B2_3C4D, 0x4D3C_B2A1].contains(octets.uint32(at: 0))
    }

    private mutating func skip(_ length: Int) {
        let available = min(length, buffer.count - position)
        skippedFrom = offset
        position += available
        toSkip = length - available
    }

    private func read(_ head: Head) throws(PCAPNGError) -> PCAPNGBlock {
        let octets = buffer.span.extracting(position..<position + head.length)
        let body = PCAPNGBlockBody(order: head.order, offset: offset)
        guard body.order.uint32(octets, at: head.length - 4) == UInt32(head.length) else {
            throw .lengthsDiffer(offset: offset)
        }
        let content = octets.extracting(8..<head.length - 4)
        // Without its section or one of its interfaces, nothing that follows could be understood.
        switch head.type {
        case PCAPNGFormat.Block.section: return .section(try body.section(content))
        case PCAPNGFormat.Block.interface:
            guard interfaces.count < PCAPNGFormat.mostInterfaces else { throw .tooManyInterfaces(offset: offset) }
            return .interface(try body.interface(content))
        default: break
        }
        do throws(PCAPNGError) {
            return switch head.type {
            case PCAPNGFormat.Block.enhancedPacket: try frame(body.enhancedPacket(content))
            case PCAPNGFormat.Block.packet: try frame(body.packet(content))
            case PCAPNGFormat.Block.simplePacket:
                try frame(body.simplePacket(content, snaplen: interfaces.first?.snaplen ?? 0))
            case PCAPNGFormat.Block.statistics: .statistics(try body.statistics(content))
            default: .skipped(type: head.type, length: head.length)
            }
        } catch {
            return .malformed(error)
        }
    }

    private func frame(_ raw: PCAPNGBlockBody.RawFrame) throws(PCAPNGError) -> PCAPNGBlock {
        guard interfaces.indices.contains(raw.frame.interface) else {
            throw .unknownInterface(raw.frame.interface, offset: offset)
        }
        let interface = interfaces[raw.frame.interface]
        var frame = raw.frame
        frame.time = raw.ticks.map(interface.time)
        return .frame(frame, interface)
    }
}
