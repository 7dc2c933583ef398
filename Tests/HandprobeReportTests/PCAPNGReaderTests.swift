import HandprobeReport
import HandprobeWire
import Testing

@Suite("pcapng is read whoever wrote it, and however broken")
struct PCAPNGReaderTests {
    /// Everything that a file has, in pieces of `size` octets, and what ended it.
    private func read(_ octets: [UInt8], piece size: Int = .max) -> (blocks: [PCAPNGBlock], problem: PCAPNGError?) {
        var reader = PCAPNGReader()
        var blocks: [PCAPNGBlock] = []
        var rest = octets[...]
        do throws(PCAPNGError) {
            while !rest.isEmpty {
                reader.append(rest.prefix(size))
                rest = rest.dropFirst(size)
                while let block = try reader.next() { blocks.append(block) }
            }
        } catch {
            return (blocks, error)
        }
        return (blocks, reader.end())
    }

    /// Two sections of different orders, interfaces of different resolutions, each kind of packet block.
    private func sample() -> [UInt8] {
        var file = PCAPNGOctets(isBigEndian: true)
        file.section(options: file.option(1, "first") + file.option(0, []))
        file.interface(1, snaplen: 3)
        file.interface(
            101, options: file.option(2, "tun0") + file.option(9, [0x8A]) + file.option(14, [0, 0, 0, 0, 0, 0, 0, 5]))
        file.frame(
            [1, 2, 3, 4, 5], interface: 1, ticks: 2048 + 512, options: file.option(1, "a") + file.option(1, "b"))
        file.block(
            2,
            file.number(0 as UInt16) + file.number(9 as UInt16) + file.number(0 as UInt32)
                + file.number(1_000_001 as UInt32) + file.number(2 as UInt32) + file.number(60 as UInt32) + [
                    7, 8, 0, 0,
                ])
        file.block(3, file.number(1500 as UInt32) + [1, 2, 3, 0])
        file.block(0xBAD, [0, 0, 0, 1])
        var second = PCAPNGOctets()
        second.section()
        second.interface(113, options: second.option(2, "any"))
        second.frame([9], ticks: 3)
        second.block(
            5,
            second.number(0 as UInt32) + second.number(0 as UInt64)
                + second.option(5, second.number(4 as UInt64)) + second.option(7, second.number(6 as UInt64)))
        file.append(second.octets)
        return file.octets
    }

    private let expected: [PCAPNGBlock] = {
        let cut = PCAPNGInterface(name: "", linkType: .ethernet, snaplen: 3, resolution: 6)
        let tunnel = PCAPNGInterface(name: "tun0", linkType: .raw, snaplen: 0, resolution: 0x8A, offset: 5)
        let any = PCAPNGInterface(name: "any", linkType: .linuxCooked, snaplen: 0, resolution: 6)
        return [
            .section(PCAPNGSection(comments: ["first"])), .interface(cut), .interface(tunnel),
            .frame(
                PCAPNGFrame(
                    interface: 1, time: Timestamp(nanoseconds: 7_500_000_000), originalLength: 5,
                    octets: [1, 2, 3, 4, 5], comments: ["a", "b"]), tunnel),
            .frame(
                PCAPNGFrame(
                    interface: 0, time: Timestamp(nanoseconds: 1_000_001_000), originalLength: 60, octets: [7, 8]),
                cut),
            .frame(PCAPNGFrame(interface: 0, time: nil, originalLength: 1500, octets: [1, 2, 3]), cut),
            .skipped(type: 0xBAD, length: 16),
            .section(PCAPNGSection()), .interface(any),
            .frame(PCAPNGFrame(interface: 0, time: Timestamp(nanoseconds: 3000), originalLength: 1, octets: [9]), any),
            .statistics(PCAPNGStatistics(interface: 0, dropped: 4, droppedBySystem: 6)),
        ]
    }()

    @Test(arguments: [1, 7, 64, Int.max]) func everyKindOfBlock(piece: Int) {
        let (blocks, problem) = read(sample(), piece: piece)
        #expect(blocks == expected)
        #expect(problem == nil)
    }

    /// Wherever a file ends, what came before is given, and the end is said.
    @Test func everyTruncatedLength() {
        let whole = sample()
        for length in 0..<whole.count {
            let blocks = read(Array(whole.prefix(length))).blocks
            #expect(blocks == Array(expected.prefix(blocks.count)))
        }
        var ends: [Int] = []
        for length in 0...whole.count where read(Array(whole.prefix(length))).problem == nil { ends.append(length) }
        // A file may end behind any of its blocks and nowhere else.
        #expect(ends.count == expected.count)
        #expect(ends.last == whole.count)
    }

