import HandprobeWire
import Testing

@Suite("Segment notation")
struct NotationTests {
    private let base = SequenceBase(seq: SequenceNumber(0xFFFF_FFFF), ack: SequenceNumber(1000))

    @Test(
        "Lines as packetdrill's scripts have them are read and written back",
        arguments: [
            "S 0:0(0) win 64240 <mss 1460,sackOK,TS val 7 ecr 0,nop,wscale 7>",
            "S. 0:0(0) ack 1 win 65160 <mss 1460,nop,nop,sackOK,nop,wscale 8>",
            ". 1:1(0) ack 1 win 502",
            "P. 1:6(5) ack 1 win 502",
            "FP. 6:7(1) ack 1 win 502 <nop,nop,TS val 4294967295 ecr 4294967294>",
            "R 1:1(0) win 0",
            "R. 0:0(0) ack 1 win 0",
            "SEWA 0:0(0) win 32792 <mss 1050,nop,nop,sackOK,nop,wscale 8>",
            "- 0:0(0) win 0",
            ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001 3001:4001>",
            "PU. 1:2(1) ack 1 win 502 urg 1",
            "S 0:0(0) win 0 <md5 000102030405060708090a0b0c0d0e0f,nop,nop>",
            "S 0:0(0) win 0 <FO,nop,nop>",
            "S 0:0(0) win 0 <gen-254 f989,mss 536>",
            "Sr4. 0:0(0) ack 0 win 1",
            ". -1:-1(0) ack -2147483648 win 1",
            ". 2147483647:2147483652(5) ack 7 win 1",
        ]
    )
    func readAndWrittenBack(line: String) throws {
        let relative = try TCPSegment(notation: line, relativeTo: base)
        #expect(relative.notation(relativeTo: base) == line)
        if !line.contains("-1:") {
            #expect(try TCPSegment(notation: line).notation(relativeTo: .absolute) == line)
        }
    }

    @Test func relativeNumbersCrossTheWrap() throws {
        let segment = try TCPSegment(notation: "P. 1:6(5) ack 1 win 502", relativeTo: base)
        #expect(segment.seq == SequenceNumber(0))
        #expect(segment.ack == SequenceNumber(1001))
        #expect(segment.payload == [0, 0, 0, 0, 0])
        #expect(segment.notation(relativeTo: .absolute) == "P. 0:5(5) ack 1001 win 502")
        let wrapping = TCPSegment(seq: SequenceNumber(0xFFFF_FFFE), flags: .psh, payload: [1, 2, 3])
        #expect(wrapping.notation(relativeTo: .absolute) == "P 4294967294:1(3) win 0")
        #expect(try TCPSegment(notation: "P 4294967294:1(3) win 0").seq == wrapping.seq)
        #expect(try TCPSegment(notation: "P 4294967294:4294967297(3) win 0").seq == wrapping.seq)
    }

    @Test func partsLeftOutAreReported() throws {
        let bare = try ParsedSegment(notation: ". 1:1(0)", relativeTo: base)
        #expect(!bare.ackGiven && !bare.windowGiven && !bare.optionsGiven)
        #expect(bare.segment.ack == base.ack)
        #expect(bare.segment.wnd == 0)
        let full = try ParsedSegment(notation: " S. 0:0(0) <mss 9> win 7 ack 1 ", relativeTo: base)
        #expect(full.ackGiven && full.windowGiven && full.optionsGiven)
        #expect(full.segment.header.dataOffset == 6)
        #expect(full.segment.options.maximumSegmentSize == 9)
        let empty = try ParsedSegment(notation: "S 0:0(0) <>")
        #expect(empty.optionsGiven && empty.segment.options.isEmpty)
        #expect(try !ParsedSegment(notation: "S 0:0(0) <...>").optionsGiven)
    }

    @Test func payloadSuppliedMustHaveTheLengthGiven() throws {
        let parsed = try ParsedSegment(notation: "P. 1:3(2) ack 1", payload: [7, 8])
        #expect(parsed.segment.payload == [7, 8])
        let error = #expect(throws: NotationError.self) { try ParsedSegment(notation: "P. 1:4(3)", payload: [7, 8]) }
        #expect(error?.description == "column 8: expected 2, the length of the payload, found \"3\"")
    }

    @Test(
        "A bad line says where and what was expected",
        arguments: [
            ("", 1, ""), ("Q 0:0(0)", 1, "Q"), ("SS 0:0(0)", 1, "SS"), ("S", 2, ""), ("S 0", 4, ""),
            ("S x:0(0)", 3, "x"),
            ("S 0:1(0)", 5, "1"), ("S 0:0(", 7, ""), ("S 0:0(-1)", 7, "-1"), ("S 0:0(0", 8, ""),
            ("S 0:0(0) win", 13, ""),
            ("S 0:0(0) win 65536", 14, "65536"), ("S 0:0(0) ack x", 14, "x"), ("S 0:0(0) win 1 win 2", 16, "win"),
            ("S 0:0(0) <mss>", 14, ">"), ("S 0:0(0) <mss 65536>", 15, "65536"), ("S 0:0(0) <nop", 14, ""),
            ("S 0:0(0) <nop,>", 15, ">"), ("S 0:0(0) <TS val 1>", 19, ">"), ("S 0:0(0) <gen-1 00>", 11, "gen-1"),
            ("S 0:0(0) <md5 0>", 15, "0"), ("S 0:0(0) <sack>", 15, ">"), ("S 0:0(0) <sack 1>", 17, ">"),
            ("S. é", 4, "é"),
            ("S 99999999999999999999:0(0)", 3, "99999999999999999999"), ("S 0:0(0) junk", 10, "junk"),
            ("S 0:0(0) <TS val 1 ecr 1,TS val 1 ecr 1,TS val 1 ecr 1,TS val 1 ecr 1,nop>", 71, "nop"),
        ]
    )
    func badLines(line: String, column: Int, found: String) {
        let error = #expect(throws: NotationError.self) { try TCPSegment(notation: line) }
        #expect(error?.column == column)
        #expect(error?.found == found)
        #expect(error?.expected.isEmpty == false)
    }

