@testable import HandprobeNet
import HandprobeTCP
import HandprobeWire
import Testing

struct ClockMappingTests {
    private func sample(wall: Int64, monotonic: Int64, width: Duration = .nanoseconds(100)) -> ClockMapping.Sample {
        ClockMapping.Sample(
            wall: Timestamp(nanoseconds: wall), monotonic: Instant(nanoseconds: monotonic), width: width)
    }

    @Test func momentsAreMappedByTheDifference() {
        let mapping = ClockMapping(sample(wall: 5_000_000, monotonic: 1_000_000))
        #expect(mapping.wallClock(of: Instant(nanoseconds: 3_000_000)) == Timestamp(nanoseconds: 7_000_000))
    }

    @Test(arguments: [2_000_000, -2_000_000, 3_600_000_000_000] as [Int64])
    func aStepIsReportedOnceWithItsSize(step: Int64) {
        var mapping = ClockMapping(sample(wall: 5_000_000, monotonic: 1_000_000))
        #expect(mapping.update(sample(wall: 6_000_000 + step, monotonic: 2_000_000)) == .nanoseconds(step))
        #expect(mapping.update(sample(wall: 7_000_000 + step, monotonic: 3_000_000)) == nil)
        let mapped = mapping.wallClock(of: Instant(nanoseconds: 3_000_000))
        #expect(mapped == Timestamp(nanoseconds: 7_000_000 + step))
    }

    @Test func aReadingThatTookLongIsNoStep() {
        var mapping = ClockMapping(sample(wall: 5_000_000, monotonic: 1_000_000))
        let interrupted = sample(wall: 10_000_000, monotonic: 2_000_000, width: .milliseconds(8))
        #expect(mapping.update(interrupted) == nil)
        #expect(mapping.wallClock(of: Instant(nanoseconds: 0)) == Timestamp(nanoseconds: 4_000_000))
    }

    @Test func theErrorIsTheDriftAndWhatReadingsMayBeWrongBy() {
        var mapping = ClockMapping(sample(wall: 5_000_000, monotonic: 1_000_000, width: .nanoseconds(60)))
        let drifted = sample(wall: 5_999_700, monotonic: 2_000_000, width: .nanoseconds(40))
        #expect(mapping.error(at: drifted) == .nanoseconds(300 + 30 + 20))
        // A step is reported as one, and is no error.
        #expect(mapping.update(sample(wall: 3_606_000_000, monotonic: 2_000_000)) == .nanoseconds(3_600_000_000))
        let after = sample(wall: 3_607_000_010, monotonic: 3_000_000, width: .nanoseconds(40))
        #expect(mapping.error(at: after) == .nanoseconds(10 + 30 + 20))
    }

    @Test func theRealClocksAgreeWithThemselves() {
        var mapping = ClockMapping()
        #expect(mapping.update() == nil)
    }
}
