import HandprobeTestKit
import HandprobeWire
import Testing

/// Hosts by name, as the machine's own resolver knows them.
@Suite(.blocks, Needs.namespaces, Needs.ownHosts)
struct NameTests {
    /// A server at each address of `peer.test`, and nothing but these in the hosts file.
    private struct Known {
        let testbed: Testbed
        let servers: [TestServer]
        private let folder: TemporaryFolder

        init() throws {
            testbed = try Testbed.veth()
            let first = try TestServer(.echo, in: testbed, .v4)
            servers = [first, try TestServer(.echo, in: testbed, .v6, port: first.address.port)]
            folder = try TemporaryFolder()
            try folder.write("hosts", "10.77.0.2 peer.test only4.test\nfd77::2 peer.test only6.test\n")
        }

        func run(_ options: String..., name: String) throws -> Subprocess.Result {
            let target = "\(name):\(servers[0].address.port)"
            return try Needs.run(
                ["open"] + options + [target], withHosts: "\(folder.path)/hosts", in: testbed.us)
        }
    }

    @Test func everyAddressOfANameIsTried() throws {
        let known = try Known()
        let run = try known.run("--all-addresses", name: "peer.test")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        for server in known.servers { try server.waitUntil { $0.map(\.closed) == [true] } }
    }

    @Test func oneAddressOfANameIsUsedAndSaid() throws {
        let known = try Known()
        let run = try known.run(name: "peer.test")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        try waitUntil("one server is done") { known.servers.contains { $0.connections.map(\.closed) == [true] } }
        let used = try #require(known.servers.first { $0.accepted == 1 })
        #expect(known.servers.map(\.accepted).reduce(0, +) == 1)
        #expect(run.stdout.contains("peer.test is \(used.address.address) (one of its 2 addresses)"), "\(run.stdout)")
    }

    @Test(arguments: [("-4", 0), ("-6", 1)])
    func aFamilyCanBeAskedFor(option: String, index: Int) throws {
        let known = try Known()
        let run = try known.run(option, name: "peer.test")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        try known.servers[index].waitUntil { $0.map(\.closed) == [true] }
        #expect(known.servers[1 - index].accepted == 0)
    }

    @Test(arguments: [("-4", "only6.test"), ("-6", "only4.test")])
    func aNameWithoutThatFamilyIsExplained(option: String, name: String) throws {
        let run = try Known().run(option, name: name)
        #expect(run.exitCode == 4, "\(run.stdout)")
        #expect(run.stdout.isEmpty)
        #expect(run.stderr.hasPrefix("handprobe: ") && run.stderr.contains(name), "\(run.stderr)")
    }

    @Test func anUnknownNameIsExplained() throws {
        let run = try Known().run(name: "absent.invalid")
        #expect(run.exitCode == 4, "\(run.stdout)")
        #expect(run.stdout.isEmpty)
        #expect(run.stderr.contains("absent.invalid"), "\(run.stderr)")
    }
}

extension Needs {
    /// A hosts file that one program alone sees.
    static let ownHosts = ConditionTrait.enabled(
        if: (try? run(["--version"], withHosts: "/etc/hosts", in: nil))?.exitCode == 0,
        "needs to mount a file in a namespace: run as root, or with sudo")

    /// Runs the program under test with a hosts file of its own.
    static func run(
        _ arguments: [String],
        withHosts hosts: String,
        in namespace: NetworkNamespace?
    ) throws -> Subprocess.Result {
        let script = "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\""
        let words = ["--mount", "sh", "-c", script, "sh", hosts, Program.path] + arguments
        return try Subprocess.run("unshare", words, in: namespace, environment: Program.environment)
    }
}
