/// Which octets of one direction have been captured: everything up to `next`, and a few islands beyond gaps.
///
/// Numbers count from the direction's initial sequence number and do not wrap. At most eight islands are kept; the
/// furthest is forgotten when there are more, and its octets then count as new when they come again.
struct SequenceCoverage: Hashable, Sendable {
    static let mostIslands = 8

    /// The first octet not captured yet.
    private(set) var next: Int
    /// Captured ranges beyond `next`, in order, not touching each other.
    private(set) var islands: [Range<Int>] = []

    init(next: Int = 0) {
        self.next = next
    }

    /// What adding a range came to.
    struct Addition: Equatable {
        var new = 0
        var repeated = 0
        /// True when octets before the range are still missing.
        var leavesGap = false
    }

    /// Adds octets and says how many of them were new.
    mutating func add(_ range: Range<Int>) -> Addition {
        var addition = Addition()
        guard !range.isEmpty else { return addition }
        var new = 0
        var from = max(range.lowerBound, next)
        for island in islands where island.upperBound > from && from < range.upperBound {
            new += max(0, min(island.lowerBound, range.upperBound) - from)
            from = max(from, island.upperBound)
        }
        new += max(0, range.upperBound - from)
        addition.new = new
        addition.repeated = range.count - new
        addition.leavesGap = range.lowerBound > next
        if new > 0 { insert(range) }
        return addition
    }

    /// Counts everything before `number` as captured: its receiver has confirmed it.
    mutating func skip(to number: Int) {
        guard number > next else { return }
        next = number
        absorb()
    }

    private mutating func insert(_ range: Range<Int>) {
        guard range.lowerBound > next else {
            skip(to: range.upperBound)
            return
        }
        var merged = range
        islands.removeAll { island in
            guard island.lowerBound <= merged.upperBound, merged.lowerBound <= island.upperBound else { return false }
            merged = min(merged.lowerBound, island.lowerBound)..<max(merged.upperBound, island.upperBound)
            return true
        }
        let place = islands.firstIndex { $0.lowerBound > merged.lowerBound } ?? islands.count
        islands.insert(merged, at: place)
        if islands.count > Self.mostIslands { islands.removeLast() }
    }

    private mutating func absorb() {
        while let first = islands.first, first.lowerBound <= next {
            next = max(next, first.upperBound)
            islands.removeFirst()
        }
    }
}
