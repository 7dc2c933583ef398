extension TCPOptions {
    /// How much of the options a line shows.
    public enum Detail: Hashable, Sendable {
        /// Everything, so that reading the text gives the same octets.
        case all
        /// Everything but clocks and digests: a timestamps option is just `TS`, a signature just `md5`.
        case withoutClocks
        /// The first option, and `…` for the rest.
        case abbreviated
    }

    /// The inside of packetdrill's angle brackets: `mss 1460,sackOK,TS val 7 ecr 0,nop,wscale 7`.
    ///
    /// Reading it gives the same octets, whatever they are. A list is padded with zero octets to a multiple of four
    /// when it is read, so zero octets at the end are written as one `eol` and no more than that needs. Octets
    /// that are no option (behind a bad length, after the end of the list, or a last option that leaves the header
    /// unaligned) are written `0x…`; a list that ends in such a block is not padded. Kinds without a name are
    /// `gen-<kind> <octets>`.
    public var notation: String { notation(relativeTo: SequenceNumber(0)) }

    /// `notation` with the edges of SACK blocks counted from `base`.
    public func notation(relativeTo base: SequenceNumber, showing detail: Detail = .all) -> String {
        let items = items(relativeTo: base, withClocks: detail != .withoutClocks)
        if detail == .abbreviated, items.count > 1 { return items[0] + ",…" }
        return items.joined(separator: ",")
    }

    private func items(relativeTo base: SequenceNumber, withClocks: Bool) -> [String] {
        var items: [String] = []
        var offset = 0
        for option in parsed.options {
            // A last option after which the header is not aligned must be a block, or reading would pad it.
            guard offset + option.length < count || count % 4 == 0 else { break }
            if case .endOfList = option {
                return items + ending(at: offset)
            }
            items.append(Self.text(of: option, relativeTo: base, withClocks: withClocks))
            offset += option.length
        }
        if offset < count { items.append(block(from: offset)) }
        return items
    }

    /// What is written for the octets from an end-of-list option on.
    private func ending(at offset: Int) -> [String] {
        let isZero = (offset..<count).allSatisfy { self[$0] == 0 }
        guard isZero, count % 4 == 0 else { return ["eol", block(from: offset + 1)] }
        return Array(repeating: "eol", count: max(1, count - 3 - offset))
    }

    private func block(from offset: Int) -> String {
        "0x" + (offset..<count).map { self[$0] }.hexadecimal
    }

    private static func text(of option: TCPOption, relativeTo base: SequenceNumber, withClocks: Bool) -> String {
        switch option {
        case .endOfList: return "eol"
        case .noOperation: return "nop"
        case .maximumSegmentSize(let size): return "mss \(size)"
        case .windowScale(let shift): return "wscale \(shift)"
        case .sackPermitted: return "sackOK"
        case .sack(let blocks):
            let edges = blocks.map { block in
                let left = SequenceBase.count(of: block.left, from: base)
                let right = SequenceBase.count(of: block.right, from: base)
                return "\(left):\(right)"
            }
            return "sack " + edges.joined(separator: " ")
        case .timestamps(let value, let echoReply):
            return withClocks ? "TS val \(value) ecr \(echoReply)" : "TS"
        case .unknown(let kind, let octets):
            let name =
                switch kind {
                case 19: "md5"
                case 34: "FO"
                default: "gen-\(kind)"
                }
            if kind == 19, !withClocks { return name }
            return octets.isEmpty ? name : "\(name) \(octets.hexadecimal)"
        }
    }
}
