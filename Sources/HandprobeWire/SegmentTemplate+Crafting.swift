extension SegmentTemplate {
    /// Octets of the whole packet to an address of `family`.
    public func packetLength(_ family: IPAddress.Family) -> Int {
        ip.headerOctets(family) + headerOctets + (payload?.count ?? 0)
    }

    /// The whole IP packet from `source` to `destination`, of the destination's version.
    ///
    /// A source of the other version is written as the unspecified address. Length fields too small for their packet hold 65535.
    public func packet(from source: SocketAddress, to destination: SocketAddress) -> [UInt8] {
        var octets: [UInt8] = []
        append(to: &octets, from: source, to: destination)
        return octets
    }

    /// Adds the whole IP packet behind what is in `octets`, and returns where it lies.
    @discardableResult
    public func append(
        to octets: inout [UInt8],
        from source: SocketAddress,
        to destination: SocketAddress
    ) -> Range<Int> {
        let start = octets.count
        octets.append(contentsOf: repeatElement(0, count: packetLength(destination.address.family)))
        var span = octets.mutableSpan
        write(to: &span, at: start, from: source, to: destination)
        return start..<octets.count
    }

    /// Writes the whole IP packet at `offset` of `octets`, which must have room for its `packetLength`.
    public func write(
        to octets: inout MutableSpan<UInt8>,
        at offset: Int = 0,
        from source: SocketAddress,
        to destination: SocketAddress
    ) {
        let family = destination.address.family
        let count = packetLength(family)
        let segment = offset + ip.headerOctets(family)
        writeSegment(to: &octets, at: segment, from: source, to: destination)
        switch (source.address, destination.address) {
        case (.v4(let from), .v4(let to)):
            ip.write(to: &octets, at: offset, source: from, destination: to, count: count)
        case (.v6, .v4(let to)):
            ip.write(to: &octets, at: offset, source: .unspecified, destination: to, count: count)
        case (.v6(let from), .v6(let to)):
            ip.write(to: &octets, at: offset, source: from, destination: to, count: count)
        case (.v4, .v6(let to)):
            ip.write(to: &octets, at: offset, source: .unspecified, destination: to, count: count)
        }
    }

    /// Signs what is to go from `source` to `destination`, as the last thing before it is crafted: by the MD5 option, which
    /// is added where there is none. Without room for the option nothing changes.
    public mutating func sign(with key: SignatureKey, from source: SocketAddress, to destination: SocketAddress) {
        var signed = TCPSegment(
            header: header(from: source, to: destination),
            options: paddedOptions ?? TCPOptions(),
            payload: payload ?? []
        )
        key.sign(&signed, from: source.address, to: destination.address)
        options = signed.options
    }

    /// Octets of the TCP header with its options, padded.
    private var headerOctets: Int {
        TCPHeader.minimumLength + ((options?.count ?? 0) + 3) / 4 * 4
    }

    /// The TCP header with a checksum of zero.
    private func header(from source: SocketAddress, to destination: SocketAddress) -> TCPHeader {
        TCPHeader(
            sourcePort: sourcePort ?? source.port,
            destinationPort: destinationPort ?? destination.port,
            sequenceNumber: seq ?? SequenceNumber(0),
            acknowledgmentNumber: ack ?? SequenceNumber(0),
            dataOffset: dataOffset ?? UInt8(headerOctets / 4),
            flags: flags ?? [],
            window: window ?? 0,
            urgentPointer: urgentPointer ?? 0
        )
    }

    private func writeSegment(
        to octets: inout MutableSpan<UInt8>,
        at offset: Int,
        from source: SocketAddress,
        to destination: SocketAddress
    ) {
        header(from: source, to: destination).write(to: &octets, at: offset)
        let payloadStart = offset + headerOctets
        var end = offset + TCPHeader.minimumLength
        if let options {
            for index in 0..<options.count { octets[end + index] = options[index] }
            end += options.count
        }
        while end < payloadStart {
            octets[end] = 0
            end += 1
        }
        if let payload {
            for octet in payload {
                octets[end] = octet
                end += 1
            }
        }
        let sum = sum(over: octets.span.extracting(offset..<end), from: source, to: destination)
        octets.store(sum, at: offset + 16)
    }

    /// What the checksum field of `segment`, where it holds zero, is to be.
    private func sum(over segment: Span<UInt8>, from source: SocketAddress, to destination: SocketAddress) -> UInt16 {
        if let checksum { return checksum }
        var sum = InternetChecksum()
        let source = source.address.family == destination.address.family ? source.address : .v4(.unspecified)
        sum.addPseudoHeader(source: source, destination: destination.address, protocol: 6, length: segment.count)
        let pseudoHeader = sum.folded
        sum.add(segment)
        guard badChecksum else { return sum.value }
        return sum.value ^ 0x0101 == pseudoHeader ? sum.value ^ 0x0202 : sum.value ^ 0x0101
    }
}
