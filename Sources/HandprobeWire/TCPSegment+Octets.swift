extension TCPSegment {
    /// The segment that `octets`, an IP payload, hold; the payload is copied.
    ///
    /// Throws `WireError` when there are fewer than twenty octets or the data offset is impossible. The checksum is not verified.
    public init(parsing octets: Span<UInt8>) throws(WireError) {
        let header = try TCPHeader(parsing: octets)
        let length = Int(header.dataOffset) * 4
        guard length >= TCPHeader.minimumLength, length <= octets.count else {
            throw .badLength(layer: .tcp, value: length, offset: 0)
        }
        self.init(
            header: header,
            options: TCPOptions(octets: octets.extracting(TCPHeader.minimumLength..<length)),
            payload: length < octets.count ? [UInt8](copying: octets.extracting(length...))[...] : []
        )
    }

    /// The octets of the segment between two addresses, with the right checksum in place of the header's.
    ///
    /// Option octets are padded with zeros to a multiple of four; the data offset is written as it is.
    public func octets(source: IPAddress, destination: IPAddress) -> [UInt8] {
        var octets: [UInt8] = []
        append(to: &octets, source: source, destination: destination)
        return octets
    }

    /// Adds the octets of the segment between two addresses to `octets`, with the right checksum in place of the header's.
    public func append(to octets: inout [UInt8], source: IPAddress, destination: IPAddress) {
        let start = octets.count
        appendUnsummed(to: &octets)
        var sum = InternetChecksum()
        sum.addPseudoHeader(source: source, destination: destination, protocol: 6, length: octets.count - start)
        sum.add(octets.span.extracting(start...))
        var span = octets.mutableSpan
        span.store(sum.value, at: start + 16)
    }

    /// Adds the octets with a checksum field of zero.
    func appendUnsummed(to octets: inout [UInt8]) {
        let start = octets.count
        let optionOctets = (options.count + 3) / 4 * 4
        octets.append(contentsOf: repeatElement(0, count: TCPHeader.minimumLength + optionOctets))
        var fixed = header
        fixed.checksum = 0
        var span = octets.mutableSpan
        fixed.write(to: &span, at: start)
        for index in 0..<options.count { span[start + TCPHeader.minimumLength + index] = options[index] }
        octets.append(contentsOf: payload)
    }
}
