import HandprobeWire

/// Text that lies beyond a gap in the peer's stream, in blocks that neither touch nor overlap, ordered by sequence.
struct ReassemblyQueue: Sendable {
    /// More pieces than this are the work of an attacker or of a hopeless path; the peer sends them again.
    static let limit = 32

    private struct Block: Sendable {
        var start: SequenceNumber
        var octets: [UInt8]
        var end: SequenceNumber { start + octets.count }
    }

    private var blocks: [Block] = []
    /// Where the peer's FIN stands, once it has been seen.
    private var fin: SequenceNumber?
    /// The start of the block that grew last: RFC 2018 §4 wants it reported first.
    private var latest = SequenceNumber(0)

    /// True when nothing waits.
    var isEmpty: Bool { blocks.isEmpty && fin == nil }

    /// Keeps `text`, which starts at `start` in the window at `rcvNxt`; false when there is no room for another piece.
    ///
    /// Octets kept before win over new ones for the same numbers, as do those of the first FIN.
    mutating func insert(
        _ text: ArraySlice<UInt8>,
        at start: SequenceNumber,
        endsStream: Bool,
        after rcvNxt: SequenceNumber
    ) -> Bool {
        if !text.isEmpty {
            let place = start.offset(from: rcvNxt)
            let end = place + text.count
            // Blocks lower ..< upper touch or overlap the new one.
            let lower = blocks.firstIndex { $0.end.offset(from: rcvNxt) >= place } ?? blocks.count
            let upper = blocks.firstIndex { $0.start.offset(from: rcvNxt) > end } ?? blocks.count
            guard lower < upper || blocks.count < Self.limit else { return false }
            var merged = Block(start: start, octets: [])
            var next = place
            for block in blocks[lower..<upper] {
                let blockPlace = block.start.offset(from: rcvNxt)
                if blockPlace < place { merged.start = block.start }
                if next < blockPlace {
                    merged.octets += text[text.startIndex + next - place..<text.startIndex + blockPlace - place]
                }
                merged.octets += block.octets
                next = max(next, blockPlace + block.octets.count)
            }
            if next < end { merged.octets += text[(text.startIndex + next - place)...] }
            blocks.replaceSubrange(lower..<upper, with: [merged])
            latest = merged.start
        }
        if endsStream, fin == nil { fin = start + text.count }
        return true
    }

    /// What now follows in order at `rcvNxt`, removed: text, the FIN, or both. Nil when a gap remains.
    mutating func next(at rcvNxt: SequenceNumber) -> (text: ArraySlice<UInt8>, endsStream: Bool)? {
        while let first = blocks.first, first.start.isAtOrBefore(rcvNxt) {
            blocks.removeFirst()
            let known = rcvNxt.offset(from: first.start)
            guard known < first.octets.count else { continue }
            var text = first.octets[known...]
            if let fin, fin.distance(from: rcvNxt) >= 0 { text = text.prefix(fin.offset(from: rcvNxt)) }
            return (text, fin == rcvNxt + text.count)
        }
        return fin == rcvNxt ? ([], true) : nil
    }

    /// What is kept as SACK blocks, the one that grew last first (RFC 2018 §4).
    func blocks(atMost limit: Int) -> ReportedBlocks {
        var reported = ReportedBlocks()
        for block in blocks where block.start == latest { reported.append(block.start, block.end, limit) }
        for block in blocks where block.start != latest { reported.append(block.start, block.end, limit) }
        return reported
    }
}
