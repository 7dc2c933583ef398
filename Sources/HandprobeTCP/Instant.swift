/// A moment by the monotonic clock, which timers run on: nanoseconds from an arbitrary start.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the clock's start.
    public var nanoseconds: Int64

    /// A moment by its nanoseconds since the clock's start.
    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Earlier by the same clock.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment `duration` later.
    @inlinable
    public static func + (instant: Self, duration: Duration) -> Self {
        Self(nanoseconds: instant.nanoseconds &+ duration.wholeNanoseconds)
    }

    /// How long after `earlier`; negative when before it.
    @inlinable
    public func since(_ earlier: Self) -> Duration {
        .nanoseconds(nanoseconds &- earlier.nanoseconds)
    }
}

extension Duration {
    /// The duration in nanoseconds, cut towards zero.
    @inlinable
    public var wholeNanoseconds: Int64 {
        components.seconds &* 1_000_000_000 &+ components.attoseconds / 1_000_000_000
    }
}