    @Test func otherFiles() {
        #expect(read([]).problem == .notPCAPNG)
        #expect(read([0x0A, 0x0D]).problem == .notPCAPNG)
        #expect(read(Array("hello, world".utf8)).problem == .notPCAPNG)
        for magic in [0xA1B2_C3D4, 0xD4C3_B2A1, 0xA1B2_3C4D, 0x4D3C_B2A1] as [UInt32] {
            let file = PCAPNGOctets(isBigEndian: true)
            #expect(read(file.number(magic) + [2, 0, 4, 0]).problem == .classicPcap)
        }
        var file = PCAPNGOctets()
        file.block(
            0x0A0D_0D0A,
            file.number(0x1A2B_3C4D as UInt32) + file.number(2 as UInt16) + file.number(0 as UInt16)
                + file.number(UInt64.max))
        #expect(read(file.octets).problem == .unsupportedVersion(major: 2, minor: 0))
    }

    @Test func contradictions() {
        var start = PCAPNGOctets()
        start.section()
        start.interface(1)
        let offset = start.octets.count
        func problem(_ build: (inout PCAPNGOctets) -> Void) -> (blocks: [PCAPNGBlock], problem: PCAPNGError?) {
            var file = start
            build(&file)
            let (blocks, problem) = read(file.octets)
            return (Array(blocks.dropFirst(2)), problem)
        }
        #expect(problem { $0.block(9, [], lastLength: 16) }.problem == .lengthsDiffer(offset: offset))
        #expect(
            problem { $0.append([9, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) }.problem
                == .badBlockLength(length: 13, offset: offset))
        #expect(
            problem { $0.append([9, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0]) }.problem
                == .badBlockLength(length: 8, offset: offset))
        // These leave what follows readable.
        let unknown = problem {
            $0.frame([1], interface: 7, ticks: 0); $0.frame([1], ticks: 0)
        }
        #expect(unknown.blocks.first == .malformed(.unknownInterface(7, offset: offset)))
        #expect(unknown.blocks.count == 2 && unknown.problem == nil)
        let tooLong = problem {
            $0.block(
                6, [UInt8](repeating: 0, count: 12) + $0.number(5 as UInt32) + $0.number(5 as UInt32) + [1, 2, 3, 4])
        }
        #expect(tooLong.blocks == [.malformed(.frameTooLong(length: 5, offset: offset))])
        #expect(tooLong.problem == nil)
        let short = problem { $0.block(6, [0, 0, 0, 0]) }
        #expect(short.blocks == [.malformed(.badBlockLength(length: 16, offset: offset))])
    }

    /// A block of any length is passed over and not kept.
    @Test func hugeBlocks() throws {
        var file = PCAPNGOctets()
        file.section()
        var reader = PCAPNGReader()
        reader.append(file.octets)
        _ = try reader.next()
        reader.append(file.number(0x8000_0001 as UInt32) + file.number(0x0400_0000 as UInt32))
        let piece = [UInt8](repeating: 0xFF, count: 1 << 20)
        reader.append(piece.prefix((1 << 20) - 8))
        #expect(try reader.next() == .skipped(type: 0x8000_0001, length: 1 << 26))
        for _ in 1..<1 << 6 {
            reader.append(piece)
            #expect(try reader.next() == nil)
        }
        #expect(reader.end() == nil)
        file = PCAPNGOctets()
        file.interface(1)
        reader.append(file.octets)
        guard case .interface = try reader.next() else { Issue.record("what follows is not read"); return }
    }

    /// Numbers that no clock shows become some moment.
    @Test(arguments: [0, 6, 9, 10, 28, 29, 0x7F, 0x80, 0x94, 0xA0, 0xFF] as [UInt8])
    func resolutions(resolution: UInt8) {
        for ticks in [0, 1, 0xFFFF_FFFF, UInt64.max] {
            var file = PCAPNGOctets()
            file.section()
            file.interface(1, options: file.option(9, [resolution]) + file.option(14, file.number(Int64.max)))
            file.interface(1, options: file.option(9, [resolution]))
            file.frame([1], ticks: ticks)
            file.frame([1], interface: 1, ticks: ticks)
            let blocks = read(file.octets).blocks
            #expect(blocks.count == 5)
            guard case .frame(let frame, _)? = blocks.last, let time = frame.time else { continue }
            let perSecond: Double? =
                switch resolution {
                case 0: 1
                case 6: 1e6
                case 10: 1e10
                case 0x94: 1_048_576
                case 0xA0: 4_294_967_296
                default: nil
                }
            if let perSecond, ticks < UInt64.max {
                #expect(abs(Double(time.nanoseconds) - Double(ticks) / perSecond * 1e9) <= 1)
            }
        }
    }

    @Test func hostileOctets() {
        var random = SplitMix64(seed: 0x5EED_0090)
        let whole = sample()
        for _ in 0..<4000 {
            var octets = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<octets.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: octets[place] = .random(in: 0...255, using: &random)
                case 1: octets[place] = [0, 1, 0x7F, 0x80, 0xFF][Int.random(in: 0..<5, using: &random)]
                case 2: octets.removeSubrange(place..<min(octets.count, place + 4))
                default: octets.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0x7F], at: place)
                }
            }
            let (blocks, problem) = read(octets, piece: Int.random(in: 1...300, using: &random))
            let again = read(octets)
            #expect(blocks == again.blocks && problem == again.problem)
            _ = TranscriptFile.read(octets)
        }
    }
}
