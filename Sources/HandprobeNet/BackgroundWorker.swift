internal import CLinuxNet
internal import Glibc
internal import Synchronization

/// A thread that works on one input after the other while its owner does something else. It ends with this object.
public final class BackgroundWorker<Input: Sendable, Output: Sendable> {
    /// Where inputs and outputs lie until they are fetched; nil for the end of the inputs.
    private final class Desk: Sendable {
        let inputs = Mutex<[Input?]>([])
        let outputs = Mutex<[Output]>([])
        let hasInput = Semaphore()
        let hasOutput = Semaphore()
        let makeWork: @Sendable () -> (consuming Input) -> Output

        init(_ makeWork: @escaping @Sendable () -> (consuming Input) -> Output) {
            self.makeWork = makeWork
        }

        func run() {
            let work = makeWork()
            while true {
                hasInput.wait()
                guard let input = inputs.withLock({ $0.removeFirst() }) else { return }
                let output = work(input)
                outputs.withLock { $0.append(output) }
                hasOutput.signal()
            }
        }
    }

    /// How many inputs were given whose outputs were not fetched yet.
    public private(set) var outstanding = 0
    private let desk: Desk
    private let thread: StartedThread

    /// Starts the thread, on which `makeWork` is called first: what it makes is used there only.
    public init(_ makeWork: @escaping @Sendable () -> (consuming Input) -> Output) throws(SystemError) {
        // The heap of a thread of its own would grow by a few kibibytes at a time, each a call of mprotect(2).
        linux_share_heap()
        desk = Desk(makeWork)
        thread = try StartedThread(doing: "work in the background", desk.run)
    }

    deinit {
        desk.inputs.withLock { $0.append(nil) }
        desk.hasInput.signal()
        thread.join()
    }

    /// Gives the next input.
    public func give(_ input: consuming Input) {
        let input = input
        desk.inputs.withLock { $0.append(input) }
        outstanding += 1
        desk.hasInput.signal()
    }

    /// Waits for the output of the input that was given first of those outstanding; nil when there is none.
    public func fetch() -> Output? {
        guard outstanding > 0 else { return nil }
        desk.hasOutput.wait()
        outstanding -= 1
        return desk.outputs.withLock { $0.removeFirst() }
    }
}

// Unchecked: sem_post(3) and sem_wait(3) are there to be called by several threads at once.
/// A number that one thread counts up and another one waits for.
@safe
private final class Semaphore: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func signal() { unsafe sem_post(semaphore) }

    /// Waits until there is one more, and takes it.
    func wait() {
        while unsafe sem_wait(semaphore) < 0 {}
    }
}
