import Glibc

/// Why the test kit could not do what it was asked.
public enum TestKitError: Error, Hashable, Sendable {
    /// The kernel refused a call.
    case system(call: String, errno: Int32, doing: String)
    /// A program of the machine ended badly.
    case command(String)
    /// A condition did not come true within its bound.
    case timeout(String)
    /// A program is not installed.
    case missing(String)
}

extension TestKitError: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch self {
        case .system(let call, let errno, let doing):
            "\(doing): \(call) failed: \(unsafe String(cString: strerror(errno))) (\(errno))"
        case .command(let text): text
        case .timeout(let text): "timed out: \(text)"
        case .missing(let program): "\(program) is not installed"
        }
    }

    /// `result`, or the present errno as an error when it is negative.
    @discardableResult
    static func check<Result: SignedInteger>(
        _ result: Result,
        _ call: String,
        _ doing: @autoclosure () -> String
    ) throws -> Result {
        let reason = errno
        guard result >= 0 else { throw TestKitError.system(call: call, errno: reason, doing: doing()) }
        return result
    }
}
