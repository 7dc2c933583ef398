internal import CLinuxNet
internal import CPcap
internal import Glibc

/// A file or standard input, read from its beginning to its end: which comes early on a signal, or when nobody reads our
/// standard output any more.
public final class InputFile {
    /// Why reading ended before the end.
    public enum Interruption: Hashable, Sendable {
        /// SIGINT, SIGTERM or SIGHUP, by number. The next one has its usual effect.
        case signal(Int32)
        /// Nobody reads our standard output any more.
        case outputClosed
    }

    /// The most octets read at once.
    public static let piece = 1 << 18

    /// What it is called in sentences.
    public let name: String
    /// Why reading ended before the end; nil when it did not.
    public private(set) var interruption: Interruption?
    /// What went wrong with reading; the file then ends there.
    public private(set) var problem: SystemError?
    /// What is done before every wait for octets that are not there yet.
    public var beforeWaiting: () -> Void = {}
    private let descriptor: Descriptor
    private var signals: Held<SignalDescriptor>?
    /// Octets that were looked at and not read yet.
    private var ahead: [UInt8] = []

    /// Opens a file; `-` is standard input.
    public init(_ path: String) throws(SystemError) {
        name = path == "-" ? "standard input" : path
        let doing = "read \(name)"
        descriptor = Descriptor(
            taking: try systemCall("open", to: doing) {
                // Not waiting for a pipe's other end here: what ends the run early must be heard meanwhile.
                path == "-"
                    ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                    : unsafe open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
            })
        let number = descriptor.number
        if path != "-" { _ = fcntl(number, F_SETFL, O_RDONLY) }
        var status = stat()
        try systemCall("fstat", to: doing) { unsafe fstat(number, &status) }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw SystemError(doing: doing, call: "open", errno: EISDIR)
        }
        signals = Held(try SignalDescriptor([SIGINT, SIGTERM, SIGHUP]))
    }

    /// True for a terminal, from which no capture comes.
    public var isTerminal: Bool { isatty(descriptor.number) == 1 }

    /// True when `path` leads to the same file.
    public func isSame(as path: String) -> Bool {
        var (ours, other) = (stat(), stat())
        guard unsafe fstat(descriptor.number, &ours) == 0, unsafe stat(path, &other) == 0 else { return false }
        return ours.st_dev == other.st_dev && ours.st_ino == other.st_ino
    }

    /// True when both paths lead to the same file.
    public static func isSame(_ path: String, as other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard unsafe stat(path, &first) == 0, unsafe stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    /// The first octets, which stay to be read; fewer than `count` when there are no more.
    public func peek(_ count: Int) -> [UInt8] {
        while ahead.count < count {
            let more = unsafe [UInt8](unsafeUninitializedCapacity: count - ahead.count) { buffer, initialized in
                unsafe initialized = readMore(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if more.isEmpty { break }
            ahead += more
        }
        return Array(ahead.prefix(count))
    }

    /// The next octets, at most `piece` of them and as many as there are without waiting for more; none at the end.
    public func read() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, initialized in
            unsafe initialized = read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard ahead.isEmpty else {
            let count = min(ahead.count, buffer.count)
            unsafe buffer.copyBytes(from: ahead.prefix(count))
            ahead.removeFirst(count)
            return count
        }
        return unsafe readMore(into: buffer)
    }

    private func readMore(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard interruption == nil, problem == nil, waitForOctets() else { return 0 }
        let number = descriptor.number
        do throws(SystemError) {
            return try systemCall("read", to: "read \(name)") {
                unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
            }
        } catch {
            problem = error
            return 0
        }
    }

    /// Waits until there is something to read; false when reading is to end before that.
    private func waitForOctets() -> Bool {
        // A negative descriptor is one that poll(2) passes over.
        var descriptors = [
            pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals?.value.number ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
        ]
        var count = unsafe poll(&descriptors, nfds_t(descriptors.count), 0)
        if count == 0 {
            beforeWaiting()
            count = unsafe poll(&descriptors, nfds_t(descriptors.count), -1)
        }
        while count < 0 {
            guard errno == EINTR else { return true }
            count = unsafe poll(&descriptors, nfds_t(descriptors.count), -1)
        }
        if descriptors[1].revents != 0, let signal = signals?.value.next() {
            interruption = .signal(signal)
            signals = nil
        } else if descriptors[2].revents != 0 {
            interruption = .outputClosed
        }
        return interruption == nil
    }
}
