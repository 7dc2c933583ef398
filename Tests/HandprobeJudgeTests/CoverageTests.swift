import Testing

@testable import HandprobeJudge

/// The book-keeping of captured octets against a plain set of numbers.
struct CoverageTests {
    @Test(arguments: UInt64(1)...20)
    func countsAsASetDoes(seed: UInt64) {
        var random = SplitMix64(state: seed)
        var coverage = SequenceCoverage(next: 1)
        var captured = Set<Int>()
        for _ in 0..<200 {
            // Few islands at a time: the low bound follows the first octet missing.
            let start = max(1, coverage.next + Int(random.next() % 60) - 20)
            let range = start..<start + Int(random.next() % 12)
            let fresh = range.filter { !captured.contains($0) && $0 >= 1 }.count
            let isBeyondGap = start > coverage.next
            let addition = coverage.add(range)
            guard coverage.islands.count < SequenceCoverage.mostIslands else { return }
            #expect(addition.new == fresh)
            #expect(addition.repeated == range.count - fresh)
            #expect(addition.leavesGap == (isBeyondGap && !range.isEmpty))
            captured.formUnion(range)
            let firstMissing = (1...).first { !captured.contains($0) }
            #expect(coverage.next == firstMissing)
            let islands = captured.filter { $0 > coverage.next }
            #expect(coverage.islands.reduce(0) { $0 + $1.count } == islands.count)
        }
    }

    @Test func keepsEightIslands() {
        var coverage = SequenceCoverage()
        for start in stride(from: 10, to: 1000, by: 10) { _ = coverage.add(start..<start + 2) }
        #expect(coverage.islands.count == 8)
        #expect(coverage.next == 0)
        coverage.skip(to: 11)
        #expect(coverage.next == 12)
        #expect(coverage.islands.count == 7)
    }
}
