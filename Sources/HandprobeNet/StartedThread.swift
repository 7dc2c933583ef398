internal import Glibc

/// A thread that runs one function and ends with it.
struct StartedThread {
    private let thread: pthread_t

    /// Starts `body`; `doing` says in an error what could not be done for want of a thread.
    init(doing: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        var thread = pthread_t()
        let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
        let result = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                }
                return nil
            },
            work
        )
        guard result == 0 else {
            unsafe Unmanaged<Work>.fromOpaque(work).release()
            throw SystemError(doing: doing, call: "pthread_create", errno: result)
        }
        self.thread = thread
    }

    /// Waits until it has ended; to be called once at most, and not after `detach`.
    func join() { pthread_join(thread, nil) }

    /// Lets it end by itself, which may be never.
    func detach() { pthread_detach(thread) }
}

/// What a new thread runs.
private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
