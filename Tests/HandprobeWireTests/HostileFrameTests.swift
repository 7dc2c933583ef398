import HandprobeWire
import Testing

@Suite("Hostile octets never trap")
struct HostileFrameTests {
    private static let linkTypes: [LinkType] = [
        .null, .ethernet, .raw, .loop, .linuxCooked, .linuxCooked2, .ipv4, .ipv6, LinkType(rawValue: 147),
    ]
    private static let frames: [(hex: String, linkType: LinkType)] = [
        (GoldenFrames.ethernet, .ethernet), (GoldenFrames.doubleTagged, .ethernet), (GoldenFrames.trailer, .ethernet),
        (GoldenFrames.linuxCooked, .linuxCooked), (GoldenFrames.linuxCooked2, .linuxCooked2),
        (GoldenFrames.null, .null),
        ("00000018" + GoldenFrames.ipv6, .loop), (GoldenFrames.ipv4Options, .ipv4), (GoldenFrames.extensions, .ipv6),
        (GoldenFrames.authentication, .raw), (GoldenFrames.firstFragment, .raw), (GoldenFrames.laterFragment, .raw),
        (GoldenFrames.needsFragmentation, .raw), (GoldenFrames.timeExceeded, .raw), (GoldenFrames.packetTooBig, .raw),
        (GoldenFrames.unreachable6, .raw), (GoldenFrames.laterFragment6, .raw),
    ]

    /// What is seen at a glance is what is found by taking the frame apart, and nothing is overlooked that is whole.
    private func expectGlance(_ frame: [UInt8], _ linkType: LinkType, _ length: Int, _ dissection: Dissection) {
        let glance = SegmentGlance(frame: frame.span, linkType: linkType, originalLength: length)
        var seen: SegmentGlance?
        if case .tcp(let segment, let checksum)? = dissection.transport, let ip = dissection.ip {
            seen = SegmentGlance(segment, ip, checksum)
        }
        expectFound(frame, linkType, length, dissection, wherever: glance != nil)
        if glance == nil, seen == nil { return }
        if glance == nil, dissection.problem != nil || dissection.fragment != nil { return }
        if glance != seen || dissection.fragment != nil {
            Issue.record(
                "\(frame.hexadecimal), \(length) octets on the wire, at a glance: \(String(describing: glance))")
        }
    }

    /// Among other octets the same segment is found, and only where a glance shows one.
    private func expectFound(
        _ frame: [UInt8], _ linkType: LinkType, _ length: Int, _ dissection: Dissection, wherever isSeen: Bool
    ) {
        let octets = [UInt8](repeating: 0xA5, count: 5) + frame + [UInt8](repeating: 0x5A, count: 3)
        let range = 5..<5 + frame.count
        let found = FoundSegment(frame: range, of: octets, linkType: linkType, originalLength: length)
        var expected: FoundSegment?
        if isSeen, case .tcp(let segment, let checksum)? = dissection.transport, let ip = dissection.ip {
            expected = FoundSegment(
                segment, in: ip, checksum: checksum, vlans: dissection.vlans, problem: dissection.problem,
                missingOctets: dissection.missingOctets)
        }
        if found != expected {
            Issue.record("\(frame.hexadecimal), \(length) octets on the wire, found: \(String(describing: found))")
        }
    }

    @Test("A checksum that is known is not summed up again") func knownChecksum() throws {
        let octets = try [UInt8](hex: GoldenFrames.ethernet)
        for known in [ChecksumVerdict.bad, .notFilledIn, .unverifiable] {
            let found = FoundSegment(
                frame: 0..<octets.count, of: octets, linkType: .ethernet, originalLength: octets.count, checksum: known)
            #expect(found?.checksum == known)
        }
    }

