import Glibc
public import HandprobeTCP

// Unchecked: the value is touched only while the mutex is held.
/// A value shared between threads, with waiting for a condition on it that is bounded in time.
@safe
public final class Monitor<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    /// Shares `value`.
    public init(_ value: Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(changed, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Reads or changes the value, then lets all that wait look at it again.
    public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(changed)
            unsafe pthread_mutex_unlock(mutex)
        }
        return try body(&value)
    }

    /// Waits until `condition` gives something, at most for `limit`, and returns that; nil when the time is over.
    public func wait<Result>(_ limit: Duration = .patience, until condition: (inout Value) throws -> Result?) rethrows
        -> Result?
    {
        let deadline = Instant.now + limit
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = try condition(&value) { return result }
            var time = deadline.timespec
            if unsafe pthread_cond_timedwait(changed, mutex, &time) == ETIMEDOUT { return try condition(&value) }
        }
    }
}

extension Duration {
    /// The bound of every wait that has no other: long enough for a busy machine, short enough for a test run.
    public static let patience = Duration.seconds(20)
}

extension Instant {
    /// The present moment of CLOCK_MONOTONIC.
    public static var now: Instant {
        var time = Glibc.timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    var timespec: Glibc.timespec {
        Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

/// Waits until `condition` holds, looking every millisecond, at most for `limit`.
///
/// For conditions of the kernel that nothing announces; throws `TestKitError.timeout` with `what` when the time is over.
public func waitUntil(
    _ what: String,
    limit: Duration = .patience,
    _ condition: () throws -> Bool
) throws {
    let deadline = Instant.now + limit
    while try !condition() {
        guard Instant.now < deadline else { throw TestKitError.timeout(what) }
        usleep(1_000)
    }
}
