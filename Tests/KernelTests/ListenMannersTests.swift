import FoundationEssentials
import Glibc
import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Whom `handprobe listen` answers, and how it ends.
@Suite(.blocks, Needs.namespaces)
struct ListenMannersTests {
    // MARK: Who may come

    @Test(arguments: Place.veth)
    func whoIsNotAwaitedGetsNothing(place: Place) throws {
        let scene = try ListenScene(place)
        let from = place.family == .v4 ? "10.77.0.99" : "fd77::99"
        let program = try scene.listen(["--from", from, "--wait", "4s", scene.address.description])
        #expect(throws: TestKitError.self) { _ = try scene.connect() }
        let run = try program.wait()
        #expect(run.exitCode == 2, "\(run.stdout)\(run.stderr)")
        #expect(run.stdout.isEmpty)
        #expect(scene.ours.isEmpty)
        let client = place.family == .v4 ? "10.77.0.2" : "[fd77::2]"
        #expect(run.stderr.contains("a SYN from \(client):"), "\(run.stderr)")
        #expect(run.stderr.contains("gets no answer: it is not from \(from)/"), "\(run.stderr)")
        #expect(run.stderr.contains("SYNs got no answer"), "\(run.stderr)")
        #expect(run.stderr.contains("no client came within 4.000 s"), "\(run.stderr)")
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("jq"), arguments: Place.veth)
    func whatGetsNothingIsAnObject(place: Place) throws {
        let scene = try ListenScene(place)
        let from = place.family == .v4 ? "10.77.0.99" : "fd77::99"
        let program = try scene.listen(["--json", "--from", from, "--wait", "4s", scene.address.description])
        #expect(throws: TestKitError.self) { _ = try scene.connect() }
        let run = try program.wait()
        #expect(run.exitCode == 2, "\(run.stdout)\(run.stderr)")
        if SchemaValidator.isInstalled { #expect(try SchemaValidator.validate(run.lines).problems.isEmpty) }
        let filter =
            #"select(.type == "unanswered") | [.from.address, .from.port, .to.port, .interface, .reason, .count]"#
        let said = try Subprocess.check("jq", ["-c", filter], stdin: run.stdout).lines
        // The client's SYN and its repetitions, as the wire has them.
        let client = place.family == .v4 ? "10.77.0.2" : "fd77::2"
        let expected = scene.theirs.enumerated().map { index, syn in
            #"["\#(client)",\#(syn.source.port),8080,"veth0","outside",\#(index + 1)]"#
        }
        #expect(said == expected && said.count >= 2, "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("jq"), Needs.scapy) func aFloodFillsNoDisk() throws {
        let scene = try ListenScene(.veth4)
        let program = try scene.listen(
            ["--json", "--from", "10.77.0.99", "--wait", "6s", scene.address.description])
        let script = """
            import logging; logging.getLogger("scapy").setLevel(logging.ERROR)
            from scapy.all import IP, TCP, send
            send([IP(src="10.77.0.2", dst="10.77.0.1")/TCP(sport=2000 + n, dport=8080) for n in range(100)], verbose=0)
            """
        try Subprocess.check("/usr/bin/python3", ["-c", script], in: scene.client)
        let run = try program.wait()
        let filter = #"select(.type == "unanswered") | .count"#
        let counts = try Subprocess.check("jq", [filter], stdin: run.stdout).lines
        #expect(counts == ((1...64).map { "\($0)" } + ["100"]), "\(run.stdout)")
        #expect(scene.ours.isEmpty)
    }

    /// A client of this host comes by way of `lo`, whatever interface the address is on.
    @Test(arguments: Place.veth)
    func aClientOfThisHostIsServed(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen()
        let client = try TestClient(to: scene.address, in: scene.us)
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.lines[0].contains(" on lo "), "\(run.lines[0])")
        #expect(scene.ours.isEmpty)
        #expect(!run.stdout.contains("guard-breached"))
    }

    @Test func aLinkLocalAddressHasItsInterface() throws {
        let scene = try ListenScene(.veth6)
        let ours = try #require(scene.testbed).ours
        let theirs = try #require(scene.testbed).theirs
        let program = try scene.listen(["--from", "fe80::/10", "[\(ours.linkLocal)%veth0]:8080"])
        let address = SocketAddress(.v6(ours.linkLocal), port: 8080, scope: theirs.index)
        let client = try TestClient(to: address, in: scene.client)
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(scene.theirs.first?.source.address == .v6(theirs.linkLocal))
        try scene.expectGoodManners(run)
    }

