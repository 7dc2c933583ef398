import HandprobeWire
import Testing

@Suite("ICMP errors and what they quote")
struct ICMPErrorTests {
    @Test func quoteBehindIPv4Options() throws {
        let error = try #require(try Dissection(hex: GoldenFrames.needsFragmentation).icmpError)
        #expect(error.family == .v4 && error.type == 3 && error.code == 4 && error.parameter == 1280)
        #expect(error.checksum == .good)
        let quote = try #require(error.quote)
        #expect(quote.source.description == "192.0.2.1:41873")
        #expect(quote.destination.description == "198.51.100.2:8080")
        #expect(quote.sequenceNumber == SequenceNumber(0x1234_5678))
        #expect(quote.octets.count == 20)
        #expect(quote.ip.hopLimit == 1)
    }

    @Test func eightOctetsAreEnough() throws {
        let error = try #require(try Dissection(hex: GoldenFrames.timeExceeded).icmpError)
        #expect(error.type == 11)
        #expect(error.quote?.octets.count == 8)
        #expect(error.quote?.sequenceNumber == SequenceNumber(0x1234_5678))
        var octets = try [UInt8](hex: GoldenFrames.timeExceeded)
        octets.removeLast()
        octets[3] -= 1
        #expect(Dissection(packet: octets.span).icmpError?.quote == nil)
        #expect(Dissection(packet: octets.span).icmpError?.checksum == .bad)
    }

    @Test func quoteBehindIPv6Extensions() throws {
        let error = try #require(try Dissection(hex: GoldenFrames.packetTooBig).icmpError)
        #expect(error.family == .v6 && error.type == 2 && error.parameter == 1280 && error.checksum == .good)
        let quote = try #require(error.quote)
        #expect(quote.destination.description == "[2001:db8::2]:8080")
        guard case .v6(_, let extensions) = quote.ip else { throw Missing() }
        #expect(extensions == [60])
        #expect(quote.octets.count == 40)
        let plain = try #require(try Dissection(hex: GoldenFrames.unreachable6).icmpError)
        #expect(plain.type == 1 && plain.code == 1 && plain.quote?.octets.count == 40)
    }

    @Test func extensionsAreNoPartOfTheQuote() throws {
        // The length field counts 32-bit words (RFC 4884 §4.1): 28 octets are the quoted packet, the rest is an extension.
        var octets = try [UInt8](hex: GoldenFrames.timeExceeded)
        octets[25] = 7
        octets += [0x20, 0, 0, 0, 0, 4, 1, 1]
        octets[3] += 8
        // A quoted length reaching beyond the quote must not take the extension for TCP.
        #expect(Dissection(packet: octets.span).icmpError?.quote?.octets.count == 8)
    }

    @Test func aMangledQuotedLengthIsNotBelieved() throws {
        var octets = try [UInt8](hex: GoldenFrames.timeExceeded)
        octets[30...31] = [0, 1]
        #expect(Dissection(packet: octets.span).icmpError?.quote?.octets.count == 8)
    }

    @Test func aQuoteThatIsNotTCPIsNone() throws {
        var octets = try [UInt8](hex: GoldenFrames.timeExceeded)
        octets[37] = 17
        let dissection = Dissection(packet: octets.span)
        #expect(dissection.icmpError?.type == 11)
        #expect(dissection.icmpError?.quote == nil)
        #expect(dissection.problem == nil)
        octets[28] = 0x65
        #expect(Dissection(packet: octets.span).problem == .badVersion(6, offset: 28))
    }
}
