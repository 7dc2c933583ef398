/// Where a transport header and its payload lie in a frame.
struct TransportOctets {
    /// Where they begin.
    var start: Int
    /// How many there were on the wire.
    var lengthOnWire: Int
    /// Where those lie that were captured.
    var captured: Range<Int>
    /// Whether all of them were captured and the pseudo-header is known, so that a checksum can be verified.
    var isWhole: Bool

    /// The payload of an IP packet that does not end before its header does, and is no later fragment.
    init(_ layout: PacketLayout, frameLength: Int, wireEnd: Int) {
        let end = min(layout.end, wireEnd)
        start = layout.start
        lengthOnWire = end - layout.start
        captured = min(layout.start, frameLength)..<min(end, frameLength)
        isWhole =
            captured.count == layout.end - layout.start && layout.fragment == nil && layout.isDestinationFinal
    }

    /// Where a TCP segment lies in a frame, and the IP header before it; nil where there is anything but a segment in an IP
    /// packet that is no fragment and ends within the frame.
    @inline(__always)
    static func plainSegment(
        in frame: Span<UInt8>, linkType: LinkType, originalLength: Int, vlans: inout [UInt16]
    ) -> (ip: IPHeader, octets: TransportOctets)? {
        let wireEnd = Dissection.wireEnd(frame, originalLength: originalLength)
        do throws(WireError) {
            guard let link = try LinkLayer(frame, linkType: linkType, vlans: &vlans) else { return nil }
            let layout = try PacketLayout(frame, at: link.headerLength, family: link.family, wireEnd: wireEnd)
            guard layout.protocolNumber == 6, layout.problem == nil, layout.fragment == nil,
                layout.start <= layout.end, layout.end <= wireEnd
            else { return nil }
            return (layout.ip, TransportOctets(layout, frameLength: frame.count, wireEnd: wireEnd))
        } catch {
            return nil
        }
    }

    /// What the checksum field of a TCP segment says about `octets`, those that were captured of it.
    func checksumVerdict(
        on octets: Span<UInt8>, field: UInt16, from source: IPAddress, to destination: IPAddress
    ) -> ChecksumVerdict {
        guard isWhole else { return .unverifiable }
        var pseudoHeader = InternetChecksum()
        pseudoHeader.addPseudoHeader(source: source, destination: destination, protocol: 6, length: lengthOnWire)
        var sum = pseudoHeader
        sum.add(octets)
        if sum.folded == 0xFFFF { return .good }
        return field == pseudoHeader.folded ? .notFilledIn : .bad
    }
}
