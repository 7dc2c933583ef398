import FoundationEssentials
import HandprobeNet
import HandprobeWire
import Testing

@Suite("Classic pcap files are read through libpcap, whoever wrote them and however broken")
struct PcapFileTests {
    private struct Frame: Equatable {
        var octets: [UInt8]
        var time: Timestamp
        var originalLength: Int
    }

    private static let payloads: [[UInt8]] = [[0x45, 1, 2], [], Array(0...99)]

    /// A file by hand, as pcap-savefile(5) describes it.
    private static func file(bigEndian: Bool, nanoseconds: Bool, linkType: UInt32 = 1) -> [UInt8] {
        func number(_ value: some FixedWidthInteger) -> [UInt8] {
            let little = (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
            return bigEndian ? little.reversed() : little
        }
        var octets = number(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4 as UInt32)
        octets += number(2 as UInt16) + number(4 as UInt16) + number(0 as UInt64)
        octets += number(65535 as UInt32) + number(linkType)
        for (index, payload) in payloads.enumerated() {
            octets += number(1_700_000_000 + UInt32(index)) + number(nanoseconds ? 123_456_789 : 123_456 as UInt32)
            octets += number(UInt32(payload.count)) + number(UInt32(payload.count + 5)) + payload
        }
        return octets
    }

    private func read(_ octets: [UInt8]) throws -> (frames: [Frame], linkType: LinkType, problem: String?) {
        let path = "/tmp/handprobe-pcap-\(Entropy.uint32())"
        try Data(octets).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try PcapFile(InputFile(path))
        var frames: [Frame] = []
        do {
            // Longer than a frame, so that what is left of it would be seen.
            var octets = [UInt8](repeating: 0xEE, count: 64)
            while let (time, length) = try file.next(into: &octets) {
                frames.append(Frame(octets: octets, time: time, originalLength: length))
            }
        } catch {
            return (frames, file.linkType, error.reason)
        }
        return (frames, file.linkType, nil)
    }

    @Test(arguments: [true, false], [true, false]) func eitherOrderAndUnit(bigEndian: Bool, nanoseconds: Bool) throws {
        let (frames, linkType, problem) = try read(Self.file(bigEndian: bigEndian, nanoseconds: nanoseconds))
        #expect(problem == nil)
        #expect(linkType == .ethernet)
        #expect(frames.map(\.octets) == Self.payloads)
        #expect(frames.map(\.originalLength) == [8, 5, 105])
        let fraction: Int64 = nanoseconds ? 123_456_789 : 123_456_000
        #expect(frames.map(\.time.nanoseconds) == (0..<3).map { (1_700_000_000 + $0) * 1_000_000_000 + fraction })
    }

    @Test func rawPackets() throws {
        #expect(try read(Self.file(bigEndian: false, nanoseconds: true, linkType: 101)).linkType == .raw)
    }

    @Test func cutAtEveryOctet() throws {
        let whole = Self.file(bigEndian: false, nanoseconds: false)
        let ends = [24, 24 + 19, 24 + 19 + 16]
        for length in 0..<whole.count {
            if length < 24 {
                #expect(throws: SystemError.self) { try read(Array(whole.prefix(length))) }
                continue
            }
            let (frames, _, problem) = try read(Array(whole.prefix(length)))
            #expect(frames.count == ends.lastIndex { $0 <= length })
            #expect((problem == nil) == ends.contains(length), "\(length): \(problem ?? "")")
        }
    }

    @Test func garbage() throws {
        var state: UInt64 = 0x5EED_00A1
        for _ in 0..<300 {
            var octets = Self.file(bigEndian: false, nanoseconds: false)
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                octets[Int(state >> 33) % octets.count] = UInt8(truncatingIfNeeded: state >> 24)
            }
            _ = try? read(octets)
        }
    }
}
