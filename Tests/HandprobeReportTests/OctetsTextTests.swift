import HandprobeJudge
import HandprobeReport
import HandprobeWire
import Testing

@Suite struct OctetsTextTests {
    private let style = TextStyle(width: 80, showsOctets: true)

    /// fd00::1 → fd00::2, a SYN, checksum and all made by scapy.
    private let packet: [UInt8] =
        [0x60, 0x0A, 0xBC, 0xDE, 0x00, 0x18, 0x06, 0x40] + [0xFD] + Array(repeating: 0, count: 14) + [0x01]
        + [0xFD] + Array(repeating: 0, count: 14) + [0x02]
        + [0xA3, 0x91, 0x1F, 0x90, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, 0x60, 0x02, 0xFD, 0x20, 0x75, 0x47, 0, 0]
        + [0x02, 0x04, 0x05, 0xA0]

    /// The packet in an Ethernet frame, as a capture of `length` octets has it.
    private func event(captured length: Int? = nil, padding: Int = 0) throws -> Event {
        let frame = Array(repeating: 0x02, count: 12) + [0x86, 0xDD] + packet + Array(repeating: 0xAA, count: padding)
        let dissection = Dissection(packet: packet.span)
        guard case .tcp(let segment, let checksum) = dissection.transport else {
            throw WireError.badVersion(0, offset: 0)
        }
        let observed = ObservedSegment(
            origin: .us,
            segment: segment,
            ip: try #require(dissection.ip),
            checksum: checksum,
            frame: Array(frame.prefix(length ?? frame.count)),
            linkType: .ethernet,
            originalLength: frame.count
        )
        return Event(time: Timestamp(nanoseconds: 0), kind: .segment(observed))
    }

    @Test(arguments: [0, 6])
    func thePacketIsShownWithoutWhatIsAroundIt(padding: Int) throws {
        let lines = OctetsText.lines(for: try event(padding: padding), style: style)
        #expect(lines == [""] + AnnotatedDump.lines(packet: packet, style: style) + [""])
        #expect(lines.contains { $0.contains("0x7547") && $0.contains("the complement: the checksum") })
    }

    @Test func whatWasNotCapturedIsNotCalledWrong() throws {
        let lines = OctetsText.lines(for: try event(captured: 14 + 60), style: style)
        #expect(lines.contains { $0.contains("cannot be told") })
        #expect(lines.contains { $0.contains("no TCP checksum to work out") })
        #expect(!lines.contains { $0.contains("wrong") })
    }

    @Test func onlyWhereItIsAskedFor() throws {
        #expect(OctetsText.lines(for: try event(), style: TextStyle(width: 80)).isEmpty)
        let quiet = TextStyle(width: 80, verbosity: .quiet, showsOctets: true)
        #expect(OctetsText.lines(for: try event(), style: quiet).isEmpty)
        let timer = Event(time: Timestamp(nanoseconds: 0), kind: .timer(.retransmission(nextAttempt: 2)))
        #expect(OctetsText.lines(for: timer, style: style).isEmpty)
    }
}
