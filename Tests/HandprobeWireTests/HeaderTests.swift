import HandprobeWire
import Testing

@Suite("Headers, octets both ways")
struct HeaderTests {
    /// What `write` puts at `offset` into a buffer full of 0xA5.
    private func written(_ count: Int, at offset: Int, _ write: (inout MutableSpan<UInt8>) -> Void) -> [UInt8] {
        var buffer = [UInt8](repeating: 0xA5, count: offset + count + 3)
        var span = buffer.mutableSpan
        write(&span)
        #expect(buffer[..<offset].allSatisfy { $0 == 0xA5 })
        #expect(buffer[(offset + count)...] == [0xA5, 0xA5, 0xA5])
        return Array(buffer[offset..<offset + count])
    }

    @Test func ipv4() throws {
        for hex in [GoldenFrames.ipv4, GoldenFrames.ipv4Options, GoldenFrames.laterFragment] {
            let octets = try [UInt8](hex: hex)
            let header = try IPv4Header(parsing: octets.span)
            let copy = written(header.length, at: 0) { header.write(to: &$0) }
            #expect(copy == Array(octets[..<header.length]))
        }
    }

    @Test func ipv6() throws {
        let octets = try [UInt8](hex: GoldenFrames.ipv6)
        let header = try IPv6Header(parsing: octets.span)
        #expect(written(40, at: 0) { header.write(to: &$0) } == Array(octets[..<40]))
    }

    @Test func tcp() throws {
        let octets = Array(try [UInt8](hex: GoldenFrames.ipv4)[20...])
        let header = try TCPHeader(parsing: octets.span)
        #expect(written(20, at: 5) { header.write(to: &$0, at: 5) } == Array(octets[..<20]))
        let segment = try TCPSegment(parsing: octets.span)
        let source = try #require(IPAddress("192.0.2.1")), destination = try #require(IPAddress("198.51.100.2"))
        #expect(segment.octets(source: source, destination: destination) == octets)
    }

    @Test func everyHeaderSurvives() throws {
        var random = SplitMix64(seed: 0x5EED_0040)
        for _ in 0..<5_000 {
            let octets = random.octets(20)
            let header = try TCPHeader(parsing: octets.span)
            #expect(written(20, at: 0) { header.write(to: &$0) } == octets)
            var six = random.octets(40)
            six[0] = 0x60 | six[0] & 0x0F
            let header6 = try IPv6Header(parsing: six.span)
            #expect(written(40, at: 0) { header6.write(to: &$0) } == six)
            var four = random.octets(60)
            let words = 5 + random.below(11)
            four[0] = 0x40 | UInt8(words)
            let header4 = try IPv4Header(parsing: four.span)
            #expect(written(words * 4, at: 0) { header4.write(to: &$0) } == Array(four[..<(words * 4)]))
        }
    }

    @Test func segmentsCutShortAreRefused() throws {
        let octets = Array(try [UInt8](hex: GoldenFrames.ipv4)[20...])
        for count in 0..<octets.count {
            let error = #expect(throws: WireError.self) { try TCPSegment(parsing: Array(octets[..<count]).span) }
            if count < 20 {
                #expect(error == .truncated(layer: .tcp, needed: 20, available: count, offset: 0))
            } else {
                #expect(error == .badLength(layer: .tcp, value: 40, offset: 0))
            }
        }
        #expect(throws: WireError.self) { try IPv4Header(parsing: Array(repeating: 0x44, count: 60).span) }
    }
}
