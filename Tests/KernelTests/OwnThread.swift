import Glibc
import HandprobeTestKit
import Testing

/// Runs a test on threads that may block; when it has ended, looks at the peers of its scenes and judges the files that its
/// runs of the program wrote. Scenarios spend their time waiting, and the threads that Swift shares among all tests are no
/// more than the machine has cores.
struct OwnThread: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let runs = try RecordedRuns()
        try await withTaskExecutorPreference(BlockingThreads.shared) {
            try await RecordedRuns.$current.withValue(runs) {
                try await PeerLedger.checking { try await function() }
            }
            try runs.judge()
        }
    }
}

extension Trait where Self == OwnThread {
    /// The test blocks, so it runs on a thread of its own; so many at a time that the machine is not overloaded.
    static var blocks: OwnThread { OwnThread() }
}

/// A fixed number of threads that run tests which block.
final class BlockingThreads: TaskExecutor {
    static let shared = BlockingThreads(count: 12)

    private let jobs = Monitor<[UnownedJob]>([])

    private init(count: Int) {
        for _ in 0..<count {
            var thread = pthread_t()
            let threads = unsafe Unmanaged.passRetained(self)
            unsafe pthread_create(
                &thread,
                nil,
                { argument in
                    let threads = unsafe Unmanaged<BlockingThreads>.fromOpaque(argument!).takeRetainedValue()
                    while true { threads.serve() }
                },
                threads.toOpaque()
            )
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    private func serve() {
        let job = jobs.wait(.seconds(3600)) { $0.isEmpty ? nil : $0.removeFirst() }
        unsafe job?.runSynchronously(on: asUnownedTaskExecutor())
    }
}
