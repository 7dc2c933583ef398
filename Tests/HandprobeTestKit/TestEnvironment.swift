import CTestKit
import Glibc

/// What this machine lets a test do; for `.enabled(if:)` with a comment that says what was not tested.
public enum TestEnvironment {
    /// Network namespaces can be made: root, or CAP_SYS_ADMIN in a user namespace.
    public static let canUseNamespaces = (try? NetworkNamespace()) != nil

    /// TAP devices can be made. Where they cannot, links and edge peers use packet sockets on veth.
    public static let canOpenTun: Bool = {
        guard let namespace = try? NetworkNamespace() else { return false }
        return (try? namespace.run { try Descriptor(unsafe ctk_open_tap("tap0"), from: "open", "") }) != nil
    }()

    /// True when `program` is found in PATH.
    public static func has(_ program: String) -> Bool { (try? path(of: program)) != nil }

    /// True when we are root, in a user namespace or outside.
    public static let isRoot = geteuid() == 0

    /// True where the long campaigns are wanted, too: HANDPROBE_FULL is set.
    public static let isFull = variables["HANDPROBE_FULL"].map { !$0.isEmpty } ?? false

    /// The process id of the test run.
    static let pid = getpid()

    /// The environment of this process.
    static let variables: [String: String] = {
        let text = (try? readFile("/proc/self/environ")) ?? ""
        let pairs = text.split(separator: "\0").compactMap { entry -> (String, String)? in
            guard let equals = entry.firstIndex(of: "=") else { return nil }
            return (String(entry[..<equals]), String(entry[entry.index(after: equals)...]))
        }
        return Dictionary(pairs) { first, _ in first }
    }()

    /// The path of `command`: itself when it has a slash, else looked up in PATH and where administrators' programs are.
    public static func path(of command: String) throws -> String {
        if command.contains("/") { return command }
        let named = (variables["PATH"] ?? "").split(separator: ":").map { String($0) }
        let folders = named + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
        for folder in folders where unsafe access("\(folder)/\(command)", X_OK) == 0 { return "\(folder)/\(command)" }
        throw TestKitError.missing(command)
    }
}
