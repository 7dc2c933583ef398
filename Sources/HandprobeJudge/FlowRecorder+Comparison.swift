import HandprobeWire

extension IPHeader {
    /// The IPv4 identification; 0 for IPv6.
    var identification: UInt16 {
        if case .v4(let header) = self { header.identification } else { 0 }
    }
}

extension FlowRecorder.Crafted {
    /// True when `left` can be this packet with a few fields changed on its way out.
    func resembles(_ left: TCPSegment) -> Bool {
        segment.seq == left.seq && segment.flags == left.flags && segment.payload.count == left.payload.count
    }

    /// What differs between what was crafted and what left.
    func changes(to left: TCPSegment, _ leftIP: IPHeader) -> [RewrittenField] {
        var changes: [RewrittenField] = []
        func compare<Value: Equatable>(_ field: String, _ crafted: Value, _ left: Value) {
            guard crafted != left else { return }
            changes.append(RewrittenField(field: field, crafted: "\(crafted)", left: "\(left)"))
        }
        switch (ip, leftIP) {
        case (.v4(let crafted), .v4(let left)):
            compare("IP version", crafted.version, left.version)
            compare("IP header length", crafted.headerLength, left.headerLength)
            compare("type of service", crafted.typeOfService, left.typeOfService)
            compare("total length", crafted.totalLength, left.totalLength)
            compare("identification", crafted.identification, left.identification)
            compare("IP flags", crafted.flags, left.flags)
            compare("fragment offset", crafted.fragmentOffset, left.fragmentOffset)
            compare("TTL", crafted.timeToLive, left.timeToLive)
            compare("protocol", crafted.protocolNumber, left.protocolNumber)
            compare("IP options", crafted.options, left.options)
        case (.v6(let crafted, let craftedExtensions), .v6(let left, let leftExtensions)):
            compare("traffic class", crafted.trafficClass, left.trafficClass)
            compare("flow label", crafted.flowLabel, left.flowLabel)
            compare("payload length", crafted.payloadLength, left.payloadLength)
            compare("hop limit", crafted.hopLimit, left.hopLimit)
            compare("extension headers", craftedExtensions, leftExtensions)
        default:
            compare("IP version", ip.source.family == .v4 ? 4 : 6, leftIP.source.family == .v4 ? 4 : 6)
        }
        let (crafted, craftedOptions) = (segment.header, segment.options)
        compare("acknowledgment number", crafted.acknowledgmentNumber, left.header.acknowledgmentNumber)
        compare("data offset", crafted.dataOffset, left.header.dataOffset)
        compare("window", crafted.window, left.header.window)
        compare("urgent pointer", crafted.urgentPointer, left.header.urgentPointer)
        compare("TCP options", craftedOptions.notation, left.options.notation)
        if segment.payload != left.payload {
            changes.append(RewrittenField(field: "payload", crafted: "as crafted", left: "other octets"))
        }
        // A change of a field changes the checksums too; alone, one was recomputed or left to the card.
        if changes.isEmpty {
            compare("TCP checksum", crafted.checksum, left.header.checksum)
            if case (.v4(let crafted), .v4(let left)) = (ip, leftIP) {
                compare("IP header checksum", crafted.checksum, left.checksum)
            }
        }
        return changes
    }
}
