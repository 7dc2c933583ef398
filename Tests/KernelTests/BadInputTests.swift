import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// What cannot be done is said in a sentence, with the right exit code, and nothing is sent.
@Suite(.blocks, Needs.namespaces)
struct BadInputTests {
    /// Arguments, and what is to be said about them.
    struct Row: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var words: [String]

        init(_ arguments: String..., says words: String...) {
            (self.arguments, self.words) = (arguments, words)
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    /// Runs the program where it can reach 10.77.0.2 and fd77::2, and expects it to say why it does not.
    private func expect(_ row: Row, code: Int32) throws {
        let testbed = try Testbed.veth()
        let tap = try PacketTap(testbed.ours)
        let run = try Program.run(row.arguments, in: testbed.us)
        try expect(run, row.words, code: code)
        #expect(tap.sent.isEmpty)
    }

    private func expect(_ run: Subprocess.Result, _ words: [String], code: Int32) throws {
        #expect(run.exitCode == code, "\(run.stderr)\(run.stdout)")
        #expect(run.stdout.isEmpty, "\(run.stdout)")
        for word in words { #expect(run.stderr.contains(word), "\(run.stderr)") }
        let first = try #require(run.stderr.split(separator: "\n").first, "nothing was said")
        #expect(first.count > 20 && !first.contains("Swift") && !first.contains("error:"), "\(run.stderr)")
    }

    static let mistakes = [
        Row("open", says: "target"),
        Row("open", "10.77.0.2", says: "no port", "10.77.0.2:port"),
        Row("open", "10.77.0.2:", says: "not a port"),
        Row("open", ":80", says: "no host"),
        Row("open", "10.77.0.2:0", says: "'0'", "1 to 65535"),
        Row("open", "10.77.0.2:70000", says: "'70000'", "1 to 65535"),
        Row("open", "10.77.0.2", "0", says: "'0'", "1 to 65535"),
        Row("open", "10.77.0.2:-1", says: "not a port"),
        Row("open", "10.77.0.2:http", says: "'http'", "not a port"),
        Row("open", "::1:80", says: "ambiguous", "[address]:port"),
        Row("open", "[fd77::2]", says: "no port", "[fd77::2]:port"),
        Row("open", "10.77.0.2", "80", "81", says: "one host and one port"),
        Row("open", "--mss", "65536", "10.77.0.2:80", says: "MSS", "65535"),
        Row("open", "--mss", "x", "10.77.0.2:80", says: "MSS", "'x'"),
        Row("open", "--wscale", "16", "10.77.0.2:80", says: "window scale", "15"),
        Row("open", "--options", "mss=70000", "10.77.0.2:80", says: "options"),
        Row("open", "--options", "bogus", "10.77.0.2:80", says: "options", "bogus"),
        Row("open", "--options", "sackok,,ts", "10.77.0.2:80", says: "options"),
        Row("open", "--options-hex", "0", "10.77.0.2:80", says: "options"),
        Row("open", "--options-hex", "zz", "10.77.0.2:80", says: "options"),
        Row("open", "--options-hex", "010203", "10.77.0.2:80", says: "steps of 4"),
        Row("open", "--options", "ts", "--mss", "9", "10.77.0.2:80", says: "leave --mss"),
        Row("open", "--flags", "quux", "10.77.0.2:80", says: "'quux'", "flags"),
        Row("open", "--flags", "ack", "10.77.0.2:80", says: "SYN", "handprobe send"),
        Row("open", "--isn", "4294967296", "10.77.0.2:80", says: "sequence number", "4294967295"),
        Row("open", "--ttl", "256", "10.77.0.2:80", says: "time to live", "255"),
        Row("open", "--ttl", "0", "10.77.0.2:80", says: "time to live", "1 to 255"),
        Row("open", "--timeout", "5 parsecs", "10.77.0.2:80", says: "not a duration", "250ms"),
        Row("open", "--timeout", "0", "10.77.0.2:80", says: "more than zero"),
        Row("open", "--timeout", "-1s", "10.77.0.2:80", says: "--timeout"),
        Row("open", "-c", "0", "10.77.0.2:80", says: "1 or more"),
        Row("open", "-c", "2", "-i", "1ms", "10.77.0.2:80", says: "10ms"),
        Row("open", "--source-port", "0", "10.77.0.2:80", says: "not a port"),
        Row("open", "--source", "here", "10.77.0.2:80", says: "'here'", "not an IP address"),
        Row("open", "--bogus", "10.77.0.2:80", says: "--bogus"),
        Row("open", "-4", "-6", "10.77.0.2:80", says: "-4 and -6"),
        Row("open", "-6", "--source", "10.77.0.1", "[fd77::2]:80", says: "10.77.0.1", "family"),
        Row("close", "--send", "a", "--http", "10.77.0.2:80", says: "use one of them"),
        Row("close", "--send-hex", "abc", "10.77.0.2:80", says: "--send-hex"),
        Row("close", "--send", #"\q"#, "10.77.0.2:80", says: "backslash"),
        Row("close", "--send", #"\xg0"#, "10.77.0.2:80", says: "two hex digits"),
        Row("close", "--wait", "soon", "10.77.0.2:80", says: "not a duration"),
        Row("send", "--data", "a", "--data-hex", "61", "10.77.0.2:80", says: "use one of them"),
        Row("bogus", says: "bogus"),
        Row("open", "224.0.0.1:80", says: "multicast"),
        Row("open", "[ff02::1%veth0]:80", says: "multicast"),
        Row("open", "255.255.255.255:80", says: "broadcast"),
        Row("open", "10.77.0.255:80", says: "broadcast"),
        Row("close", "10.77.0.255:80", says: "broadcast"),
        Row("send", "10.77.0.255:80", says: "broadcast"),
        Row("send", "224.0.0.251:80", says: "multicast"),
        Row("open", "0.0.0.0:80", says: "no host"),
        Row("open", "[::]:80", says: "no host"),
        Row("open", "[fe80::1]:80", says: "link-local", "%INTERFACE"),
        Row("open", "--source", "10.77.0.1", "[fd77::2]:80", says: "IPv4", "IPv6"),
        Row("open", "-4", "[fd77::2]:80", says: "fd77::2 is IPv6", "-4"),
        Row("open", "-6", "10.77.0.2:80", says: "10.77.0.2 is IPv4", "-6"),
        Row("send", "-6", "10.77.0.2:80", says: "10.77.0.2 is IPv4", "-6"),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsExplained(row: Row) throws {
        try expect(row, code: 3)
    }

    static let impossible = [
        Row("open", "-n", "example.invalid:80", says: "no address", "-n"),
        Row("open", "nowhere.invalid:80", says: "nowhere.invalid"),
        Row("close", "nowhere.invalid", "80", says: "nowhere.invalid"),
        Row("open", "--source", "10.77.0.9", "10.77.0.2:80", says: "10.77.0.9", "not an address of this host"),
        Row("send", "--source", "10.77.0.2", "10.77.0.2:80", says: "10.77.0.2", "not an address of this host"),
        Row("open", "-I", "nosuch0", "10.77.0.2:80", says: "no interface nosuch0"),
        Row("open", "[fe80::1%nosuch0]:80", says: "nosuch0"),
        Row("open", "203.0.113.1:80", says: "no route to 203.0.113.1"),
        Row("open", "[2001:db8::1]:80", says: "no route to 2001:db8::1"),
    ]

    @Test(arguments: impossible)
    func whatThisMachineCannotDoIsExplained(row: Row) throws {
        try expect(row, code: 4)
    }

    @Test(arguments: ["10.77.0.2:80", "[fd77::2]:80"])
    func anInterfaceThatIsDownIsNamed(target: String) throws {
        let testbed = try Testbed.veth()
        try testbed.us.ip("link set veth0 down")
        try expect(try Program.run(["open", "-I", "veth0", target], in: testbed.us), ["veth0 is down"], code: 4)
        try expect(try Program.run(["open", target], in: testbed.us), ["no route to"], code: 4)
    }

    @Test(arguments: bothFamilies)
    func aSourcePortInUseIsNotShared(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, .echo)
        let ours = try #require(scene.testbed).ours.address(family)
        let holder = try TestServer(.echo, on: SocketAddress(ours, port: 40123), in: scene.us)
        let run = try scene.run("open", "--source-port", "40123")
        try expect(run, ["port 40123", "--source-port"], code: 4)
        #expect(scene.ours.isEmpty)
        // A port that a connection of another program has is not ours either.
        holder.stop()
        let client = try TestClient(to: scene.target, from: SocketAddress(ours, port: 40124), in: scene.us)
        let other = try scene.run("send", "--flags", "rst", "--source-port", "40124")
        try expect(other, ["port 40124"], code: 4)
        #expect(scene.ours.allSatisfy { !$0.flags.contains(.rst) })
        try client.send([1])
        #expect(try client.receive(1) == [1])
    }

    @Test(
        Needs.anotherUser,
        arguments: [["--help"], ["--version"], ["open", "--help"], ["close", "-h"], ["send", "--help"]])
    func helpNeedsNoPrivilege(arguments: [String]) throws {
        let run = try Unprivileged().run(arguments, in: try NetworkNamespace())
        #expect(run.exitCode == 0, "\(run.stderr)")
        #expect(!run.stdout.isEmpty)
        #expect(run.stderr.isEmpty, "\(run.stderr)")
    }

    @Test(Needs.anotherUser, arguments: [["open"], ["close"], ["send"], ["demo"]])
    func withoutTheRightItIsSaidWhichOne(command: [String]) throws {
        let target = command == ["demo"] ? [] : ["127.0.0.1:80"]
        let run = try Unprivileged().run(command + target, in: try NetworkNamespace())
        try expect(run, ["CAP_NET_RAW", "setcap cap_net_raw", "sudo"], code: 4)
    }

    @Test(Needs.anotherUser)
    func aDryRunNeedsNoPrivilege() throws {
        let scene = try Scene(.veth4, .echo)
        let run = try Unprivileged().run(["send", "--dry-run", scene.target.description], in: scene.us)
        #expect(run.exitCode == 0, "\(run.stderr)")
        #expect(run.stdout.contains("checksum"))
        #expect(scene.ours.isEmpty)
    }

    @Test(Needs.anotherUser, arguments: Place.allCases)
    func oneCapabilityIsEnough(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try Unprivileged(keeping: "net_raw").run(["close", scene.target.description], in: scene.us)
        #expect(run.exitCode == 0, "\(run.stderr)\(run.stdout)")
        #expect(!run.stdout.contains("guard: filter"))
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }

    @Test(Needs.anotherUser)
    func aLowPortNeedsTheCallersOwnRight() throws {
        let scene = try Scene(.veth4, .echo)
        let target = scene.target.description
        let arguments = ["open", "--source-port", "80", target]
        let run = try Unprivileged(keeping: "net_raw").run(arguments, in: scene.us)
        try expect(run, ["port", "1024", "CAP_NET_BIND_SERVICE"], code: 4)
        #expect(scene.ours.isEmpty)
    }
}

/// The program run by nobody in particular, with no capability or just one.
struct Unprivileged {
    private let folder: TemporaryFolder
    private let capability: String?

    init(keeping capability: String? = nil) throws {
        folder = try TemporaryFolder()
        self.capability = capability
        // Where the build is may be closed to others.
        try Subprocess.check("cp", [Program.path, folder.path])
        try Subprocess.check("chmod", ["755", folder.path, "\(folder.path)/handprobe"])
    }

    func run(_ arguments: [String], in namespace: NetworkNamespace) throws -> Subprocess.Result {
        try start(arguments, in: namespace).wait()
    }

    func start(_ arguments: [String], in namespace: NetworkNamespace) throws -> Subprocess {
        let kept = capability.map { ",+\($0)" } ?? ""
        var options = ["--inh-caps=-all\(kept)", "--ambient-caps=-all\(kept)", "--bounding-set=-all\(kept)"]
        options = ["--reuid", "65534", "--clear-groups"] + options + ["\(folder.path)/handprobe"]
        return try Subprocess("setpriv", options + arguments, in: namespace, environment: Program.environment)
    }
}
