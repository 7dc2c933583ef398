import HandprobeWire
import Testing

@Suite("Annotated octets")
struct PacketAnnotationTests {
    /// Which bits of the packet the fields cover, and how often.
    private func coverage(_ fields: [FieldAnnotation], of count: Int) -> [Int] {
        var bits = Array(repeating: 0, count: count * 8)
        for field in fields {
            let start = field.octets.lowerBound * 8
            let range = field.bits ?? 0..<field.octets.count * 8
            for bit in range { bits[start + bit] += 1 }
        }
        return bits
    }

    @Test(arguments: [
        GoldenFrames.ipv4, GoldenFrames.ipv6, GoldenFrames.ipv4Options, GoldenFrames.extensions,
        GoldenFrames.authentication,
        GoldenFrames.firstFragment, GoldenFrames.laterFragment, GoldenFrames.laterFragment6, GoldenFrames.udp, "45", "",
    ])
    func everyBitBelongsToExactlyOneField(hex: String) throws {
        let octets = try [UInt8](hex: hex)
        for count in 0...octets.count {
            let bits = coverage(PacketAnnotation.annotate(packet: Array(octets[..<count])), of: count)
            #expect(bits.allSatisfy { $0 == 1 }, "\(count) octets")
        }
    }

    @Test func randomOctetsAreCoveredToo() {
        var random = SplitMix64(seed: 0x5EED_0060)
        for round in 0..<3_000 {
            var octets = random.octets(random.below(110))
            if octets.count > 9 { octets[round % 2 == 0 ? 9 : 6] = 6 }
            let fields = PacketAnnotation.annotate(packet: octets, family: round % 2 == 0 ? .v4 : .v6)
            if !coverage(fields, of: octets.count).allSatisfy({ $0 == 1 }) { Issue.record("\(octets.hexadecimal)") }
        }
    }

    @Test func fieldsOfTheGoldenSYN() throws {
        let fields = PacketAnnotation.annotate(packet: try [UInt8](hex: GoldenFrames.ipv4))
        let text = fields.map { field in
            let bits = field.bits.map { " bits \($0.lowerBound)-\($0.upperBound - 1)" } ?? ""
            let octets = "\(field.octets.lowerBound)-\(field.octets.upperBound - 1)\(bits)"
            return "\(octets): \(field.name) \(field.value)\(field.meaning.isEmpty ? "" : " (\(field.meaning))")"
        }
        #expect(
            text == [
                "0-0 bits 0-3: version 4", "0-0 bits 4-7: header length 5 (20 octets)", "1-1 bits 0-5: dscp 2",
                "1-1 bits 6-7: ecn 2 (ECT(0))", "2-3: total length 60", "4-5: identification 0x1234",
                "6-7 bits 0-0: reserved bit 0", "6-7 bits 1-1: don't fragment 1", "6-7 bits 2-2: more fragments 0",
                "6-7 bits 3-15: fragment offset 0", "8-8: time to live 61", "9-9: protocol 6 (TCP)",
                "10-11: header checksum 0x3f47 (right)", "12-15: source address 192.0.2.1",
                "16-19: destination address 198.51.100.2", "20-21: source port 41873", "22-23: destination port 8080",
                "24-27: sequence number 305419896", "28-31: acknowledgment number 0",
                "32-32 bits 0-3: data offset 10 (40 octets)", "32-32 bits 4-6: reserved bits 0",
                "32-33 bits 7-15: control bits S (SYN)", "34-35: window 64240 (not scaled)",
                "36-37: checksum 0x3503 (right)",
                "38-39: urgent pointer 0", "40-43: option 2 mss 1460 (maximum segment size)",
                "44-45: option 4 sackOK (selective acknowledgments permitted)",
                "46-55: option 8 TS val 7 ecr 0 (clock and echo)", "56-56: option 1 nop (no operation)",
                "57-59: option 3 wscale 7 (window × 128)",
            ]
        )
    }

    @Test func wrongFieldsSayWhatIsRight() throws {
        var octets = try [UInt8](hex: GoldenFrames.ipv4)
        octets[3] = 61
        octets[37] ^= 1
        let meaning = { (name: String) in
            PacketAnnotation.annotate(packet: octets).first { $0.name == name }?.meaning
        }
        #expect(meaning("total length") == "wrong: the packet has 60")
        #expect(meaning("header checksum") == "wrong: right is 0x3f46")
        #expect(meaning("checksum") == "wrong: right is 0x3503")
        octets[32] = 0xF0
        #expect(meaning("data offset") == "60 octets, which cannot be")
        let unfinished = PacketAnnotation.annotate(packet: try [UInt8](hex: GoldenFrames.notFilledIn))
        #expect(
            unfinished.first { $0.name == "checksum" }?.meaning == "only the pseudo-header's sum; right is 0x3503"
        )
    }

    @Test func checksumWorkedOut() throws {
        let working = try #require(ChecksumWorking(packet: try [UInt8](hex: GoldenFrames.ipv4)))
        #expect(working.complement == 0x3503 && working.field == 0x3503 && working.verdict == .good)
        #expect(working.folded == ~0x3503)
        #expect(working.pseudoHeaderWords == 6)
        #expect(working.words[0..<6].map(\.value) == [0xC000, 0x0201, 0xC633, 0x6402, 6, 40])
        #expect(working.words.count == 6 + 20)
        #expect(working.sum == working.words.reduce(0) { $0 + UInt64($1.value) })
        #expect(working.words[14].field == "checksum, as zero" && working.words[14].value == 0)
        let six = try #require(ChecksumWorking(packet: try [UInt8](hex: GoldenFrames.ipv6)))
        #expect(six.complement == 0xC5C5 && six.verdict == .good)
        let odd = try #require(ChecksumWorking(packet: try [UInt8](hex: GoldenFrames.ipv4Options)))
        #expect(odd.complement == 0x7FAF && odd.words.last?.value == 0x6F00)
        #expect(ChecksumWorking(packet: try [UInt8](hex: GoldenFrames.udp)) == nil)
        #expect(ChecksumWorking(packet: []) == nil)
    }

    @Test func aForcedVersionNeedsTheFamily() throws {
        var octets = try [UInt8](hex: GoldenFrames.ipv6)
        octets[0] = 0x52
        let fields = PacketAnnotation.annotate(packet: octets, family: .v6)
        #expect(fields.first?.meaning == "wrong: 6 is IPv6")
        #expect(fields.first { $0.name == "checksum" }?.meaning == "right")
        #expect(ChecksumWorking(packet: octets, family: .v6)?.verdict == .good)
    }
}
