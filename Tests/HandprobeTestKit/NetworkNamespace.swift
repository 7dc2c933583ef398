import CTestKit
import Glibc

/// A network namespace that lives only in a descriptor of this process: nothing is left of it after the process.
public final class NetworkNamespace: Sendable {
    let descriptor: Descriptor

    /// Makes a new namespace with its loopback interface up.
    public init() throws {
        descriptor = try Worker.run {
            try TestKitError.check(ctk_unshare_network(), "unshare", "making a network namespace")
            return try Descriptor(
                unsafe open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC),
                from: "open",
                "keeping a network namespace"
            )
        }
        // No duplicate address detection: addresses, the link-local ones too, are usable as soon as they are there.
        for name in ["all", "default"] {
            try sysctl("net.ipv6.conf.\(name).accept_dad", "0")
            try sysctl("net.ipv6.conf.\(name).router_solicitations", "0")
        }
        try ip("link set lo up")
    }

    /// Runs `body` on a thread inside the namespace and hands on what it returned or threw.
    public func run<Result>(_ body: () throws -> Result) throws -> Result {
        try Worker.run {
            try TestKitError.check(ctk_enter_network(descriptor.number), "setns", "entering a network namespace")
            return try body()
        }
    }

    /// Runs `body` inside `namespace`, or where the caller is when there is none.
    static func run<Result>(in namespace: NetworkNamespace?, _ body: () throws -> Result) throws -> Result {
        try namespace?.run(body) ?? body()
    }

    /// A path by which other programs can open the namespace, as long as this object lives.
    public var path: String { "/proc/\(getpid())/fd/\(descriptor.number)" }

    /// Writes a kernel setting of the namespace: `net.ipv4.ip_forward`.
    public func sysctl(_ key: String, _ value: String) throws {
        try run {
            let path = "/proc/sys/" + key.split(separator: ".").joined(separator: "/")
            let file = try Descriptor(unsafe open(path, O_WRONLY | O_CLOEXEC), from: "open", "setting \(key)")
            _ = try file.write(ArraySlice("\(value)\n".utf8))
        }
    }

    /// The octets of a file of /proc as the namespace sees it.
    public func contents(of path: String) throws -> String {
        try run { try readFile(path) }
    }

    /// Gives lines of commands to `ip -batch`.
    public func ip(_ commands: String...) throws {
        try Subprocess.check("ip", ["-batch", "-"], stdin: commands.joined(separator: "\n") + "\n", in: self)
    }

    /// Loads a ruleset of nftables.
    public func nft(_ ruleset: String) throws {
        try Subprocess.check("nft", ["-f", "-"], stdin: ruleset + "\n", in: self)
    }

    /// Switches off everything that makes frames on the link differ from frames on a wire.
    func switchOffOffloads(of interface: String) throws {
        let features = ["tx", "rx", "sg", "tso", "gso", "gro"].flatMap { [$0, "off"] }
        try Subprocess.check("ethtool", ["-K", interface] + features, in: self)
    }
}

/// The whole of a file that may not know its length; `/proc/net` is the calling thread's.
func readFile(_ path: String) throws -> String {
    // /proc/net leads to the namespace of the process's first thread, whichever thread opens it.
    let shared = "/proc/net/"
    let path = path.hasPrefix(shared) ? "/proc/thread-self/net/" + path.dropFirst(shared.count) : path
    let file = try Descriptor(unsafe open(path, O_RDONLY | O_CLOEXEC), from: "open", "reading \(path)")
    var octets: [UInt8] = []
    while let part = try file.read(upTo: 1 << 16), !part.isEmpty { octets += part }
    return String(decoding: octets, as: UTF8.self)
}
