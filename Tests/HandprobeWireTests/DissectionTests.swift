import HandprobeWire
import Testing

extension Dissection {
    /// A dissection of octets in hexadecimal, of which only the first `captured` were captured.
    init(hex: String, linkType: LinkType = .raw, captured: Int? = nil) throws {
        let octets = try [UInt8](hex: hex)
        let cut = octets.prefix(captured ?? octets.count)
        self.init(frame: Array(cut).span, linkType: linkType, originalLength: octets.count)
    }

    var tcp: (segment: TCPSegment, checksum: ChecksumVerdict)? {
        if case .tcp(let segment, let checksum) = transport { (segment, checksum) } else { nil }
    }

    var icmpError: ICMPError? {
        if case .icmpError(let error) = transport { error } else { nil }
    }
}

@Suite("Dissection")
struct DissectionTests {
    private static let syn = "S 305419896:305419896(0) win 64240 <mss 1460,sackOK,TS val 7 ecr 0,nop,wscale 7>"

    @Test(arguments: [
        (GoldenFrames.ipv4, LinkType.raw, "192.0.2.1", [UInt16]()), (GoldenFrames.ipv4, .ipv4, "192.0.2.1", []),
        (GoldenFrames.ipv6, .raw, "2001:db8::1", []), (GoldenFrames.ipv6, .ipv6, "2001:db8::1", []),
        (GoldenFrames.ethernet, .ethernet, "192.0.2.1", []),
        (GoldenFrames.doubleTagged, .ethernet, "2001:db8::1", [100, 4094]),
        (GoldenFrames.linuxCooked, .linuxCooked, "192.0.2.1", []),
        (GoldenFrames.linuxCooked2, .linuxCooked2, "2001:db8::1", []),
        (GoldenFrames.null, .null, "192.0.2.1", []), ("00000002" + GoldenFrames.ipv4, .loop, "192.0.2.1", []),
        ("0000001e" + GoldenFrames.ipv6, .null, "2001:db8::1", []),
    ])
    func everyLinkType(hex: String, linkType: LinkType, source: String, vlans: [UInt16]) throws {
        let dissection = try Dissection(hex: hex, linkType: linkType)
        #expect(dissection.problem == nil)
        #expect(dissection.vlans == vlans)
        #expect(dissection.ip?.source.description == source)
        #expect(dissection.tcp?.checksum == .good)
        #expect(dissection.tcp?.segment.notation(relativeTo: .absolute) == Self.syn)
        #expect(dissection.tcp?.segment.header.sourcePort == 41873)
        #expect(dissection.tcp?.segment.header.destinationPort == 8080)
    }

    @Test func headerFields() throws {
        guard case .v4(let four) = try Dissection(hex: GoldenFrames.ipv4).ip else { throw Missing() }
        #expect(four.typeOfService == 0x0A && four.identification == 0x1234 && four.timeToLive == 61)
        #expect(four.dontFragment && !four.moreFragments && four.totalLength == 60 && four.checksum == 0x3F47)
        guard case .v6(let six, let extensions) = try Dissection(hex: GoldenFrames.ipv6).ip else { throw Missing() }
        #expect(six.trafficClass == 0x22 && six.flowLabel == 0x54321 && six.hopLimit == 60 && extensions.isEmpty)
    }

    @Test func optionsAndExtensionHeadersArePassed() throws {
        let four = try Dissection(hex: GoldenFrames.ipv4Options)
        #expect(four.tcp?.segment.payload.elementsEqual("hello".utf8) == true)
        #expect(four.tcp?.checksum == .good)
        let six = try Dissection(hex: GoldenFrames.extensions)
        #expect(six.tcp?.segment.payload.elementsEqual("hello".utf8) == true)
        #expect(six.tcp?.checksum == .good)
        #expect(six.fragment == nil)
        guard case .v6(_, let extensions) = six.ip else { throw Missing() }
        #expect(extensions == [0, 60, 44])
        let authenticated = try Dissection(hex: GoldenFrames.authentication)
        #expect(authenticated.tcp?.segment.flags == .ack)
        #expect(authenticated.tcp?.checksum == .good)
    }

    @Test func linkPaddingIsNotPayload() throws {
        let dissection = try Dissection(hex: GoldenFrames.trailer, linkType: .ethernet)
        #expect(dissection.tcp?.segment.payload.isEmpty == true)
        #expect(dissection.tcp?.checksum == .good)
        #expect(dissection.missingOctets == 0)
    }

    @Test func checksumHasThreeValues() throws {
        #expect(try Dissection(hex: GoldenFrames.notFilledIn).tcp?.checksum == .notFilledIn)
        var octets = try [UInt8](hex: GoldenFrames.ipv4)
        octets[37] ^= 1
        #expect(Dissection(packet: octets.span).tcp?.checksum == .bad)
        octets[37] ^= 1
        #expect(Dissection(packet: octets.span).tcp?.checksum == .good)
        octets[59] ^= 1
        #expect(Dissection(packet: octets.span).tcp?.checksum == .bad)
    }

