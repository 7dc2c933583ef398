import HandprobeWire
import Testing

@Suite("Options and octets as typed on a command line")
struct OptionListTests {
    @Test(arguments: [
        ("mss=1460,sackok,ts,nop,ws=7", "mss 1460,sackOK,TS val 5 ecr 0,nop,wscale 7"),
        ("MSS=0, SACK-Permitted ,WScale=255,TS=1:2", "mss 0,sackOK,wscale 255,TS val 1 ecr 2,eol"),
        ("ts=4294967295", "TS val 4294967295 ecr 0,eol"), ("eol", "eol"), ("nop,nop,nop,nop", "nop,nop,nop,nop"),
        ("md5=00:01:02", "md5 000102,eol"), ("tfo", "FO,eol"), ("tfo=0xaabb", "FO aabb"),
        ("kind-254=f989", "gen-254 f989"),
        ("kind-77", "gen-77,eol"),
    ])
    func read(list: String, notation: String) throws {
        #expect(try TCPOptions(list: list, timestamps: 5).notation == notation)
    }

    @Test(
        "A bad item is named with its column",
        arguments: [
            ("", 1, ""), ("mss", 1, "mss"), ("mss=65536", 1, "mss=65536"), ("nop,,nop", 5, ""),
            ("nop,mss=-1", 5, "mss=-1"),
            ("nop=1", 1, "nop=1"), ("ts=1:2:3", 1, "ts=1:2:3"), ("ts=", 1, "ts="), ("ts=1:", 1, "ts=1:"),
            ("ws=256", 1, "ws=256"),
            ("kind-1", 1, "kind-1"), ("kind-256", 1, "kind-256"), ("md5=0", 1, "md5=0"), ("md5", 1, "md5"),
            ("bogus", 1, "bogus"), ("ts,ts,ts,ts,nop", 13, "nop"),
        ]
    )
    func badItems(list: String, column: Int, found: String) {
        let error = #expect(throws: NotationError.self) { try TCPOptions(list: list) }
        #expect(error?.column == column)
        #expect(error?.found == found)
    }

    @Test func hexadecimalOctets() throws {
        let octets: [UInt8] = [2, 4, 5, 0xB4]
        for text in ["020405b4", "02 04 05B4", "02:04:05:b4", "0x020405b4", "0x02 0x04 0x05 0Xb4", " 0204\t05b4\n"] {
            #expect(try [UInt8](hex: text) == octets, "\(text)")
        }
        #expect(try [UInt8](hex: "").isEmpty)
        #expect(octets.hexadecimal == "020405b4")
        for (text, column) in [("0", 2), ("2:4", 2), ("02 g4", 4), ("02x4", 3), ("0204x", 5), ("0x0x", 4), ("٣٣", 1)] {
            let error = #expect(throws: NotationError.self) { try [UInt8](hex: text) }
            #expect(error?.column == column, "\(text)")
        }
    }
}
