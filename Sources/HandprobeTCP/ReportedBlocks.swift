import HandprobeWire

/// Up to four SACK blocks in place.
struct ReportedBlocks {
    private(set) var starts: InlineArray<4, SequenceNumber> = InlineArray(repeating: SequenceNumber(0))
    private(set) var ends: InlineArray<4, SequenceNumber> = InlineArray(repeating: SequenceNumber(0))
    private(set) var count = 0

    mutating func append(_ start: SequenceNumber, _ end: SequenceNumber, _ limit: Int) {
        guard count < min(limit, 4) else { return }
        starts[count] = start
        ends[count] = end
        count += 1
    }
}