    @Test func fragments() throws {
        let first = try Dissection(hex: GoldenFrames.firstFragment)
        #expect(first.fragment == FragmentPosition(offset: 0, moreFragments: true, identification: 77))
        #expect(first.tcp?.checksum == .unverifiable)
        #expect(first.tcp?.segment.payload.count == 28)
        let later = try Dissection(hex: GoldenFrames.laterFragment)
        #expect(later.fragment == FragmentPosition(offset: 48, moreFragments: false, identification: 77))
        #expect(later.transport == .other(protocolNumber: 6))
        let six = try Dissection(hex: GoldenFrames.laterFragment6)
        #expect(six.fragment == FragmentPosition(offset: 1232, moreFragments: false, identification: 0xDEAD_BEEF))
        #expect(six.transport == .other(protocolNumber: 6))
    }

    @Test func snaplenCutsPayloadButNotTheRest() throws {
        let cut = try Dissection(hex: GoldenFrames.ipv4Options, captured: 46)
        #expect(cut.tcp?.segment.payload.elementsEqual("he".utf8) == true)
        #expect(cut.tcp?.checksum == .unverifiable)
        #expect(cut.missingOctets == 3)
        #expect(cut.problem == nil)
        let inOptions = try Dissection(hex: GoldenFrames.ipv4, captured: 46)
        #expect(inOptions.tcp?.segment.options.options == [.maximumSegmentSize(1460), .sackPermitted])
        #expect(inOptions.problem == .truncated(layer: .tcpOptions, needed: 20, available: 6, offset: 40))
        let inHeader = try Dissection(hex: GoldenFrames.ipv4, captured: 39)
        #expect(inHeader.transport == nil)
        #expect(inHeader.problem == .truncated(layer: .tcp, needed: 20, available: 19, offset: 20))
    }

    @Test func impossibleDataOffsetsStillShowTheHeader() throws {
        for (offset, length) in [(UInt8(4), 16), (0, 0), (15, 60)] {
            var octets = try [UInt8](hex: GoldenFrames.ethernet)
            octets[14 + 32] = offset << 4
            let dissection = Dissection(frame: octets.span, linkType: .ethernet, originalLength: octets.count)
            #expect(dissection.problem == .badLength(layer: .tcp, value: length, offset: 34))
            #expect(dissection.tcp?.segment.flags == .syn)
            #expect(dissection.tcp?.segment.payload.isEmpty == true)
        }
    }

    @Test func lengthFieldsThatLie() throws {
        var octets = try [UInt8](hex: GoldenFrames.ipv4Options)
        octets[3] = 0x2F
        let short = Dissection(packet: octets.span)
        #expect(short.tcp?.segment.payload.elementsEqual("hel".utf8) == true)
        #expect(short.tcp?.checksum == .bad)
        octets[3] = 0x17
        #expect(Dissection(packet: octets.span).problem == .badLength(layer: .ipv4, value: 23, offset: 0))
        octets[3] = 0x40
        let long = Dissection(packet: octets.span)
        #expect(long.problem == .truncated(layer: .ipv4, needed: 64, available: 49, offset: 0))
        #expect(long.tcp?.segment.payload.elementsEqual("hello".utf8) == true)
        #expect(long.tcp?.checksum == .unverifiable)
        // A frame too big for its length field has 0 there.
        octets[2...3] = [0, 0]
        #expect(Dissection(packet: octets.span).tcp?.checksum == .good)
        var six = try [UInt8](hex: GoldenFrames.ipv6)
        six[4...5] = [0, 0]
        #expect(Dissection(packet: six.span).tcp?.checksum == .good)
    }

    @Test func whatIsNotTCPIsNamed() throws {
        #expect(try Dissection(hex: GoldenFrames.udp).transport == .other(protocolNumber: 17))
        #expect(try Dissection(hex: GoldenFrames.echo).transport == .other(protocolNumber: 1))
        let arp = try Dissection(hex: GoldenFrames.arp, linkType: .ethernet)
        #expect(arp == Dissection())
        #expect(try Dissection(hex: "51").problem == .truncated(layer: .ipv4, needed: 20, available: 1, offset: 0))
        #expect(
            try Dissection(hex: GoldenFrames.ipv6, linkType: .ipv4).problem == .badVersion(6, offset: 0)
        )
        #expect(try Dissection(hex: "00", linkType: LinkType(rawValue: 9)).problem == .unsupportedLinkType(9))
    }

    @Test func segmentsOfARoutingHeaderNotYetPassedCannotBeVerified() throws {
        var octets = try [UInt8](hex: GoldenFrames.extensions)
        octets[6] = 43
        octets[42...43] = [2, 1]
        #expect(Dissection(packet: octets.span).tcp?.checksum == .unverifiable)
    }
}

/// Something that had to be there is not.
struct Missing: Error {}