    /// One place: who comes while it is taken gets nothing, and tries again.
    @Test func aSecondClientWaitsForItsTurn() throws {
        let scene = try ListenScene(.veth4)
        try scene.client.sysctl("net.ipv4.tcp_syn_retries", "6")
        let program = try scene.listen("-c", "2", "--close", "second")
        let first = try scene.connect()
        let second = try scene.connect()
        first.endSending()
        second.endSending()
        #expect(try first.receiveAll().ending == .eof)
        #expect(try second.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.conclusion == "2 clients served, 2 as expected", "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    // MARK: The kernel

    /// Without CAP_NET_ADMIN there is no filter: key and least hop limit keep the kernel out.
    @Test(Needs.anotherUser, arguments: Place.allCases)
    func oneCapabilityIsEnough(place: Place) throws {
        let scene = try ListenScene(place)
        let from = scene.testbed == nil ? [] : ["--from", place.family == .v4 ? "10.77.0.0/24" : "fd77::/64"]
        let folder = try Unprivileged(keeping: "net_raw")
        let program = try folder.start(["listen"] + from + [scene.address.description], in: scene.us)
        _ = try program.waitForLine(.stderr) { $0.contains("waiting for a client") }
        let client = try scene.connect()
        try client.send([1, 2, 3])
        #expect(try scene.acceptQueue() == 0)
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.lines[0].hasSuffix("guard: md5 + min-hop-limit"), "\(run.lines[0])")
        try scene.expectGoodManners(run)
    }

    @Test(Needs.anotherUser)
    func aLowPortNeedsTheCallersOwnRight() throws {
        let scene = try ListenScene(.loopback4)
        let run = try Unprivileged(keeping: "net_raw").run(["listen", "80"], in: scene.us)
        #expect(run.exitCode == 4)
        #expect(run.stderr.contains("CAP_NET_BIND_SERVICE"), "\(run.stderr)")
    }

    @Test(arguments: bothFamilies)
    func anAddressInUseIsNotShared(family: IPAddress.Family) throws {
        let scene = try ListenScene(family == .v4 ? .loopback4 : .loopback6)
        let server = try TestServer(.echo, on: scene.address, in: scene.us)
        let run = try Program.run(["listen", scene.address.description], in: scene.us)
        #expect(run.exitCode == 4)
        #expect(run.stderr.contains("another socket of this host has port 8080"), "\(run.stderr)")
        #expect(!run.stderr.contains("--source-port"))
        server.stop()
    }

    // MARK: Ends

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalEndsTheWaiting(signal: Int32) throws {
        let scene = try ListenScene(.veth4)
        let program = try scene.listen()
        program.signal(signal)
        let run = try program.wait()
        #expect(run.exitCode == 128 + signal, "\(run.stderr)")
        #expect(run.stdout.isEmpty)
        #expect(scene.ours.isEmpty)
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aSignalSaysGoodbyeToEveryClient(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("-c", "3", "--close", "second")
        let clients = [try scene.connect(), try scene.connect()]
        try waitUntil("both are open") { try scene.clientStates() == [.established, .established] }
        program.signal(SIGINT)
        for client in clients { #expect(try client.receiveAll().ending == .error(ECONNRESET)) }
        let run = try program.wait()
        #expect(run.exitCode == 130, "\(run.stdout)\(run.stderr)")
        #expect(
            run.lines.filter { $0.contains("[interrupted, ") && $0.contains("confirmed") }.count == 2, "\(run.stdout)")
        try scene.expectGoodManners(run, resets: 2)
    }

    @Test func aClosedOutputSaysGoodbye() throws {
        let scene = try ListenScene(.veth4)
        let program = try scene.listen()
        let client = try scene.connect()
        program.closeOutput()
        #expect(try client.receiveAll().ending == .error(ECONNRESET))
        #expect(try program.wait().exitCode == 128 + SIGPIPE)
        try waitUntil("the client has forgotten") { try scene.clientStates().isEmpty }
    }

    @Test func anInterfaceThatGoesDownEndsTheWaiting() throws {
        let scene = try ListenScene(.veth4)
        let program = try scene.listen()
        try scene.us.ip("link set veth0 down")
        let run = try program.wait()
        #expect(run.exitCode == 4, "\(run.stderr)")
        #expect(run.stderr.contains("cannot hear clients any longer: interface veth0 went down"), "\(run.stderr)")
    }

    @Test func nothingRemainsAfterAKill() throws {
        let scene = try ListenScene(.veth4)
        let program = try scene.listen()
        let client = try scene.connect()
        scene.outlivesTheProgram()
        program.signal(SIGKILL)
        #expect(try program.wait().status == .signaled(SIGKILL))
        #expect(try SocketTable.read(in: scene.us).rows(port: ListenScene.port).isEmpty)
        #expect(try TestServer(.echo, on: scene.address, in: scene.us).address == scene.address)
        withExtendedLifetime(client) {}
    }

    @Test(arguments: [["syn-ack"], ["split"], ["simultaneous"], ["wrong-ack"], ["rst"]])
    func theFileReadBackGivesTheSame(answer: [String]) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/run.pcapng"
        let scene = try ListenScene(.veth4)
        let program = try scene.listen("--answer", answer[0], "--write", path)
        if let client = try? scene.connect() {
            client.endSending()
            #expect(try client.receiveAll().ending == .eof)
        }
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let (conversations, problem) = TranscriptFile.read([UInt8](try Data(contentsOf: URL(filePath: path))))
        #expect(problem == nil)
        #expect(conversations.map(\.expectation) == [.serve])
        #expect(conversations.map(\.verdict.headline) == [run.conclusion])
    }

