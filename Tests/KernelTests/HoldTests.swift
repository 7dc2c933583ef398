import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `open --hold`: whether the peer still has a connection that was left alone, and how it died where it has not.
@Suite(.blocks, Needs.namespaces)
struct HoldTests {
    /// A probe that holds a connection which the server has accepted.
    private func hold(_ scene: Scene, _ duration: String, _ options: [String] = []) throws -> Subprocess {
        let probe = try scene.start("open", ["--hold", duration] + options)
        _ = try probe.waitForLine { $0.contains("the connection is left alone for ") }
        let states = try SocketTable.read(in: scene.peer).connections(port: scene.target.port).map(\.state)
        #expect(states.contains(.established))
        return probe
    }

    /// A run whose server ends the connection, in its way, after half a second of silence.
    private func holdUntilTheServerEnds(_ scene: Scene, _ server: TestServer) throws -> Subprocess.Result {
        let probe = try hold(scene, "30s")
        try server.waitUntil { $0.count == 1 }
        let accepted = Instant.now
        try waitUntil("half a second of silence") { Instant.now.since(accepted) >= .milliseconds(500) }
        server.closeNow()
        return try probe.wait()
    }

    @Test(arguments: Place.allCases)
    func aPeerThatKeepsTheConnectionSaysSo(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try hold(scene, "3s").wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("still-open: after 3."), "\(run.stdout)")
        // The keepalive: one octet before the next, and nothing in it (RFC 9293 §3.8.4).
        let start = try #require(scene.ourSyns.first).seq
        #expect(scene.ours.contains { $0.seq == start && $0.flags == .ack && $0.payload.isEmpty })
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aPeerThatClosesMeanwhileIsSaidTo(place: Place) throws {
        let scene = try Scene(place, .closesLate)
        let server = try #require(scene.server)
        let run = try holdUntilTheServerEnds(scene, server)
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[idle-closed, closing]"), "\(run.stdout)")
        #expect(scene.ours.allSatisfy { !$0.flags.contains(.rst) })
        #expect(try server.waitUntil { $0.first?.sawEOF == true }.map(\.sawReset) == [false])
    }

    /// Where nothing but the peer's FIN is waited for, it may take its time.
    @Test(arguments: Place.veth)
    func aPeerThatIsAskedToCloseFirstMayTakeItsTime(place: Place) throws {
        let scene = try Scene(place, .closesLate)
        let server = try #require(scene.server)
        let probe = try scene.start("open", ["--end", "peer", "--wait", "30s"])
        try server.waitUntil { $0.count == 1 }
        let accepted = Instant.now
        try waitUntil("half a second of silence") { Instant.now.since(accepted) >= .milliseconds(500) }
        server.closeNow()
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.contains("the peer closed first; closed in "), "\(run.stdout)")
        #expect(try server.waitUntil { $0.first?.sawEOF == true }.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aPeerThatIsAskedToCloseFirstAndDoesNotIsSaidTo(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("open", "--end", "peer", "--wait", "500ms")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[peer-did-not-close-first, post-ack]"), "\(run.stdout)")
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }

    /// Nothing is heard any more, and no goodbye leaves: no signal ended the run, so its exit code is none's.
    @Test func anInterfaceThatGoesDownIsSaidTo() throws {
        let scene = try Scene(.veth4, .resetsLate)
        let probe = try hold(scene, "30s")
        try scene.us.ip("link set veth0 down")
        let run = try probe.wait()
        #expect(run.exitCode == 5, "\(run.stdout)")
        #expect(run.stdout.contains("the capture stopped working: interface veth0 went down\n"), "\(run.stdout)")
        #expect(run.conclusion.hasPrefix("degraded: the capture stopped working: interface veth0 went down"))
        #expect(!run.stdout.contains("ended early"), "\(run.stdout)")
        // Nobody else tells the peer.
        try #require(scene.server).closeNow()
    }

    @Test(arguments: Place.veth)
    func aPeerThatResetsMeanwhileIsSaidTo(place: Place) throws {
        let scene = try Scene(place, .resetsLate)
        let run = try holdUntilTheServerEnds(scene, try #require(scene.server))
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[idle-reset, post-ack]"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aPeerThatHasForgottenInSilenceIsSaidTo(place: Place) throws {
        let scene = try Scene(place, .resetsLate)
        let server = try #require(scene.server)
        // The RST with which the peer forgets is lost on its way, and no other: one has 40 to 72 octets.
        try scene.peer.nft(
            "table inet t { chain o { type filter hook output priority 0; tcp flags rst quota until 79 bytes drop; }; }"
        )
        let probe = try hold(scene, "6s")
        try server.waitUntil { $0.count == 1 }
        server.closeNow()
        try server.waitUntil { $0.first?.closed == true }
        let run = try probe.wait()
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[idle-forgotten, post-ack]"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aConnectionLostOnTheWayIsSaidToBe(place: Place) throws {
        let scene = try Scene(place, .echo)
        // The peer hears nothing of it.
        scene.leaves("ESTAB")
        // From our first keepalive on nothing arrives: the first segment at the number of our SYN that is none.
        try scene.peer.nft(
            """
            table inet t {
                set lost { type inet_service; flags dynamic; }
                chain i {
                    type filter hook input priority 0;
                    tcp sequence 1000 tcp flags == ack add @lost { tcp sport };
                    tcp sport @lost drop;
                }
            }
            """)
        let probe = try hold(scene, "1s", ["--isn", "1000"])
        let run = try probe.wait()
        // That our RST was heard is not confirmed either.
        #expect(run.exitCode == 5, "\(run.stdout)")
        #expect(run.conclusion.contains("[idle-lost, post-ack]; degraded: "), "\(run.stdout)")
        let start = try #require(scene.ourSyns.first).seq
        #expect(scene.ours.filter { $0.seq == start && $0.flags == .ack }.count == 3)
    }
}
