import HandprobeWire
import Testing

@Suite("Segment template")
struct SegmentTemplateTests {
    private let us = SocketAddress(.v4(IPv4Address(0xC000_0201)), port: 41873)
    private let peer = SocketAddress(.v4(IPv4Address(0xC633_6402)), port: 8080)
    private let us6: SocketAddress
    private let peer6: SocketAddress

    init() throws {
        us6 = SocketAddress(.v6(try #require(IPv6Address("2001:db8::1"))), port: 41873)
        peer6 = SocketAddress(.v6(try #require(IPv6Address("2001:db8::2"))), port: 8080)
    }

    /// The SYN of the golden frames.
    private func syn() throws -> SegmentTemplate {
        let text = "S 305419896:305419896(0) win 64240 <mss 1460,sackOK,TS val 7 ecr 0,nop,wscale 7>"
        return SegmentTemplate(segment: try TCPSegment(notation: text))
    }

    @Test func craftsTheGoldenPackets() throws {
        var template = try syn()
        template.ip.identification = 0x1234
        template.ip.hopLimit = 61
        template.ip.trafficClass = 0x0A
        #expect(template.packet(from: us, to: peer).hexadecimal == GoldenFrames.ipv4)
        template.ip.hopLimit = 60
        template.ip.trafficClass = 0x22
        template.ip.flowLabel = 0x54321
        #expect(template.packet(from: us6, to: peer6).hexadecimal == GoldenFrames.ipv6)
        var hello = SegmentTemplate()
        hello.sourcePort = 1
        hello.destinationPort = 2
        hello.seq = SequenceNumber(3)
        hello.ack = SequenceNumber(4)
        hello.flags = [.psh, .ack]
        hello.window = 5
        hello.payload = Array("hello".utf8)[...]
        hello.ip.identification = 1
        hello.ip.dontFragment = false
        hello.ip.options = [0x94, 4, 0, 0]
        #expect(hello.packet(from: us, to: peer).hexadecimal == GoldenFrames.ipv4Options)
    }

    @Test func writesNoOctetTooMany() throws {
        for (source, destination) in [(us, peer), (us6, peer6)] {
            for length in [0, 1, 2, 3] {
                var template = try syn()
                template.ip.options = [1]
                template.payload = [9, 8, 7].prefix(length)
                let packet = template.packet(from: source, to: destination)
                var buffer = [UInt8](repeating: 0xA5, count: packet.count + 7)
                var span = buffer.mutableSpan
                template.write(to: &span, at: 5, from: source, to: destination)
                #expect(buffer == [0xA5, 0xA5, 0xA5, 0xA5, 0xA5] + packet + [0xA5, 0xA5])
                var several: [UInt8] = [1, 2]
                let first = template.append(to: &several, from: source, to: destination)
                let second = template.append(to: &several, from: source, to: destination)
                #expect(Array(several[first]) == packet && Array(several[second]) == packet)
                #expect(several.count == 2 + 2 * packet.count)
            }
        }
    }

    @Test func everyFieldCanBeForced() throws {
        var template = try syn()
        template.dataOffset = 3
        template.checksum = 0xBEEF
        template.urgentPointer = 7
        template.flags = TCPFlags(rawValue: 0xFFF)
        template.ip.version = 9
        template.ip.headerLength = 2
        template.ip.length = 11
        template.ip.reservedBit = true
        template.ip.moreFragments = true
        template.ip.dontFragment = false
        template.ip.fragmentOffset = 0x1FFF
        template.ip.protocolNumber = 253
        template.ip.checksum = 0xDEAD
        let packet = template.packet(from: us, to: peer)
        #expect(packet[..<12].elementsEqual(try [UInt8](hex: "92 00 000b 0000 bfff 40 fd dead")))
        #expect(packet[32..<40].elementsEqual(try [UInt8](hex: "3fff faf0 beef 0007")))
        let packet6 = template.packet(from: us6, to: peer6)
        #expect(packet6[..<8].elementsEqual(try [UInt8](hex: "9000 0000 000b fd 40")))
        #expect(template.isIPHeaderForcedWrong)
    }

    @Test func badChecksumsAreJudgedBad() throws {
        var random = SplitMix64(seed: 0x5EED_0050)
        for round in 0..<3_000 {
            var template = random.template()
            template.badChecksum = true
            let packet = round % 2 == 0 ? template.packet(from: us, to: peer) : template.packet(from: us6, to: peer6)
            #expect(Dissection(packet: packet.span).tcp?.checksum == .bad)
        }
    }

    @Test func theBadChecksumIsNotTheUnfinishedOne() throws {
        // Payloads such that the right checksum differs from the unfinished one in exactly the bits that are turned first.
        var found = 0
        for word in 0...UInt16.max {
            var template = SegmentTemplate()
            template.payload = [UInt8(word >> 8), UInt8(word & 0xFF)]
            let right = template.packet(from: us, to: peer)
            template.badChecksum = true
            let bad = template.packet(from: us, to: peer)
            if bad[37] ^ right[37] == 2 {
                found += 1
                #expect(Dissection(packet: bad.span).tcp?.checksum == .bad)
            }
        }
        #expect(found > 0)
    }

    @Test func whatIsCraftedIsReadAndMatched() throws {
        var random = SplitMix64(seed: 0x5EED_0051)
        for round in 0..<2_000 {
            let template = random.template()
            let packet = round % 2 == 0 ? template.packet(from: us, to: peer) : template.packet(from: us6, to: peer6)
            let dissection = Dissection(packet: packet.span)
            let segment = try #require(dissection.tcp?.segment)
            #expect(dissection.problem == nil && dissection.tcp?.checksum == .good)
            #expect(template.matches(segment))
            #expect(template.matches(try #require(dissection.ip)))
            let again = SegmentTemplate(segment: segment)
            var other = again.packet(from: us, to: peer)
            if round % 2 == 0 {
                other.replaceSubrange(..<20, with: packet[..<20])
                #expect(other == packet)
            }
        }
    }

    @Test func anyOneDifferenceIsNoMatch() throws {
        let packet = try syn().packet(from: us, to: peer)
        let dissection = Dissection(packet: packet.span)
        let segment = try #require(dissection.tcp?.segment), ip = try #require(dissection.ip)
        #expect(SegmentTemplate().matches(segment) && SegmentTemplate().matches(ip))
        let changes: [(inout SegmentTemplate) -> Void] = [
            { $0.sourcePort = 1 }, { $0.destinationPort = 1 }, { $0.seq = SequenceNumber(1) },
            { $0.ack = SequenceNumber(1) },
            { $0.dataOffset = 6 }, { $0.flags = [.syn, .ack] }, { $0.window = 1 }, { $0.checksum = 1 },
            { $0.urgentPointer = 1 },
            { $0.options = TCPOptions() }, { $0.payload = [1] },
        ]
        for change in changes {
            var template = SegmentTemplate()
            change(&template)
            #expect(!template.matches(segment))
            #expect(template.matches(ip))
        }
        let changesOfIP: [(inout PacketTemplate) -> Void] = [
            { $0.version = 5 }, { $0.headerLength = 6 }, { $0.trafficClass = 1 }, { $0.length = 1 },
            { $0.identification = 1 },
            { $0.reservedBit = true }, { $0.dontFragment = false }, { $0.moreFragments = true },
            { $0.fragmentOffset = 1 },
            { $0.hopLimit = 1 }, { $0.protocolNumber = 1 }, { $0.checksum = 1 }, { $0.options = [1] },
        ]
        for change in changesOfIP {
            var template = SegmentTemplate()
            change(&template.ip)
            #expect(!template.matches(ip))
            #expect(template.matches(segment))
        }
    }

    @Test func whatARawSocketRepairsIsKnown() {
        #expect(!SegmentTemplate().isIPHeaderForcedWrong)
        let harmless: [(inout PacketTemplate) -> Void] = [
            { $0.hopLimit = 1 }, { $0.trafficClass = 1 }, { $0.identification = 1 }, { $0.dontFragment = false },
            { $0.flowLabel = 1 },
        ]
        let repaired: [(inout PacketTemplate) -> Void] = [
            { $0.version = 4 }, { $0.headerLength = 5 }, { $0.length = 1 }, { $0.checksum = 1 },
            { $0.identification = 0 },
        ]
        for (changes, expected) in [(harmless, false), (repaired, true)] {
            for change in changes {
                var template = SegmentTemplate()
                change(&template.ip)
                #expect(template.isIPHeaderForcedWrong == expected)
            }
        }
    }

    @Test func sizesThatNoPacketHasDoNotTrap() {
        var template = SegmentTemplate()
        template.payload = ArraySlice(repeating: 1, count: 70_000)
        template.ip.options = Array(repeating: 1, count: 70)
        #expect(template.packet(from: us, to: peer)[2...3] == [0xFF, 0xFF])
        #expect(template.packet(from: us6, to: peer6)[4...5] == [0xFF, 0xFF])
        #expect(template.packet(from: us, to: peer)[0] == 0x4F)
        #expect(template.packet(from: us6, to: peer)[12..<16] == [0, 0, 0, 0])
        #expect(template.packet(from: us, to: peer6)[8..<24].allSatisfy { $0 == 0 })
        #expect(Dissection(packet: SegmentTemplate().packet(from: us, to: peer6).span).tcp?.checksum == .good)
    }
}

extension RandomNumberGenerator {
    /// A template of a segment that is right in every respect, with whatever fields chance will have.
    mutating func template() -> SegmentTemplate {
        var template = SegmentTemplate()
        template.seq = SequenceNumber(any())
        template.ack = SequenceNumber(any())
        template.flags = TCPFlags(rawValue: any())
        template.window = any()
        template.urgentPointer = once(in: 2) ? any() : nil
        template.options = once(in: 4) ? nil : options()
        template.payload = once(in: 3) ? nil : octets(below(once(in: 4) ? 1400 : 20))[...]
        template.ip.hopLimit = any()
        template.ip.trafficClass = any()
        template.ip.identification = any()
        template.ip.flowLabel = any(UInt32.self) & 0xFFFFF
        template.ip.dontFragment = once(in: 2)
        return template
    }
}
