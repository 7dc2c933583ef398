internal import Glibc

/// A thread of this process that runs one function.
struct OwnThread {
    private let identifier: pthread_t

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts it; it has the signal mask and the capabilities of the one that calls.
    init(doing: String, _ run: @escaping @Sendable () -> Void) throws(SystemError) {
        var thread = pthread_t()
        let body = unsafe Unmanaged.passRetained(Body(run)).toOpaque()
        let result = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            },
            body
        )
        guard result == 0 else {
            unsafe Unmanaged<Body>.fromOpaque(body).release()
            throw SystemError(doing: doing, call: "pthread_create", errno: result)
        }
        identifier = thread
    }

    /// Lets it end by itself.
    func detach() { pthread_detach(identifier) }

    /// Waits for its end.
    func join() { pthread_join(identifier, nil) }
}
