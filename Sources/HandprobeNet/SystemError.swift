internal import CLinuxNet
internal import CPcap
internal import Glibc

/// Something the local machine refused or could not do, told in one sentence.
public struct SystemError: Error, Hashable, Sendable {
    /// What was being done, and to what: "open a raw IPv4 socket".
    public var doing: String
    /// The system or library call that failed.
    public var call: String
    /// The kernel's error number; 0 when a library refused without one.
    public var errno: Int32
    /// What the kernel or the library says of it.
    public var reason: String
    /// What to try; nil when there is nothing to suggest.
    public var advice: String?

    /// An error from its parts.
    public init(doing: String, call: String, errno: Int32, reason: String, advice: String? = nil) {
        self.doing = doing
        self.call = call
        self.errno = errno
        self.reason = reason
        self.advice = advice
    }

    /// A failed system call, in the kernel's words.
    public init(doing: String, call: String, errno: Int32, advice: String? = nil) {
        self.init(doing: doing, call: call, errno: errno, reason: Self.reason(for: errno), advice: advice)
    }

    /// What the C library says of an error number.
    static func reason(for errno: Int32) -> String {
        unsafe String(cString: strerror(errno))
    }

    /// True when nobody reads what is written.
    public var isBrokenPipe: Bool { errno == EPIPE }

    /// True when a right is missing.
    public var isPrivilege: Bool {
        errno == EPERM || errno == EACCES
    }
}

extension SystemError: CustomStringConvertible {
    /// What was being done, what went wrong, and what to try.
    public var description: String {
        let sentence = "cannot \(doing): \(reason) (\(call))"
        guard let advice else { return sentence }
        return "\(sentence); \(advice)"
    }
}