    @Test("Every truncated length of every kind of frame", arguments: 0..<17)
    func truncated(index: Int) throws {
        let (hex, linkType) = Self.frames[index]
        let octets = try [UInt8](hex: hex)
        let whole = Dissection(frame: octets.span, linkType: linkType, originalLength: octets.count)
        #expect(whole.problem == nil)
        expectGlance(octets, linkType, octets.count, whole)
        for count in 0..<octets.count {
            let cut = Array(octets[..<count])
            let snapped = Dissection(frame: cut.span, linkType: linkType, originalLength: octets.count)
            expectGlance(cut, linkType, octets.count, snapped)
            if let wholeTCP = whole.tcp {
                if let tcp = snapped.tcp {
                    #expect(tcp.segment.header == wholeTCP.segment.header)
                    #expect(wholeTCP.segment.payload.starts(with: tcp.segment.payload))
                    #expect(tcp.segment.payload.count + snapped.missingOctets == wholeTCP.segment.payload.count)
                } else {
                    #expect(snapped.problem != nil, "\(count) octets")
                }
            }
            // The same octets claiming to be all there was.
            let lying = Dissection(frame: cut.span, linkType: linkType, originalLength: count)
            expectGlance(cut, linkType, count, lying)
            #expect(lying.problem != nil || lying.tcp?.checksum == whole.tcp?.checksum, "\(count) octets")
            _ = Dissection(frame: cut.span, linkType: linkType, originalLength: -1)
        }
    }

    @Test func randomOctets() {
        var random = SplitMix64(seed: 0x5EED_0010)
        var read = 0
        for round in 0..<200_000 {
            var frame = random.octets(random.below(120))
            if frame.count > 14, round % 2 == 0 {
                let start = round % 4 == 0 ? 14 : 0
                if start == 14 { frame.replaceSubrange(12..<14, with: round % 8 == 0 ? [0x86, 0xDD] : [8, 0]) }
                frame[min(start, frame.count - 1)] = round % 8 == 0 ? 0x60 : 0x45
                let next = start + (round % 8 == 0 ? 6 : 9)
                if next < frame.count { frame[next] = [6, 1, 58, 0, 43, 44, 51, 60][random.below(8)] }
            }
            let linkType = round % 2 == 0 ? (round % 4 == 0 ? .ethernet : .raw) : Self.linkTypes[random.below(9)]
            let original = random.once(in: 4) ? random.below(2000) - 100 : frame.count
            let dissection = Dissection(frame: frame.span, linkType: linkType, originalLength: original)
            if dissection.transport != nil { read += 1 }
            expectGlance(frame, linkType, original, dissection)
            if dissection.missingOctets < 0 { Issue.record("\(frame.hexadecimal) misses \(dissection.missingOctets)") }
        }
        #expect(read > 10_000)
    }

    @Test func goldenFramesWithOctetsChanged() throws {
        var random = SplitMix64(seed: 0x5EED_0011)
        let frames = try Self.frames.map { (try [UInt8](hex: $0.hex), $0.linkType) }
        for _ in 0..<60_000 {
            var (octets, linkType) = frames[random.below(frames.count)]
            for _ in 0...random.below(4) { octets[random.below(octets.count)] = random.any() }
            if random.once(in: 3) { octets.removeLast(random.below(octets.count)) }
            let dissection = Dissection(frame: octets.span, linkType: linkType, originalLength: octets.count)
            expectGlance(octets, linkType, octets.count, dissection)
            if let segment = dissection.tcp?.segment {
                #expect(try TCPOptions(notation: segment.options.notation) == segment.options)
            }
        }
    }

    /// An IPv4 packet whose length is left to the card, 0, is as long as the file says, within what a frame can be.
    @Test func aFrameThatClaimsGibibytesHasNone() throws {
        var packet: [UInt8] = [0x45, 0, 0, 0, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 1]
        packet += [0x9C, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 0xFF, 0xFF, 0, 0, 0, 0]
        for (claimed, missing) in [(40, 0), (524_280, 524_240), (1 << 31, (1 << 20) - 40), (Int.max, (1 << 20) - 40)] {
            let dissection = Dissection(frame: packet.span, linkType: .raw, originalLength: claimed)
            guard case .tcp(let segment, _)? = dissection.transport else {
                Issue.record("no segment: \(dissection)")
                continue
            }
            #expect(segment.payload.isEmpty)
            #expect(dissection.missingOctets == missing)
        }
    }
}