    @Test func controlBitsInAnyOrder() {
        #expect(TCPFlags(notation: ".S") == [.syn, .ack])
        #expect(TCPFlags(notation: "WES") == [.syn, .ece, .cwr])
        #expect(TCPFlags(notation: ".5") == [.ack, .ae, .ece])
        #expect(TCPFlags(notation: ".5E") == nil)
        #expect(TCPFlags(notation: "r8") == nil)
        #expect(TCPFlags(notation: "s") == nil)
        #expect(TCPFlags([.fin, .syn, .rst, .psh, .ack, .urg, .ece, .cwr, .ae]).notation == "FSRPUEWA.")
        for bits in UInt16(0)...0xFFF {
            let flags = TCPFlags(rawValue: bits)
            #expect(TCPFlags(notation: flags.notation) == flags)
        }
    }

    @Test func detailOfOptions() throws {
        let line = "S 0:0(0) win 64240 <mss 1460,sackOK,TS val 7 ecr 0,nop,wscale 7>"
        let segment = try TCPSegment(notation: line)
        #expect(segment.notation(relativeTo: .absolute, options: .abbreviated) == "S 0:0(0) win 64240 <mss 1460,…>")
        #expect(
            segment.notation(relativeTo: .absolute, options: .withoutClocks)
                == "S 0:0(0) win 64240 <mss 1460,sackOK,TS,nop,wscale 7>"
        )
        let alone = try TCPSegment(notation: "S 0:0(0) win 1 <mss 1460>")
        #expect(alone.notation(relativeTo: .absolute, options: .abbreviated) == "S 0:0(0) win 1 <mss 1460>")
    }

    @Test(
        "Padding and rubbish are written so that reading gives the same octets",
        arguments: [
            ("0204 05b4 04 02 00 00", "mss 1460,sackOK,eol"), ("0204 05b4 00000000", "mss 1460,eol"),
            ("00000000 00000000", "eol,eol,eol,eol,eol"), ("00", "0x00"), ("01", "0x01"),
            ("020405b4 01", "mss 1460,0x01"),
            ("00 010203", "eol,0x010203"), ("00 00", "eol,0x00"), ("0204", "0x0204"), ("01010200", "nop,nop,0x0200"),
            ("01 05 02 01", "nop,gen-5,nop"), ("0303 0700", "wscale 7,eol"), ("08 0a 0102", "0x080a0102"), ("", ""),
        ])
    func paddingAndRubbish(hex: String, text: String) throws {
        let options = TCPOptions(octets: try [UInt8](hex: hex))
        #expect(options.notation == text)
        #expect(try TCPOptions(notation: text) == options)
    }

    @Test func everyOptionsValueSurvives() throws {
        var random = SplitMix64(seed: 0x5EED_0001)
        for round in 0..<20_000 {
            let options: TCPOptions
            switch round % 4 {
            case 0: options = random.options()
            case 1: options = TCPOptions(octets: random.octets(random.below(41)))
            case 2: options = TCPOptions(octets: (0..<random.below(41)).map { _ in UInt8(random.below(9)) })
            default:
                let octets = random.options().octets + Array(repeating: 0, count: random.below(12))
                options = TCPOptions(octets: octets)
            }
            let read = try TCPOptions(notation: options.notation)
            #expect(read == options, "\(options.octets.hexadecimal) as \(options.notation)")
            let based = try TCPOptions(
                notation: options.notation(relativeTo: SequenceNumber(77)),
                relativeTo: SequenceNumber(77)
            )
            #expect(based == options)
        }
    }

    @Test func everySegmentSurvives() throws {
        var random = SplitMix64(seed: 0x5EED_0002)
        for _ in 0..<5_000 {
            var segment = TCPSegment(
                seq: SequenceNumber(random.any()),
                flags: TCPFlags(rawValue: random.any()),
                wnd: random.any(),
                options: random.options(),
                payload: ArraySlice(repeating: 0, count: random.below(1500))
            )
            segment.header.acknowledgmentNumber = SequenceNumber(random.once(in: 3) ? 0 : random.any())
            segment.header.urgentPointer = random.once(in: 3) ? random.any() : 0
            for base in [SequenceBase.absolute, self.base, SequenceBase(seq: segment.seq, ack: segment.ack)] {
                let text = segment.notation(relativeTo: base)
                #expect(try TCPSegment(notation: text, relativeTo: base) == segment, "\(text)")
            }
        }
    }

    @Test func hostileTextsNeverTrap() {
        var random = SplitMix64(seed: 0x5EED_0003)
        let pieces = [
            "S", ".", " ", "0:0(0)", "win", "ack", "<", ">", ",", "mss", "TS val 1", "ecr", "-", "9223372036854775808",
            ":",
            "sack", "gen-300", "0x", "(", ")", "é", "\u{0}", "eol", "nop", "1048577",
        ]
        for _ in 0..<20_000 {
            let text = (0..<random.below(14)).map { _ in pieces[random.below(pieces.count)] }.joined()
            if let segment = try? TCPSegment(notation: text) {
                #expect((try? TCPSegment(notation: segment.notation(relativeTo: .absolute))) == segment, "\(text)")
            }
        }
    }
}
