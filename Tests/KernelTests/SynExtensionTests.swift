import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// What a SYN asks for beside a connection, and what a Linux listener answers.
@Suite(.blocks, Needs.namespaces)
struct SynExtensionTests {
    /// The options in RFC 9293's own octets, `T` standing for the four of a clock that is not compared.
    private static let layouts: [(name: String, options: String, window: UInt16, hopLimit: UInt8)] = [
        ("linux", "020405b4 0402 080aTTTTTTTT00000000 01 030307", 64240, 64),
        ("windows", "020405b4 01 030308 01 01 0402", 64240, 128),
        ("macos", "020405b4 01 030306 01 01 080aTTTTTTTT00000000 0402 0000", 65535, 64),
        ("freebsd", "020405b4 01 030306 0402 080aTTTTTTTT00000000", 65535, 64),
        ("bare", "", 65535, 64),
    ]

    /// Over IPv6 the MSS is 20 octets less, and with it a window of so many whole segments: 45 of 1440 octets.
    @Test(arguments: layouts.map(\.name), Place.veth)
    func aPresetLooksAsDocumented(name: String, place: Place) throws {
        var layout = try #require(Self.layouts.first { $0.name == name })
        if place.family == .v6 {
            layout.options.replace("020405b4", with: "020405a0")
            if layout.window == 64240 { layout.window = 64800 }
        }
        let scene = try Scene(place, .echo)
        let run = try scene.run("open", "--as", name)
        #expect(run.exitCode == 0, "\(run.stdout)")
        let syn = try #require(scene.ourSyns.first)
        let wanted = Array(layout.options.filter { $0 != " " })
        let sent = Array(syn.options.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        try #require(sent.count == wanted.count, "\(String(sent))")
        #expect(zip(sent, wanted).allSatisfy { $1 == "T" || $0 == $1 }, "\(String(sent))")
        #expect(syn.window == layout.window && syn.hopLimit == layout.hopLimit)
        try scene.expectGoodManners(run)
    }

    /// The one layout whose stack is at hand: with the usual settings, its own SYN.
    @Test(arguments: Place.veth) func theLinuxPresetIsThisKernelsOwn(place: Place) throws {
        let scene = try Scene(place, .echo)
        // Ours has others, so that nothing is copied from it.
        try scene.us.sysctl("net.ipv4.tcp_rmem", "4096 131072 33554432")
        try scene.us.sysctl("net.ipv4.ip_default_ttl", "77")
        let run = try scene.run("open", "--as", "linux")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let port = try #require(scene.ourSyns.first).source.port
        try scene.us.sysctl("net.ipv4.tcp_rmem", "4096 131072 6291456")
        try scene.us.sysctl("net.ipv4.ip_default_ttl", "64")
        let client = try TestClient(to: scene.target, in: scene.us)
        client.endSending()
        let kernels = try #require(SynShape(scene.tap.frames, from: client.local.port))
        #expect(SynShape(scene.tap.frames, from: port) == kernels)
    }

    @Test(arguments: Place.veth, [("1", "ecn-agreed"), ("0", "ecn-declined")])
    func ecnIsAgreedOrDeclined(place: Place, answer: (String, String)) throws {
        let scene = try Scene(place, .echo)
        try scene.peer.sysctl("net.ipv4.tcp_ecn", answer.0)
        let run = try scene.run("open", "--ecn")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("\(answer.1): "), "\(run.stdout)")
        #expect(scene.theirs.first?.flags.contains(.ece) == (answer.0 == "1"))
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func whatTheKernelAnswersToAccurateECNIsReadRightly(place: Place) throws {
        let scene = try Scene(place, .echo)
        // Accurate ECN where the kernel has it (Linux 6.18), classic where not.
        try? scene.peer.sysctl("net.ipv4.tcp_ecn", "3")
        let run = try scene.run("open", "--accecn")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(scene.ourSyns.first?.flags == [.syn, .ae, .cwr, .ece])
        let answer = try #require(scene.theirs.first).flags.intersection([.ae, .cwr, .ece])
        // RFC 9768 §3.1.1, table 2: CWR alone for a SYN that arrived as Not-ECT, ECE alone for classic ECN.
        let said =
            answer == .cwr
            ? "accecn-agreed: the SYN-ACK agrees to accurate ECN; our SYN arrived marked as not "
            : answer == .ece ? "ecn-agreed: " : "ecn-declined: "
        #expect(run.stdout.contains(said), "\(answer) \(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aFastOpenCookieLetsDataRideOnTheSyn(place: Place) throws {
        let testbed = try Testbed.veth()
        // The server half, for every listener that comes (0x2 and 0x400).
        try testbed.peer.sysctl("net.ipv4.tcp_fastopen", "1026")
        let scene = try Scene(testbed, place.family, .echo)
        let first = try scene.run("open", "--tfo")
        #expect(first.exitCode == 0, "\(first.stdout)")
        let line = try #require(first.lines.first { $0.contains("tfo-cookie: ") }, "\(first.stdout)")
        let cookie = try #require(line.split(separator: "cookie: ").last).prefix { $0.isHexDigit }
        let synAck = try #require(scene.theirs.first)
        let octets = try [UInt8](hex: String(cookie))
        #expect(synAck.options.contains([34, UInt8(octets.count + 2)] + octets))
        let second = try scene.run("open", "--tfo-cookie", String(cookie), "--data-on", "syn", "--send", "hello")
        #expect(second.exitCode == 0, "\(second.stdout)")
        #expect(second.stdout.contains("syn-data-taken: the SYN-ACK confirms the 5 octets on our SYN"))
        #expect(scene.ourSyns.last?.payload == Array("hello".utf8))
        #expect(scene.ours.filter { !$0.payload.isEmpty }.count == 1)
        let seen = try #require(scene.server).waitUntil { $0.count == 2 && $0[1].closed }
        #expect(seen[1].received == Array("hello".utf8) && seen[1].sawEOF && !seen[1].sawReset)
        try scene.expectGoodManners(second)
    }

    /// What is confirmed with the handshake proves nothing of it: so it is asked, where no FIN of ours will tell.
    @Test(arguments: Place.veth)
    func aConnectionWhoseSynCarriedAllIsProvedOpen(place: Place) throws {
        let testbed = try Testbed.veth()
        // Without cookies (0x200).
        try testbed.peer.sysctl("net.ipv4.tcp_fastopen", "1538")
        let scene = try Scene(testbed, place.family, .neverCloses)
        let run = try scene.run(
            "open", "--tfo-cookie", "01020304", "--data-on", "syn", "--send", "hello", "--end", "rst")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("syn-data-taken: "), "\(run.stdout)")
        #expect(run.conclusion.contains("proved open by the peer's challenge ACK"), "\(run.stdout)")
        #expect(
            try #require(scene.server).waitUntil { $0.first?.sawReset == true }.map(\.received) == [Array("hello".utf8)]
        )
        try scene.expectGoodManners(run, resets: 1)
    }

    @Test(arguments: Place.allCases)
    func dataOnASynWithoutCookieIsSentAgain(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("open", "--data-on", "syn", "--send", "hello")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("syn-data-ignored: "), "\(run.stdout)")
        #expect(scene.ourSyns.map(\.payload) == [Array("hello".utf8)])
        #expect(scene.theirs.first?.ack == scene.ourSyns.first.map { $0.seq + 1 })
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array("hello".utf8)])
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("python3"), arguments: Place.veth, [true, false])
    func multipathIsAnsweredWhereTheListenerSpeaksIt(place: Place, speaks: Bool) throws {
        let scene = try Scene(place, nil, port: 7443)
        let script = """
            import socket, sys
            s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, \(speaks ? 262 : 6))
            s.bind(("::", 7443)); s.listen(); print("ready", flush=True)
            c, _ = s.accept()
            while c.recv(100): pass
            c.close(); sys.stdin.read()
            """
        let server = try Subprocess("python3", ["-c", script], keepsInputOpen: true, in: scene.peer)
        _ = try server.waitForLine { $0 == "ready" }
        let run = try scene.run("open", "--mptcp")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(scene.ourSyns.first?.options.contains([30, 4, 1, 1]) == true)
        #expect(scene.theirs.first?.options.contains([30, 12, 1]) == speaks)
        #expect(run.stdout.contains(speaks ? "mptcp-agreed: " : "mptcp-declined: "), "\(run.stdout)")
        try scene.expectGoodManners(run)
        server.closeInput()
        #expect(try server.wait().exitCode == 0)
    }

    @Test(arguments: [
        ["--as", "beos"], ["--as", "linux", "--no-sack"], ["--tfo", "--tfo-cookie", "01020304"],
        ["--tfo-cookie", "012"],
        ["--tfo-cookie", "0102"], ["--ecn", "--accecn"], ["--mptcp", "--options-hex", "01010101"],
        ["--data-on", "syn"],
        ["--options", "mss=1,ts,sackok,ws=1,kind-9=0102030405060708090a0b0c", "--tfo-cookie", "0102030405060708"],
    ])
    func contradictionsAreUsageErrors(options: [String]) throws {
        let run = try Program.run(["open"] + options + ["127.0.0.1:9"], in: nil)
        #expect(run.exitCode == 3 && run.stdout.isEmpty, "\(run.stderr)")
    }
}
