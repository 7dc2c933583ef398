internal import CLinuxNet
internal import CPcap
internal import Glibc

/// What this process may do, by capabilities(7), and the way to give that up.
public enum Privileges {
    /// A capability that probing has to do with, by its number.
    public enum Capability: UInt32, Hashable, Sendable, CaseIterable {
        case netBindService = 10
        case netAdmin = 12
        case netRaw = 13

        /// The name in the kernel's documentation.
        public var name: String {
            switch self {
            case .netBindService: "CAP_NET_BIND_SERVICE"
            case .netAdmin: "CAP_NET_ADMIN"
            case .netRaw: "CAP_NET_RAW"
            }
        }
    }

    /// The effective capabilities among those that matter here.
    public static var effective: Set<Capability> {
        var sets = linux_capabilities()
        guard unsafe linux_capget(&sets) == 0 else { return [] }
        return Set(Capability.allCases.filter { sets.effective >> $0.rawValue & 1 == 1 })
    }

    /// Throws the sentence that tells how to get CAP_NET_RAW, unless it is there.
    public static func requireRawSockets() throws(SystemError) {
        guard effective.contains(.netRaw) else {
            throw SystemError(
                doing: "send and capture packets", call: "capget", errno: EPERM, advice: advice(errno: EPERM))
        }
    }

    /// Gives up every capability for good, this thread's and those of programs it may start.
    ///
    /// To be called when all sockets are open and before anything from outside is read: open descriptors keep working.
    /// Threads have their own sets, so before another thread is started.
    public static func dropAll() throws(SystemError) {
        try drop(keeping: [])
    }

    /// Gives up every capability but those of `kept` that are held; for as long as more sockets are to be opened.
    public static func drop(keeping kept: Set<Capability>) throws(SystemError) {
        let doing = "give up capabilities"
        let mask = kept.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }
        // Refused without CAP_SETPCAP, and then the bounding set is of no use either: no_new_privs sees to that.
        for number in 0..<64 as Range<UInt32> where mask >> UInt64(number) & 1 == 0 {
            if linux_drop_bounding_capability(number) != 0 { break }
        }
        // Kernels before 4.3 have no ambient set to clear.
        _ = linux_clear_ambient_capabilities()
        try systemCall("prctl", to: doing) { linux_set_no_new_privileges() }
        var sets = linux_capabilities()
        try systemCall("capget", to: doing) { unsafe linux_capget(&sets) }
        sets = linux_capabilities(effective: sets.effective & mask, permitted: sets.permitted & mask, inheritable: 0)
        try systemCall("capset", to: doing) { unsafe linux_capset(&sets) }
    }

    /// What to try when the kernel refuses for want of a right; nil for other errors.
    static func advice(errno: Int32) -> String? {
        guard errno == EPERM || errno == EACCES else { return nil }
        let program = executablePath ?? "handprobe"
        return "it needs CAP_NET_RAW: run `sudo setcap cap_net_raw=ep \(program)` once, or run it with sudo"
    }

    /// The path of the running program; nil when /proc does not tell.
    static var executablePath: String? {
        var octets = [UInt8](repeating: 0, count: 4096)
        let count = unsafe octets.withUnsafeMutableBytes {
            unsafe readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
        }
        return count > 0 ? String(decoding: octets.prefix(count), as: UTF8.self) : nil
    }
}
