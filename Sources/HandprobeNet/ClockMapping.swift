internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeTCP
public import HandprobeWire

/// How the capture clock (CLOCK_REALTIME) relates to the timers' clock (CLOCK_MONOTONIC).
///
/// Both are slewed alike, so the difference is constant until somebody steps the wall clock.
public struct ClockMapping: Hashable, Sendable {
    /// Both clocks read together.
    public struct Sample: Hashable, Sendable {
        /// The wall clock.
        public var wall: Timestamp
        /// The monotonic clock at the same moment.
        public var monotonic: Instant
        /// How long the reading took: the error of "the same moment" is at most half of it.
        public var width: Duration

        /// A sample from its parts.
        public init(wall: Timestamp, monotonic: Instant, width: Duration) {
            self.wall = wall
            self.monotonic = monotonic
            self.width = width
        }

        /// The best of up to five readings; one is enough unless the process was interrupted in it.
        public static func now() -> Sample {
            var best: Sample?
            for _ in 0..<5 {
                let before = Instant.now
                let wall = Timestamp.now
                let after = Instant.now
                let width = after.since(before)
                if best.map({ width < $0.width }) ?? true {
                    best = Sample(wall: wall, monotonic: before + width / 2, width: width)
                }
                if width < .microseconds(5) { break }
            }
            return best!
        }

        /// Wall clock minus monotonic clock, in nanoseconds.
        var offset: Int64 { wall.nanoseconds &- monotonic.nanoseconds }
    }

    /// A difference beyond this is a step; readings disagree by less.
    public static let stepThreshold = Duration.milliseconds(1)

    /// The newest reading.
    public private(set) var latest: Sample
    /// The reading that it began with.
    private let first: Sample
    /// How far the wall clock was stepped since then.
    private var stepped = Duration.zero

    /// A mapping that begins with `sample`.
    public init(_ sample: Sample = .now()) {
        latest = sample
        first = sample
    }

    /// The most by which the two clocks may have come apart since the first reading, steps left out: the difference of the
    /// readings and what each of them may be wrong by.
    public func error(at sample: Sample = .now()) -> Duration {
        let change = Duration.nanoseconds(sample.offset &- first.offset) - stepped
        return (change < .zero ? .zero - change : change) + (first.width + sample.width) / 2
    }

    /// Takes a new reading; returns how far the wall clock was stepped since the one before, nil when it was not.
    public mutating func update(_ sample: Sample = .now()) -> Duration? {
        let change = Duration.nanoseconds(sample.offset &- latest.offset)
        let isStep = change > Self.stepThreshold + sample.width || change < .zero - Self.stepThreshold - sample.width
        if isStep { stepped += change }
        if isStep || sample.width <= latest.width { latest = sample }
        return isStep ? change : nil
    }

    /// The capture clock's reading at a moment of the monotonic one.
    public func wallClock(of instant: Instant) -> Timestamp {
        Timestamp(nanoseconds: instant.nanoseconds &+ latest.offset)
    }
}

extension Instant {
    /// The present moment.
    static var now: Instant { Instant(nanoseconds: readClock(CLOCK_MONOTONIC)) }
}

extension Timestamp {
    /// The present moment.
    static var now: Timestamp { Timestamp(nanoseconds: readClock(CLOCK_REALTIME)) }
}

private func readClock(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}
