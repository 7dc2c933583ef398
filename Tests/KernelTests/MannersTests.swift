import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Nothing is left behind, however a run ends.
@Suite(.blocks, Needs.namespaces)
struct MannersTests {
    /// Where a run is when it is ended early.
    enum Phase: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case waiting, halfClosed, lingering

        var testDescription: String { rawValue }
    }

    /// A probe brought to a phase.
    private func probe(in phase: Phase) throws -> (Scene, Subprocess) {
        switch phase {
        case .waiting:
            let scene = try Scene(.veth4, .echo)
            // The peer holds a request whose SYN-ACK never comes through.
            try scene.peer.filter(output: "tcp sport \(scene.target.port) tcp flags & (syn | ack) == syn | ack drop")
            let probe = try scene.start("open", ["--timeout", "60s", "--retries", "6"])
            try waitUntil("the peer holds a request") { try scene.leftAtPeer().map(\.state) == [.synReceived] }
            _ = try probe.waitForLine { $0.contains("us →") }
            return (scene, probe)
        case .halfClosed:
            let scene = try Scene(.veth6, .neverCloses)
            let probe = try scene.start("close", ["--wait", "60s"])
            _ = try probe.waitForLine { $0.contains("half-closed from here") }
            return (scene, probe)
        case .lingering:
            let scene = try Scene(.veth4, .echo)
            let probe = try scene.start("close")
            _ = try probe.waitForLine { $0.hasPrefix("orderly: ") }
            return (scene, probe)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP], Phase.allCases)
    func aSignalSaysGoodbye(signal: Int32, phase: Phase) throws {
        let (scene, probe) = try probe(in: phase)
        probe.signal(signal)
        let run = try probe.wait()
        #expect(run.exitCode == 128 + signal, "\(run.stdout)")
        #expect(phase == .lingering || run.conclusion.contains("interrupted"), "\(run.stdout)")
        #expect(run.lines.contains { $0.hasPrefix("ledger ") })
        try scene.expectGoodManners(run, resets: phase == .lingering ? 0 : 1)
    }

    @Test func theSecondInterruptLeavesAtOnce() throws {
        let (scene, probe) = try probe(in: .halfClosed)
        // It has our FIN, and none of our RSTs.
        scene.leaves("CLOSE-WAIT")
        try scene.peer.filter(input: "tcp dport \(scene.target.port) drop")
        probe.signal(SIGINT)
        try scene.tap.waitUntil { _ in scene.ours.contains { $0.flags.contains(.rst) } }
        probe.signal(SIGINT)
        let run = try probe.wait()
        #expect(run.exitCode == 130, "\(run.stdout)")
        // Left to itself it would have said goodbye three times to a peer that does not answer.
        #expect(scene.ours.filter { $0.flags.contains(.rst) }.count < 3)
    }

    @Test(arguments: [Phase.waiting, .halfClosed])
    func aReaderThatLeavesEndsTheRun(phase: Phase) throws {
        let (scene, probe) = try probe(in: phase)
        probe.closeOutput()
        let run = try probe.wait()
        #expect(run.exitCode == 128 + SIGPIPE, "\(run.stderr)")
        #expect(run.stderr.isEmpty, "\(run.stderr)")
        try waitUntil("the peer has forgotten") { try scene.leftAtPeer().isEmpty }
    }

    @Test func quitShowsTheFiguresSoFar() throws {
        let scene = try Scene(.veth4, .echo)
        let probe = try scene.start("open", ["-c", "3", "-i", "1500ms"])
        _ = try probe.waitForLine { $0.hasPrefix("seq=1") }
        probe.signal(SIGQUIT)
        _ = try probe.waitForLine { $0.hasPrefix("1 run, 1 answered, 0% loss") }
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("3 runs, 3 answered, 0% loss\n"), "\(run.stdout)")
        #expect(try #require(scene.server).waitUntil { $0.filter(\.closed).count == 3 }.count == 3)
        try scene.expectGoodManners(run)
    }

    @Test(arguments: bothFamilies)
    func anInterruptedSeriesHasFigures(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, .echo)
        let probe = try scene.start("open", ["-c", "1000", "-i", "200ms"])
        _ = try probe.waitForLine { $0.hasPrefix("seq=2") }
        probe.signal(SIGINT)
        let run = try probe.wait()
        #expect(run.exitCode == 130, "\(run.stdout)")
        #expect(run.stdout.contains(" loss\n"), "\(run.stdout)")
        try waitUntil("the peer has forgotten") { try scene.leftAtPeer().isEmpty }
    }

    @Test(arguments: Phase.allCases)
    func nothingRemainsAfterAKill(phase: Phase) throws {
        let (scene, probe) = try probe(in: phase)
        // It stays where it is while what surrounds it is looked at: it lingers for a second only.
        probe.signal(SIGSTOP)
        // The one exception: the peer keeps what nobody answers for.
        scene.leaves("ESTAB", "CLOSE-WAIT")
        scene.outlivesTheProgram()
        let port = try #require(scene.ourSyns.first).source.port
        let guarded = try SocketTable.read(in: scene.us).rows(port: port)
        #expect(guarded.map(\.state) == [.listen])
        let settings = try Settings(of: scene.us)
        probe.signal(SIGKILL)
        #expect(try probe.wait().status == .signaled(SIGKILL))
        #expect(try SocketTable.read(in: scene.us).rows(port: port) == [])
        #expect(try Settings(of: scene.us) == settings)
        #expect(settings.rules.isEmpty)
        // The port is free: another can have it, exclusively, at once.
        let source = try #require(scene.ourSyns.first).source
        #expect(try TestServer(.echo, on: source, in: scene.us).address == source)
    }

    @Test func aRunChangesNoRuleAndNoSetting() throws {
        let scene = try Scene(.veth4, .echo)
        let before = try Settings(of: scene.us)
        let probe = try scene.start("close", ["--step"], keepsInputOpen: true)
        try probe.waitForText("next: S", .stderr)
        #expect(try Settings(of: scene.us) == before)
        probe.closeInput()
        #expect(try probe.wait().exitCode == 0)
        #expect(try Settings(of: scene.us) == before)
    }

    /// What a program could change of a namespace beyond its own sockets.
    struct Settings: Hashable {
        var rules: String
        var sysctls: [String]
        var links: String

        init(of namespace: NetworkNamespace) throws {
            rules = try Subprocess.check("nft", ["list", "ruleset"], in: namespace).stdout
            // Counters are no settings.
            sysctls = try Subprocess.run("sysctl", ["-a", "-r", "^net\\."], in: namespace).lines
                .filter { !$0.contains("conntrack_count") && !$0.contains("nr_conns") }
            links = try Subprocess.check("ip", ["-d", "link", "show"], in: namespace).stdout
        }
    }
}
