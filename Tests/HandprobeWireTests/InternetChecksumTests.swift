import HandprobeWire
import Testing

@Suite("Internet checksum")
struct InternetChecksumTests {
    private func sum(of octets: [UInt8]) -> InternetChecksum {
        var sum = InternetChecksum()
        sum.add(octets.span)
        return sum
    }

    /// The worked example of RFC 1071 §3: the words sum to 2ddf0, and with the carries brought round to ddf2.
    @Test func workedExample() throws {
        let sum = sum(of: try [UInt8](hex: "0001 f203 f4f5 f6f7"))
        #expect(sum.folded == 0xDDF2)
        #expect(sum.value == 0x220D)
    }

    @Test func oddOctetIsPaddedOnItsRight() throws {
        let odd = sum(of: try [UInt8](hex: "0001 f203 f4"))
        let even = sum(of: try [UInt8](hex: "0001 f203 f400"))
        #expect(odd.value == even.value)
    }

    @Test func headersOfOthersSumToAllOnes() throws {
        let packet = try [UInt8](hex: GoldenFrames.ipv4)
        #expect(sum(of: Array(packet[..<20])).folded == 0xFFFF)
    }

    /// Against the definition, one word after the other with the carry brought round each time.
    @Test func everyLengthAgreesWithTheDefinition() {
        var random = SplitMix64(seed: 0x5EED_0030)
        for count in 0..<300 {
            let octets = count % 3 == 0 ? Array(repeating: 0xFF, count: count) : random.octets(count)
            var expected: UInt32 = 0
            for index in stride(from: 0, to: count, by: 2) {
                let low = index + 1 < count ? octets[index + 1] : 0
                expected += UInt32(octets[index]) << 8 | UInt32(low)
                if expected > 0xFFFF { expected -= 0xFFFF }
            }
            #expect(UInt32(sum(of: octets).folded) == expected)
        }
    }
}
