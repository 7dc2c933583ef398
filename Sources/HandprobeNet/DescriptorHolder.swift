internal import CLinuxNet
internal import CPcap
internal import Glibc

/// A child process that holds some descriptors open, and nothing else of this process, until this value ends.
///
/// For descriptors whose closing takes long: who closes a descriptor last is who waits.
struct DescriptorHolder: ~Copyable {
    /// The child's number.
    let process: Int32
    private let channel: Descriptor

    /// Starts the child; nil when there cannot be one. Once this returns, it holds nothing but `numbers`.
    init?(holding numbers: [Int32]) {
        let numbers = numbers.sorted()
        var process: pid_t = 0
        let channel = unsafe numbers.withUnsafeBufferPointer {
            unsafe linux_hold_open($0.baseAddress, UInt32($0.count), &process)
        }
        guard channel >= 0 else { return nil }
        self.process = process
        self.channel = Descriptor(taking: channel)
    }

    /// Whether somebody takes care of a child that outlives this process: process 1 catches, awaits or ignores SIGCHLD.
    ///
    /// A program that a container runs as process 1 may do nothing of the kind, and dead children would pile up there.
    static var isWelcome: Bool {
        guard getpid() != 1, let status = SystemFile.text("/proc/1/status") else { return false }
        return status.split(separator: "\n").contains { line in
            let words = line.split { $0 == ":" || $0.isWhitespace }
            guard words.count == 2, ["SigBlk", "SigIgn", "SigCgt"].contains(words[0]) else { return false }
            return UInt64(words[1], radix: 16).map { $0 >> UInt64(SIGCHLD - 1) & 1 == 1 } ?? false
        }
    }
}
