import HandprobeReport
import HandprobeWire
import Testing

@Suite struct AnnotatedDumpTests {
    /// 192.0.2.1:50311 → 198.51.100.7:80, its TCP checksum left out. scapy says that it is 0xa2d5.
    private let v4: [UInt8] =
        [
            0x45, 0x00, 0x00, 0x44, 0x12, 0x67, 0x40, 0x00, 0x40, 0x06, 0x3C, 0x11, 0xC0, 0x00, 0x02, 0x01,
            0xC6, 0x33, 0x64, 0x07, 0xC4, 0x87, 0x00, 0x50, 0x12, 0x34, 0x56, 0x79, 0xFF, 0xFF, 0xFF, 0xFF,
            0x80, 0x18, 0x01, 0xF6, 0x00, 0x00, 0x00, 0x00, 0x01, 0x01, 0x08, 0x0A, 0x00, 0x00, 0x00, 0x01,
            0x00, 0x00, 0x00, 0x02,
        ] + Array("GET /\u{1B}[2J \r\n\r\n..".utf8)

    /// fd00::1 → fd00::2, a SYN, checksum and all made by scapy.
    private let v6: [UInt8] =
        [0x60, 0x0A, 0xBC, 0xDE, 0x00, 0x18, 0x06, 0x40] + [0xFD] + Array(repeating: 0, count: 14) + [0x01]
        + [0xFD] + Array(repeating: 0, count: 14) + [0x02]
        + [0xA3, 0x91, 0x1F, 0x90, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, 0x60, 0x02, 0xFD, 0x20, 0x75, 0x47, 0, 0]
        + [0x02, 0x04, 0x05, 0xA0]

    @Test func everyFieldHasItsLine() throws {
        try Golden.expect(AnnotatedDump.lines(packet: v4, style: TextStyle(width: 80)), "dump-v4-80")
        try Golden.expect(AnnotatedDump.lines(packet: v6, style: TextStyle(width: 100)), "dump-v6-100")
    }

    @Test func theSumIsThatOfAnotherProgram() {
        let lines = AnnotatedDump.lines(packet: v4, style: TextStyle(width: 80))
        #expect(lines.contains { $0.contains("0xa2d5") && $0.contains("the complement: the checksum") })
        #expect(lines.last?.hasSuffix("the field: wrong") == true)
        let sound = AnnotatedDump.lines(packet: v6, style: TextStyle(width: 80))
        #expect(sound.contains { $0.contains("0x7547") && $0.contains("the complement: the checksum") })
        #expect(sound.last?.hasSuffix("the field: right") == true)
    }

    @Test func anyPacketFitsAnyWidth() {
        var random = SplitMix64(seed: 0xD0)
        for width in [50, 66, 80, 133] {
            for length in 0..<100 {
                var packet = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                if length > 0 { packet[0] = length % 2 == 0 ? 0x45 : 0x60 }
                if length > 9 { (packet[6], packet[9]) = (6, 6) }
                let lines = AnnotatedDump.lines(packet: packet, style: TextStyle(width: width, unicode: false))
                #expect(lines.first { $0.utf8.count > width } == nil)
                #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
            }
        }
    }
}
