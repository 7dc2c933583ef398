import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `close --measure` and `open --find-idle-timeout`: how long a peer, or somebody on the way, remembers.
@Suite(.blocks, Needs.namespaces)
struct LifetimeTests {
    private func states(_ scene: Scene) throws -> [ConnectionState] {
        try SocketTable.read(in: scene.peer).connections(port: scene.target.port).map(\.state)
    }

    /// A length of time in words, `1 min 0.821 s`, in seconds.
    private func seconds(_ text: Substring) -> Double? {
        let units = ["ms": 0.001, "s": 1, "min": 60, "h": 3600]
        let words = text.split(separator: " ")
        var sum = 0.0
        for place in stride(from: 0, to: words.count - 1, by: 2) {
            guard let value = Double(words[place]), let unit = units[String(words[place + 1])] else { return nil }
            sum += value * unit
        }
        return sum
    }

    /// The interval in the last line, in seconds.
    private func interval(_ run: Subprocess.Result) -> (more: Double, less: Double)? {
        let text = run.conclusion
        guard let more = text.firstRange(of: "more than "), let less = text.firstRange(of: " and less than "),
            let end = text.firstRange(of: " ("), let from = seconds(text[more.upperBound..<less.lowerBound]),
            let to = seconds(text[less.upperBound..<end.lowerBound])
        else { return nil }
        return (from, to)
    }

