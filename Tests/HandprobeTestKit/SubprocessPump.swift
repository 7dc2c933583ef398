import CTestKit
import Glibc

/// The thread behind a `Subprocess`: moves octets in and out until the program has ended, then reaps it.
struct SubprocessPump: Sendable {
    private let pid: Int32
    private let ending: Descriptor
    private let state: Monitor<Subprocess.State>
    private let wake: WakeSignal
    private var input: Descriptor?
    private var output: Descriptor?
    private var error: Descriptor?

    init(
        pid: Int32,
        state: Monitor<Subprocess.State>,
        wake: WakeSignal,
        input: Descriptor?,
        output: Descriptor,
        error: Descriptor?
    ) throws {
        self.pid = pid
        ending = try Descriptor(ctk_pidfd(pid), from: "pidfd_open", "watching a process")
        self.state = state
        self.wake = wake
        self.input = input
        self.output = output
        self.error = error
        for descriptor in [input, output, error] { descriptor?.becomeNonBlocking() }
    }

    mutating func run() {
        while step() {}
    }

    /// False when the program has ended.
    private mutating func step() -> Bool {
        let isTerminal = input === output
        let (pending, inputEnds, outputCloses) = state.withLock { (!$0.input.isEmpty, $0.inputEnds, $0.outputCloses) }
        if inputEnds, !pending { endInput(isTerminal: isTerminal) }
        if outputCloses { output = nil }
        let ready = Poll.wait([
            (ending, POLLIN), (wake.descriptor, POLLIN), (output, POLLIN), (error, POLLIN),
            (pending ? input : nil, POLLOUT),
        ])
        if ready[1] { wake.clear() }
        if ready[4] { feed() }
        // What was written before the end is in the pipes by the time the end is seen.
        let ended = ready[0]
        if ready[2] || ended { drain(\.output, into: \.output) }
        if ready[3] || ended { drain(\.error, into: \.error) }
        guard ended else { return true }
        var raw: Int32 = 0
        state.withLock { state in
            while unsafe waitpid(pid, &raw, 0) < 0, errno == EINTR {}
            let signal = raw & 0x7F
            state.status = signal == 0 ? .exited(raw >> 8 & 0xFF) : .signaled(signal)
        }
        return false
    }

    private mutating func endInput(isTerminal: Bool) {
        guard let input else { return }
        // A terminal is ended by its end-of-file character: closing it would hang it up.
        if isTerminal { _ = try? input.write([4]) }
        self.input = nil
    }

    private mutating func feed() {
        guard let input else { return }
        do {
            let part = state.withLock { $0.input }
            let count = try input.write(part[...]) ?? 0
            state.withLock { $0.input.removeFirst(count) }
        } catch {
            state.withLock { $0.input = [] }
            self.input = nil
        }
    }

    private mutating func drain(
        _ source: WritableKeyPath<SubprocessPump, Descriptor?>,
        into store: WritableKeyPath<Subprocess.State, [UInt8]>
    ) {
        guard let descriptor = self[keyPath: source] else { return }
        do {
            while let octets = try descriptor.read(upTo: 1 << 16) {
                guard !octets.isEmpty else { throw TestKitError.command("end") }
                state.withLock { $0[keyPath: store] += octets }
            }
        } catch {
            // The end of a pipe, or EIO: nobody holds the other end of the terminal.
            self[keyPath: source] = nil
        }
    }
}
