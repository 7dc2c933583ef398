/// A moment by the capture clock: nanoseconds since 1970-01-01T00:00:00Z, CLOCK_REALTIME.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Nanoseconds since the epoch.
    public var nanoseconds: Int64

    /// A moment by its nanoseconds since the epoch.
    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Earlier by the same clock.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// How long after `earlier`; negative when before it.
    @inlinable
    public func since(_ earlier: Self) -> Duration {
        .nanoseconds(nanoseconds &- earlier.nanoseconds)
    }
}
