internal import Glibc

// Unchecked: what both threads use is touched only while the mutex is held.
/// A thread of its own that takes items in the order in which they are handed over.
///
/// At most so many wait to be taken; who hands over another one waits, too.
@safe
public final class Conveyor<Item: Sendable>: @unchecked Sendable {
    private var waiting: [Item] = []
    private var isOver = false
    private let capacity: Int
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    /// Broadcast when there is something to take, or when there is room again.
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var thread: OwnThread?

    /// Starts the thread, which calls `take` with one item after the other.
    public init(capacity: Int, doing: String, take: @escaping @Sendable (Item) -> Void) throws(SystemError) {
        self.capacity = capacity
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(changed, nil)
        thread = try OwnThread(doing: doing) { [self] in
            while let item = next() { take(item) }
        }
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Hands an item over.
    public func hand(_ item: Item) {
        locked {
            while waiting.count >= capacity { unsafe pthread_cond_wait(changed, mutex) }
            waiting.append(item)
        }
    }

    /// Waits until everything that was handed over has been taken, and ends the thread.
    public func finish() {
        locked { isOver = true }
        thread?.join()
        thread = nil
    }

    private func next() -> Item? {
        locked {
            while waiting.isEmpty, !isOver { unsafe pthread_cond_wait(changed, mutex) }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(changed)
            unsafe pthread_mutex_unlock(mutex)
        }
        return body()
    }
}
