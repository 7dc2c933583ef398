import CTestKit
import Glibc

/// A thread of our own that can be joined. Namespaces belong to threads, so no thread of Swift's pool may change its own.
final class Worker: Sendable {
    private let thread: pthread_t
    private let joined = Monitor(false)

    private final class Start {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// The kernel's number of the thread.
    let kernelThread: Int32

    /// Starts `body` on a new thread.
    init(_ body: @escaping @Sendable () -> Void) throws {
        let number = Monitor<Int32?>(nil)
        thread = try Self.start {
            number.withLock { $0 = ctk_thread() }
            body()
        }
        kernelThread = number.wait { $0 } ?? 0
    }

    /// Waits until the body has returned.
    func join() {
        joined.withLock { joined in
            guard !joined else { return }
            pthread_join(thread, nil)
            joined = true
        }
    }

    deinit {
        join()
    }

    /// Runs `body` on a new thread, waits for it, and hands on what it returned or threw.
    static func run<Result>(_ body: () throws -> Result) throws -> Result {
        var outcome: Swift.Result<Result, any Error>?
        try withoutActuallyEscaping(body) { body in
            // The thread is joined before anything here goes on, so nothing is ever touched by two threads at once.
            let thread = try start { outcome = Swift.Result(catching: body) }
            pthread_join(thread, nil)
        }
        return try outcome!.get()
    }

    private static func start(_ body: @escaping () -> Void) throws -> pthread_t {
        var thread = pthread_t()
        let start = unsafe Unmanaged.passRetained(Start(body))
        let reason = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            },
            start.toOpaque()
        )
        guard reason == 0 else {
            unsafe start.release()
            throw TestKitError.system(call: "pthread_create", errno: reason, doing: "starting a thread")
        }
        return thread
    }
}
