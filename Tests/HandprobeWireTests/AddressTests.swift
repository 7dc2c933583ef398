import HandprobeWire
import Testing

@Suite("Addresses as text")
struct AddressTests {
    /// RFC 5952 §4 and §5, RFC 4291 §2.2.
    @Test(arguments: [
        ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:DB8::A", "2001:db8::a"), ("::", "::"), ("::1", "::1"),
        ("0:0:0:0:0:0:0:0", "::"), ("1::", "1::"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("0:0:0:0:0:FFFF:129.144.52.38", "::ffff:129.144.52.38"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("fe80::", "fe80::"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func ipv6(text: String, canonical: String) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical) == address)
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1.2.3", "1.2.3.4::",
        "::1.2.3.256",
        "fe80::1%eth0", "[::1]", "+1::", "-0::", "::-1", " ::1", "1:2:3:4:5:6:7:8::", "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:", ":1", "1:::2",
    ])
    func notIPv6(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test func ipv4() {
        #expect(IPv4Address("192.0.2.1")?.rawValue == 0xC000_0201)
        #expect(IPv4Address("255.255.255.255")?.description == "255.255.255.255")
        for text in [
            "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", "1.2.3.-0", "1..3.4", "0x1.2.3.4",
            "1.2.3.4 ",
        ] {
            #expect(IPv4Address(text) == nil, "\(text)")
        }
    }

    @Test func everyIPv6AddressIsReadBack() {
        var random = SplitMix64(seed: 0x5EED_0020)
        for _ in 0..<5_000 {
            var value: UInt128 = 0
            for _ in 0..<8 { value = value << 16 | UInt128(random.once(in: 2) ? 0 : random.any(UInt16.self)) }
            let address = IPv6Address(value)
            #expect(IPv6Address(address.description) == address)
        }
    }

    @Test func sockets() {
        for port: UInt16 in [0, 9, 10, 99, 100, 109, 999, 1000, 9999, 10_000, 10_001, 65_535] {
            for octets in [[0, 0, 0, 0], [1, 20, 30, 4], [192, 0, 2, 100], [255, 255, 255, 255]] as [[UInt32]] {
                let address = IPv4Address(octets.reduce(0) { $0 << 8 | $1 })
                let text = octets.map { "\($0)" }.joined(separator: ".")
                #expect("\(address)" == text)
                #expect("\(SocketAddress(.v4(address), port: port))" == "\(text):\(port)")
            }
            #expect("\(SocketAddress(.v6(.loopback), port: port))" == "[::1]:\(port)")
        }
    }

    @Test func classesOfAddresses() throws {
        let classify = { (text: String) throws -> [Bool] in
            let address = try #require(IPAddress(text))
            return [
                address.isLinkLocal, address.isLoopback, address.isMulticast, address.isUnspecified,
                address.isLimitedBroadcast,
            ]
        }
        #expect(try classify("fe80::1") == [true, false, false, false, false])
        #expect(try classify("febf:ffff::1") == [true, false, false, false, false])
        #expect(try classify("fec0::1") == [false, false, false, false, false])
        #expect(try classify("127.255.0.1") == [false, true, false, false, false])
        #expect(try classify("::1") == [false, true, false, false, false])
        #expect(try classify("239.1.2.3") == [false, false, true, false, false])
        #expect(try classify("ff02::1") == [false, false, true, false, false])
        #expect(try classify("0.0.0.0") == [false, false, false, true, false])
        #expect(try classify("255.255.255.255") == [false, false, false, false, true])
    }
}