    /// An idle connection is found to last two seconds, and these are among the findings.
    private func expectTwoSeconds(_ scene: Scene, _ codes: String...) throws {
        let run = try scene.run("open", "--find-idle-timeout", "5s", limit: .seconds(90))
        #expect(run.exitCode == 0, "\(run.stdout)")
        let found = try #require(interval(run), "\(run.stdout)")
        #expect(found.more > 1.2 && found.more < 2.2 && found.less > 1.8 && found.less < 2.6, "\(run.conclusion)")
        for code in codes { #expect(run.stdout.contains("[\(code)]"), "\(run.stdout)") }
    }

    /// Sends its FIN at once and closes both directions: its kernel alone waits for ours.
    private static let leaves = {
        var behavior = TestServer.Behavior.closesAtOnce
        behavior.hangsUp = true
        return behavior
    }()

    @Test(arguments: Place.veth)
    func finWait2LastsAsLongAsThePeerIsTold(place: Place) throws {
        let scene = try Scene(place, Self.leaves)
        try scene.peer.sysctl("net.ipv4.tcp_fin_timeout", "3")
        let probe = try scene.start("close", ["--measure", "fin-wait-2", "--wait", "8s"])
        try waitUntil("the peer waits for FINs") { try states(scene).filter { $0 == .finWait2 }.count >= 5 }
        let run = try probe.wait(limit: .seconds(60))
        #expect(run.exitCode == 0, "\(run.stdout)")
        // Timers of three seconds go off up to a quarter of a second late (a wheel's slot at HZ=250).
        let found = try #require(interval(run), "\(run.stdout)")
        #expect(found.more > 2.5 && found.more < 3.5 && found.less > 3 && found.less < 4, "\(run.conclusion)")
        #expect(run.stdout.contains("[fin-wait-kept]") && run.stdout.contains("[fin-wait-over]"), "\(run.stdout)")
        // Each connection was asked once, by its own FIN.
        let fins = scene.ours.filter { $0.flags.contains(.fin) }
        #expect(Set(fins.map(\.source.port)).count == fins.count)
        #expect(scene.ourSyns.count <= 16)
    }

    @Test(arguments: Place.veth)
    func aPeerWhoseApplicationReadsOnWaitsLonger(place: Place) throws {
        let scene = try Scene(place, .closesAtOnce)
        let run = try scene.run("close", "--measure", "fin-wait-2", "--wait", "2s")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.contains("the peer's FIN-WAIT-2 lasts longer than 2.0"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func timeWaitIsAskedForOnceAConnection(place: Place) throws {
        let scene = try Scene(place, .closesAtOnce)
        let run = try scene.run("close", "--measure", "time-wait", "--wait", "2s")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.contains("the peer's TIME-WAIT lasts longer than 2.0"), "\(run.stdout)")
        #expect(run.stdout.contains("[time-wait-kept]"), "\(run.stdout)")
        #expect(try states(scene).allSatisfy { $0 == .timeWait })
        let fins = scene.ours.filter { $0.flags.contains(.fin) }
        for port in Set(fins.map(\.source.port)) {
            #expect(fins.filter { $0.source.port == port }.count == 2)
        }
        try scene.expectGoodManners(run)
    }

    /// Linux keeps TIME-WAIT for 60 s, and a timer of that length goes off up to four seconds late.
    @Test(Needs.patience, arguments: Place.veth)
    func timeWaitLastsAMinute(place: Place) throws {
        let scene = try Scene(place, .closesAtOnce)
        let run = try scene.run("close", "--measure", "time-wait", "--wait", "2m", limit: .seconds(600))
        #expect(run.exitCode == 0, "\(run.stdout)")
        let found = try #require(interval(run), "\(run.stdout)")
        #expect(found.more > 57 && found.less > 60 && found.less < 66, "\(run.conclusion)")
    }

    @Test func whoDoesNotAnswerIsNotMeasured() throws {
        let scene = try Scene(.veth4, nil)
        let run = try scene.run("close", "--measure", "time-wait", "--wait", "2s")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(
            run.conclusion.hasPrefix("the peer's TIME-WAIT was not measured: the peer refused our SYN with RST "),
            "\(run.stdout)")
    }

    /// A peer that leaves the first FIN to us has neither state: it gets our FIN.
    @Test(arguments: Place.veth, ["time-wait", "fin-wait-2"])
    func aPeerThatDoesNotCloseFirstIsSaidTo(place: Place, state: String) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("close", "--measure", state, "--wait", "2s")
        #expect(run.exitCode == 1, "\(run.stdout)")
        let said =
            "the peer's \(state.uppercased()) was not measured: the peer sent no FIN within 10.000 s "
            + "[peer-did-not-close-first, post-ack]; only who closes first has one"
        #expect(run.conclusion.hasPrefix(said), "\(run.stdout)")
        // What was still waiting when the first had waited long enough was broken off.
        let seen = try #require(scene.server).waitUntil { $0.allSatisfy(\.closed) }
        #expect(seen.first?.sawEOF == true && seen.allSatisfy { $0.sawEOF != $0.sawReset })
        #expect(run.stderr.isEmpty, "\(run.stderr)")
    }

    @Test func brokenOffItLeavesNobodyHalfOpen() throws {
        let scene = try Scene(.veth4, .closesAtOnce)
        let probe = try scene.start("close", ["--measure", "fin-wait-2", "--wait", "60s"])
        try waitUntil("the peer waits for FINs") { try states(scene).filter { $0 == .finWait2 }.count >= 5 }
        probe.signal(SIGINT)
        let run = try probe.wait()
        #expect(run.exitCode == 130, "\(run.stdout)")
        #expect(run.conclusion.contains("is not known"), "\(run.stdout)")
        try waitUntil("the peer has forgotten") { try states(scene).allSatisfy { $0 == .timeWait } }
    }

    /// A device on the way that drops what belongs to no connection that it knows, our question for proof included; or that
    /// resets what would be a new connection without SYN.
    @Test(arguments: Place.veth, ["ct state invalid drop", "ct state new tcp flags != syn reject with tcp reset"])
    func aDeviceThatForgetsIsTimed(place: Place, rule: String) throws {
        let scene = try Scene(place, .echo)
        scene.leaves("ESTAB")
        try scene.peer.nft(
            "table inet t { chain i { type filter hook input priority 0; tcp dport \(scene.target.port) \(rule); }; }")
        try scene.peer.sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", "2")
        let drops = rule.hasSuffix("drop")
        if drops { try scene.peer.sysctl("net.netfilter.nf_conntrack_tcp_loose", "0") }
        try expectTwoSeconds(scene, "still-open", drops ? "idle-lost" : "idle-forgotten")
    }

    /// A router that translates addresses, and drops what belongs to no connection that it knows, or says so.
    @Test(arguments: Place.veth, [true, false])
    func aTranslationThatIsForgottenIsTimed(place: Place, drops: Bool) throws {
        let testbed = try Testbed.routed()
        let router = try #require(testbed.router)
        try router.nft(
            """
            table inet t {
                chain post { type nat hook postrouting priority 100; oifname "veth1" masquerade; }
                chain forward {
                    type filter hook forward priority 0;
                    ct state invalid drop;
                    ct state new tcp flags != syn reject with tcp reset;
                }
            }
            """)
        try router.sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", "2")
        // What is picked up in the middle is new; otherwise it is invalid.
        try router.sysctl("net.netfilter.nf_conntrack_tcp_loose", drops ? "0" : "1")
        let scene = try Scene(testbed, place.family, .echo)
        // Nobody can tell the peer.
        scene.leaves("ESTAB")
        try expectTwoSeconds(scene, "still-open", drops ? "idle-lost" : "idle-forgotten")
        // It is the router's address that the peer has seen.
        let seen = try SocketTable.read(in: scene.peer).connections(port: scene.target.port).map(\.remote.address)
        let outside = testbed.routerInterfaces[1].address(place.family)
        #expect(!seen.isEmpty && seen.allSatisfy { $0 == outside }, "\(seen)")
    }

    /// A load balancer with `timeout client 3s`. One that reads HTTP says something before it closes: 408.
    @Test(Needs.program("haproxy"), arguments: Place.veth, ["tcp", "http"])
    func aProxysTimeoutIsFoundExactly(place: Place, mode: String) throws {
        let folder = try TemporaryFolder()
        let scene = try Scene(place, nil, port: 8080)
        let server = try TestServer(.echo, on: SocketAddress(.v4(.loopback), port: 8081), in: scene.peer)
        let proxy = try RealServer.startHaproxy(
            at: scene.target, before: server.address, mode: mode, options: ["timeout client 3s"], in: scene.peer,
            folder)
        try waitUntil("the proxy listens") {
            try SocketTable.read(in: scene.peer).rows(port: scene.target.port).contains { $0.state == .listen }
        }
        let probe = try scene.start(
            "open", ["--find-idle-timeout", "8s"], streams: .terminal(columns: 100, rows: 30))
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        let found = try #require(run.stdout.firstRange(of: "an idle connection lasts ")).upperBound
        let length = try #require(seconds(run.stdout[found...].prefix { $0 != "(" }), "\(run.stdout)")
        #expect(length > 2.9 && length < 3.6, "\(run.stdout)")
        #expect(run.stdout.contains("[still-open]"), "\(run.stdout)")
        let words = mode == "http" ? "the peer sent " : "the peer closed the connection after "
        #expect(run.stdout.contains(words) && run.stdout.contains("[idle-closed]"), "\(run.stdout)")
        #expect(run.stdout.contains("round 1: ") && run.stdout.contains(" left to ask, the next in "))
        _ = try proxy.waitForLine { $0.contains(mode == "http" ? " 408 cR " : " cD ") }
    }

    @Test func aPeerThatEndsItItselfIsTimedAtOnce() throws {
        let scene = try Scene(.veth4, .closesLate)
        let server = try #require(scene.server)
        let probe = try scene.start("open", ["--find-idle-timeout", "8s"])
        _ = try probe.waitForLine { $0.contains("[still-open]") }
        server.closeNow()
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("[idle-closed]"), "\(run.stdout)")
        #expect(run.conclusion.hasPrefix("an idle connection lasts "), "\(run.stdout)")
        try waitUntil("the peer has forgotten") { try states(scene).allSatisfy { $0 == .timeWait } }
    }

    @Test func aPersonSeesHowFarItIs() throws {
        let scene = try Scene(.veth4, .closesAtOnce)
        let probe = try scene.start(
            "close", ["--measure", "fin-wait-2", "--wait", "1s"], streams: .terminal(columns: 100, rows: 30))
        _ = try probe.wait()
        #expect(probe.lines().contains { $0.contains("round 1: ") && $0.contains(" left to ask, the next in ") })
    }

    @Test(arguments: [
        ["close", "--measure", "forever"], ["close", "--measure", "time-wait", "--half-close", "--send", "x"],
        ["close", "--measure", "time-wait", "--step"], ["close", "--measure", "fin-wait-2", "--source-port", "4000"],
        ["open", "--find-idle-timeout", "10s", "--hold", "1s"], ["open", "--find-idle-timeout", "10s", "-c", "2"],
        ["open", "--find-idle-timeout", "10ms"],
    ])
    func contradictionsAreUsageErrors(words: [String]) throws {
        let run = try Program.run(words + ["127.0.0.1:9"], in: nil)
        #expect(run.exitCode == 3 && run.stdout.isEmpty, "\(run.stderr)")
    }
}
