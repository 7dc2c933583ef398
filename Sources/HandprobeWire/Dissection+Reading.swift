extension Dissection {
    /// Takes a captured frame apart; `originalLength` is what it had on the wire, in octets.
    ///
    /// What can be read is kept, whatever comes after it: a frame cut by the snaplen, a bad length, a later fragment.
    /// A TCP header with an impossible data offset is kept without payload, and `problem` says so.
    public init(frame: Span<UInt8>, linkType: LinkType, originalLength: Int) {
        self.init()
        read(frame, sharing: nil, from: 0, linkType: linkType, originalLength: originalLength)
    }

    /// Takes a captured frame apart whose text stays where it is: the segment's payload is a slice of the frame.
    public init(frame: [UInt8], linkType: LinkType, originalLength: Int) {
        self.init(frame: 0..<frame.count, of: frame, linkType: linkType, originalLength: originalLength)
    }

    /// The same for a frame that lies in `range` of `octets`, among others.
    public init(frame range: Range<Int>, of octets: [UInt8], linkType: LinkType, originalLength: Int) {
        self.init()
        read(
            octets.span.extracting(range), sharing: octets, from: range.lowerBound, linkType: linkType,
            originalLength: originalLength)
    }

    /// More octets than any frame has: Linux merges up to 512 KiB for the capture (BIG TCP). A file may claim any number.
    private static let mostOnWire = 1 << 20

    /// Where a frame ended on the wire, in octets from its start.
    static func wireEnd(_ frame: Span<UInt8>, originalLength: Int) -> Int {
        max(frame.count, min(originalLength, mostOnWire))
    }

    /// Takes everything apart; a segment's payload is a slice of `storage`, which has the same octets from `offset` on, or
    /// else a copy.
    private mutating func read(
        _ frame: Span<UInt8>,
        sharing storage: [UInt8]?,
        from offset: Int,
        linkType: LinkType,
        originalLength: Int
    ) {
        let wireEnd = Self.wireEnd(frame, originalLength: originalLength)
        do throws(WireError) {
            guard let link = try LinkLayer(frame, linkType: linkType, vlans: &vlans) else { return }
            let layout = try PacketLayout(frame, at: link.headerLength, family: link.family, wireEnd: wireEnd)
            ip = layout.ip
            fragment = layout.fragment
            problem = layout.problem
            guard problem == nil else { return }
            try readTransport(
                frame, sharing: storage, from: offset, layout: layout, packetStart: link.headerLength, wireEnd: wireEnd)
        } catch {
            problem = problem ?? error
        }
    }

    /// Takes apart an IP packet of either version that was captured whole.
    public init(packet: Span<UInt8>) {
        self.init(frame: packet, linkType: .raw, originalLength: packet.count)
    }

    private mutating func readTransport(
        _ frame: Span<UInt8>,
        sharing storage: [UInt8]?,
        from offset: Int,
        layout: PacketLayout,
        packetStart: Int,
        wireEnd: Int
    ) throws(WireError) {
        let layer: WireLayer = layout.ip.source.family == .v4 ? .ipv4 : .ipv6
        guard layout.end >= layout.start else {
            throw .badLength(layer: layer, value: layout.end - packetStart, offset: packetStart)
        }
        if layout.end > wireEnd {
            problem = .truncated(
                layer: layer,
                needed: layout.end - packetStart,
                available: wireEnd - packetStart,
                offset: packetStart
            )
        }
        if let fragment, fragment.offset > 0 {
            transport = .other(protocolNumber: layout.protocolNumber)
            return
        }
        let body = TransportOctets(layout, frameLength: frame.count, wireEnd: wireEnd)
        let octets = frame.extracting(body.captured)
        switch (layout.protocolNumber, layout.ip) {
        case (6, _): try readTCP(octets, sharing: storage, from: offset, body: body, ip: layout.ip)
        case (1, .v4), (58, .v6): try readICMP(octets, body: body, ip: layout.ip)
        default: transport = .other(protocolNumber: layout.protocolNumber)
        }
    }

    private mutating func readTCP(
        _ octets: Span<UInt8>,
        sharing storage: [UInt8]?,
        from offset: Int,
        body: TransportOctets,
        ip: IPHeader
    ) throws(WireError) {
        let found = try FoundSegment(octets, sharing: storage, from: offset, body: body, ip: ip)
        problem = problem ?? found.problem
        missingOctets = found.missingOctets
        transport = .tcp(found.segment, checksum: found.checksum)
    }

    private mutating func readICMP(
        _ octets: Span<UInt8>,
        body: TransportOctets,
        ip: IPHeader
    ) throws(WireError) {
        let family = ip.source.family
        do throws(WireError) {
            try octets.require(8, of: family == .v4 ? .icmp : .icmpv6)
            guard ICMPError.isError(type: octets[0], family: family) else {
                transport = .other(protocolNumber: family == .v4 ? 1 : 58)
                return
            }
            var error = ICMPError(header: octets, family: family, checksum: .unverifiable)
            if body.isWhole {
                var sum = InternetChecksum()
                if family == .v6 {
                    sum.addPseudoHeader(
                        source: ip.source,
                        destination: ip.destination,
                        protocol: 58,
                        length: body.lengthOnWire
                    )
                }
                sum.add(octets)
                error.checksum = sum.folded == 0xFFFF ? .good : .bad
            }
            transport = .icmpError(error)
            error.quote = try ICMPError.Quote(message: octets, family: family)
            transport = .icmpError(error)
        } catch {
            throw error.shifted(by: body.start)
        }
    }
}
