import CTestKit
import Glibc

/// A program that was started, its output drained all the time, reaped whatever happens.
public final class Subprocess: Sendable {
    /// How a program ended.
    public enum Status: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
    }

    /// One of the two streams that a program writes.
    public enum Stream: Hashable, Sendable {
        case stdout, stderr
    }

    /// Where the three standard streams of a program lead.
    public enum Streams: Sendable {
        /// To pipes; the two outputs are kept apart.
        case pipes
        /// To a pseudo-terminal of this size; both outputs come as `stdout`, lines ending in CR LF.
        case terminal(columns: UInt16 = 80, rows: UInt16 = 24)
        /// The outputs to pipes; standard input is the outside of an interface: a read or a write there is a frame.
        case wire(FramePort)
    }

    /// What a program that has ended left.
    public struct Result: Hashable, Sendable {
        /// How it ended.
        public var status: Status
        /// The octets it wrote to stdout.
        public var outputOctets: [UInt8]
        /// The octets it wrote to stderr.
        public var errorOctets: [UInt8]
        /// stdout as text.
        public var stdout: String { String(decoding: outputOctets, as: UTF8.self) }
        /// stderr as text.
        public var stderr: String { String(decoding: errorOctets, as: UTF8.self) }
        /// The exit code; nil when a signal ended it.
        public var exitCode: Int32? { if case .exited(let code) = status { code } else { nil } }
    }

    struct State: Sendable {
        var output: [UInt8] = []
        var error: [UInt8] = []
        var input: [UInt8]
        var inputEnds: Bool
        var outputCloses = false
        var status: Status?
    }

    /// The program's process id.
    public let pid: Int32
    private let name: String
    private let state: Monitor<State>
    private let wake: WakeSignal
    private let worker: Worker

    /// Starts `command`, a path or a name looked up in PATH, inside `namespace` or where we are.
    ///
    /// `stdin` is fed to it; its end follows at once unless `keepsInputOpen`. `environment` adds to ours.
    public init(
        _ command: String,
        _ arguments: [String] = [],
        stdin: String = "",
        keepsInputOpen: Bool = false,
        in namespace: NetworkNamespace? = nil,
        environment: [String: String] = [:],
        streams: Streams = .pipes
    ) throws {
        let path = try TestEnvironment.path(of: command)
        let state = Monitor(State(input: Array(stdin.utf8), inputEnds: !keepsInputOpen))
        let wake = try WakeSignal()
        let pump: SubprocessPump
        switch streams {
        case .pipes:
            let (input, output, error) = (try Descriptor.pipe(), try Descriptor.pipe(), try Descriptor.pipe())
            pid = try Launcher.shared.launch(
                path, [command] + arguments, environment, namespace,
                .pipes(input.reading, output.writing, error.writing))
            pump = try SubprocessPump(
                pid: pid, state: state, wake: wake, input: input.writing, output: output.reading, error: error.reading)
        case .wire(let port):
            let (output, error) = (try Descriptor.pipe(), try Descriptor.pipe())
            pid = try Launcher.shared.launch(
                path, [command] + arguments, environment, namespace,
                .pipes(port.descriptor, output.writing, error.writing))
            pump = try SubprocessPump(
                pid: pid, state: state, wake: wake, input: nil, output: output.reading, error: error.reading)
        case .terminal(let columns, let rows):
            let (terminal, name) = try Self.openTerminal(columns: columns, rows: rows)
            pid = try Launcher.shared.launch(path, [command] + arguments, environment, namespace, .terminal(name))
            pump = try SubprocessPump(
                pid: pid, state: state, wake: wake, input: terminal, output: terminal, error: nil)
        }
        name = ([command] + arguments).joined(separator: " ")
        self.state = state
        self.wake = wake
        // The thread takes the pump out of the slot: a copy left anywhere would keep open what the pump closes.
        let slot = Monitor(Optional(pump))
        worker = try Worker {
            var pump = slot.withLock { $0.take() }
            pump?.run()
        }
    }

    deinit {
        signal(SIGKILL)
        worker.join()
    }

    private static func openTerminal(columns: UInt16, rows: UInt16) throws -> (Descriptor, String) {
        var path = [CChar](repeating: 0, count: 64)
        let number = unsafe ctk_open_terminal(columns, rows, &path, path.count)
        let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return (try Descriptor(number, from: "posix_openpt", "opening a pseudo-terminal"), name)
    }

    /// Sends the program a signal; nothing happens when it has ended.
    public func signal(_ number: Int32) {
        // The status is set, with the lock held, by the thread that reaps: while there is none the pid is the program's.
        state.withLock { if $0.status == nil { kill(pid, number) } }
    }

    /// Feeds the program more input.
    public func write(_ text: String) {
        write(octets: Array(text.utf8))
    }

    /// Feeds the program more input that is no text.
    public func write(octets: [UInt8]) {
        state.withLock { $0.input += octets }
        wake.raise()
    }

    /// Ends the program's input after what was fed to it.
    public func closeInput() {
        state.withLock { $0.inputEnds = true }
        wake.raise()
    }

    /// Closes our end of the program's stdout, as `| head` does. Not for terminals.
    public func closeOutput() {
        state.withLock { $0.outputCloses = true }
        wake.raise()
    }

    /// How the program ended; nil while it runs.
    public var status: Status? { state.withLock { $0.status } }

    /// What the program has written so far.
    public func text(_ stream: Stream = .stdout) -> String {
        state.withLock { String(decoding: stream == .stdout ? $0.output : $0.error, as: UTF8.self) }
    }

    /// The whole lines that the program has written so far.
    public func lines(_ stream: Stream = .stdout) -> [String] {
        state.withLock { Self.lines(stream == .stdout ? $0.output : $0.error, ended: false) }
    }

    /// Waits for a line that satisfies `matches` and returns it; the line may have been there before.
    ///
    /// The last line counts without its end once the program has ended. Throws when the program ends without it, or at `limit`.
    public func waitForLine(
        _ stream: Stream = .stdout,
        limit: Duration = .patience,
        where matches: (String) -> Bool
    ) throws -> String {
        var ended = false
        let line: String?? = state.wait(limit) { state in
            ended = state.status != nil
            let lines = Self.lines(stream == .stdout ? state.output : state.error, ended: ended)
            if let line = lines.first(where: matches) { return .some(line) }
            return ended ? .some(nil) : nil
        }
        if let line = line ?? nil { return line }
        throw TestKitError.timeout("\(ended ? "ended without" : "still without") the line: \(transcript)")
    }

    /// Waits until the program has written `text`, a part of a line too: a prompt.
    public func waitForText(_ text: String, _ stream: Stream = .stdout, limit: Duration = .patience) throws {
        let found = state.wait(limit) { state -> Bool? in
            let written = String(decoding: stream == .stdout ? state.output : state.error, as: UTF8.self)
            if written.contains(text) { return true }
            return state.status == nil ? nil : false
        }
        guard found == true else { throw TestKitError.timeout("no “\(text)” in \(transcript)") }
    }

    /// Waits for the program's end. At `limit` kills it and throws, with what it wrote.
    @discardableResult
    public func wait(limit: Duration = .patience) throws -> Result {
        let result = state.wait(limit) { state in
            state.status.map { Result(status: $0, outputOctets: state.output, errorOctets: state.error) }
        }
        guard let result else {
            signal(SIGKILL)
            throw TestKitError.timeout(transcript)
        }
        return result
    }

    private var transcript: String { "\(name)\nstdout: \(text(.stdout))\nstderr: \(text(.stderr))" }

    private static func lines(_ octets: [UInt8], ended: Bool) -> [String] {
        var parts = octets.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if !ended || parts.last?.isEmpty == true { parts.removeLast() }
        return parts.map { part in
            String(decoding: part.last == UInt8(ascii: "\r") ? part.dropLast() : part, as: UTF8.self)
        }
    }
}

extension Subprocess {
    /// Runs `command` to its end.
    public static func run(
        _ command: String,
        _ arguments: [String] = [],
        stdin: String = "",
        in namespace: NetworkNamespace? = nil,
        environment: [String: String] = [:],
        limit: Duration = .patience
    ) throws -> Result {
        try Subprocess(command, arguments, stdin: stdin, in: namespace, environment: environment).wait(limit: limit)
    }

    /// Runs `command` to its end and throws when its exit code is not 0.
    @discardableResult
    public static func check(
        _ command: String,
        _ arguments: [String] = [],
        stdin: String = "",
        in namespace: NetworkNamespace? = nil
    ) throws -> Result {
        let result = try run(command, arguments, stdin: stdin, in: namespace)
        guard result.status == .exited(0) else {
            let what = ([command] + arguments).joined(separator: " ")
            throw TestKitError.command("\(what): \(result.status): \(result.stderr)\(result.stdout)\(stdin)")
        }
        return result
    }
}