    // MARK: Mistakes

    static let mistakes: [(arguments: [String], words: [String], code: Int32)] = [
        (["listen"], ["where"], 3),
        (["listen", "0"], ["'0'", "1 to 65535"], 3),
        (["listen", "70000"], ["'70000'", "1 to 65535"], 3),
        (["listen", ":80"], ["no host"], 3),
        (["listen", "127.0.0.1"], ["no port"], 3),
        (["listen", "10.77.0.1:8080"], ["10.77.0.1", "--from"], 3),
        (["listen", "[fd77::1]:8080"], ["fd77::1", "--from", "/64"], 3),
        (["listen", "--from", "10.77.0.0/33", "10.77.0.1:8080"], ["10.77.0.0/33", "192.0.2.0/24"], 3),
        (["listen", "--from", "fd77::/64", "10.77.0.1:8080"], ["different families"], 3),
        (["listen", "[::ffff:127.0.0.1]:8080"], ["IPv4 address in IPv6 notation"], 3),
        (["listen", "0.0.0.0:8080"], ["0.0.0.0", "no host"], 3),
        (["listen", "[::]:8080"], ["no host"], 3),
        (["listen", "224.0.0.1:8080"], ["multicast"], 3),
        (["listen", "10.77.0.255:8080"], ["broadcast"], 3),
        (["listen", "255.255.255.255:8080"], ["broadcast"], 3),
        (["listen", "[fe80::1]:8080"], ["link-local", "%INTERFACE"], 3),
        (["listen", "--answer", "maybe", "8080"], ["maybe"], 3),
        (["listen", "--close", "third", "8080"], ["third"], 3),
        (["listen", "--speak", "first", "8080"], ["--send"], 3),
        (["listen", "--send", "a", "--send-hex", "61", "8080"], ["use one of them"], 3),
        (["listen", "-c", "0", "8080"], ["1 or more"], 3),
        (["listen", "--wait", "0", "8080"], ["more than zero"], 3),
        (["listen", "--delay", "1s", "8080"], ["--answer late"], 3),
        (["listen", "--answer", "rst", "--send", "a", "8080"], ["no connection comes about"], 3),
        (["listen", "--answer", "drop", "--close", "first", "8080"], ["no connection comes about"], 3),
        (["listen", "--withhold-last-ack", "8080"], ["--close first or simultaneous"], 3),
        (["listen", "-4", "-6", "8080"], ["-4 and -6"], 3),
        (["listen", "--from", "10.0.0.0/8", "10.77.0.2:8080"], ["10.77.0.2", "not an address of this host"], 4),
        (["listen", "-6", "127.0.0.1:8080"], ["127.0.0.1 is IPv4", "-6 asks for IPv6"], 3),
        (["listen", "--md5", "", "8080"], ["1 to 80 octets"], 3),
        (["listen", "--md5", "a", "--options", "mss=1,ts,sackok,ws=1,kind-9=010203040506", "8080"], ["MD5 option"], 3),
        (["listen", "nowhere.invalid:8080"], ["nowhere.invalid"], 4),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsExplained(arguments: [String], words: [String], code: Int32) throws {
        let testbed = try Testbed.veth()
        let run = try Program.run(arguments, in: testbed.us)
        #expect(run.exitCode == code, "\(run.stderr)\(run.stdout)")
        #expect(run.stdout.isEmpty, "\(run.stdout)")
        for word in words { #expect(run.stderr.contains(word), "\(run.stderr)") }
        #expect(!run.stderr.contains("waiting for a client"))
    }
}
