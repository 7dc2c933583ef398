import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `--step`: a person decides about each of our segments.
@Suite(.blocks, Needs.namespaces)
struct StepTests {
    /// A probe at a terminal, which has asked about its SYN.
    private func probe(_ scene: Scene, _ command: String = "close") throws -> Subprocess {
        let probe = try scene.start(command, ["--step"], keepsInputOpen: true, streams: .terminal(columns: 132))
        try probe.waitForText("next: S ")
        #expect(scene.ours.isEmpty)
        return probe
    }

    /// The number of times the person was asked.
    private func questions(_ probe: Subprocess) -> Int {
        probe.text().split(separator: "next: ").count - 1
    }

    /// Answers the next question, the `number`th.
    private func answer(_ probe: Subprocess, _ number: Int, _ text: String = "") throws {
        try waitUntil("question \(number) in:\n\(probe.text())") { questions(probe) >= number || probe.status != nil }
        probe.write("\(text)\n")
    }

    @Test func enterSendsEachSegment() throws {
        let scene = try Scene(.veth4, .closesLate)
        let probe = try probe(scene)
        try answer(probe, 1)
        try answer(probe, 2)
        // SYN and ACK are out, our FIN is not.
        try waitUntil("we are asked about the FIN") { questions(probe) >= 3 }
        #expect(scene.ours.map(\.flags) == [.syn, .ack])
        #expect(try scene.leftAtPeer().map(\.state) == [.established])
        try answer(probe, 3)
        _ = try probe.waitForLine { $0.contains("half-closed from here") }
        try #require(scene.server).closeNow()
        try answer(probe, 4)
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(scene.ours.map(\.flags) == [.syn, .ack, [.fin, .ack], .ack])
        try waitUntil("the peer has forgotten") { try scene.leftAtPeer().isEmpty }
    }

    @Test func aSegmentCanBeSentTwice() throws {
        let scene = try Scene(.veth4, .echo)
        let probe = try probe(scene)
        try answer(probe, 1, "t")
        try answer(probe, 2, "g")
        let run = try probe.wait()
        #expect(scene.ourSyns.count == 2)
        #expect(Set(scene.ourSyns.map(\.seq)).count == 1)
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
        try waitUntil("the peer has forgotten") { try scene.leftAtPeer().isEmpty }
    }

    @Test func aSegmentCanBeSkipped() throws {
        let scene = try Scene(.veth4, .echo)
        let probe = try probe(scene)
        try answer(probe, 1)
        try answer(probe, 2, "s")
        try answer(probe, 3, "g")
        let run = try probe.wait()
        // The third segment never left; our FIN carries the acknowledgment as well.
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(scene.ours.dropFirst().first?.flags == [.fin, .ack])
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
    }

    @Test func aSegmentCanBeChanged() throws {
        let scene = try Scene(.veth4, .echo)
        let probe = try probe(scene)
        try answer(probe, 1, "c S 0:0(0) win 1234 <mss 1000>")
        try answer(probe, 2, "g")
        let run = try probe.wait()
        #expect(scene.ourSyns.map(\.window) == [1234])
        #expect(scene.ourSyns.map(\.options) == [[2, 4, 0x03, 0xE8]])
        #expect(run.exitCode == 0, "\(run.stdout)")
    }

    @Test func nonsenseIsAskedAboutAgain() throws {
        let scene = try Scene(.veth4, .echo)
        let probe = try probe(scene)
        try answer(probe, 1, "what?")
        try probe.waitForText("is none of Enter, s, t, c SEGMENT, g, q")
        try answer(probe, 1, "c nonsense")
        try probe.waitForText("cannot read the segment")
        #expect(scene.ours.isEmpty)
        try answer(probe, 1, "g")
        #expect(try probe.wait().exitCode == 0)
    }

    @Test func quittingBeforeTheFirstSegmentSendsNothing() throws {
        let scene = try Scene(.veth4, .echo)
        let probe = try probe(scene)
        try answer(probe, 1, "q")
        let run = try probe.wait()
        #expect(run.stdout.contains("broken off by hand"), "\(run.stdout)")
        #expect(scene.ours.isEmpty)
    }

    @Test func quittingAnOpenConnectionResetsIt() throws {
        let scene = try Scene(.veth4, .neverCloses)
        let probe = try probe(scene)
        try answer(probe, 1)
        try answer(probe, 2)
        try answer(probe, 3, "q")
        try answer(probe, 4, "g")
        let run = try probe.wait()
        #expect(run.exitCode != 0, "\(run.stdout)")
        try #require(scene.server).waitUntil { $0.first?.sawReset == true }
        try waitUntil("the peer has forgotten") { try scene.leftAtPeer().isEmpty }
    }

    @Test func thePeersRepetitionsAreShownMeanwhile() throws {
        let scene = try Scene(.veth4, .echo)
        let probe = try probe(scene)
        try answer(probe, 1)
        // Our ACK is held back, so the peer repeats its SYN-ACK after a second.
        _ = try probe.waitForLine { $0.contains("repeats their SYN") }
        #expect(scene.theirs.filter { $0.flags == [.syn, .ack] }.count >= 2)
        #expect(scene.ours.count == 1)
        try answer(probe, 2, "g")
        #expect(try probe.wait().exitCode == 0)
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
    }

    @Test(arguments: ["</dev/null", "<&-", "< /proc/self/cmdline"])
    func inputThatSaysNothingDoesNotHang(redirection: String) throws {
        let scene = try Scene(.veth4, .echo)
        let script = "exec \"$0\" close --step \(scene.target) \(redirection)"
        let run = try Subprocess.run(
            "sh", ["-c", script, Program.path], in: scene.us, environment: Program.environment)
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
    }

    @Test func aSignalWhileAskingSaysGoodbye() throws {
        let scene = try Scene(.veth4, .neverCloses)
        let probe = try probe(scene)
        try answer(probe, 1)
        try answer(probe, 2)
        try waitUntil("we are asked about the FIN") { questions(probe) >= 3 }
        probe.signal(SIGINT)
        let run = try probe.wait()
        #expect(run.exitCode == 130, "\(run.stdout)")
        try #require(scene.server).waitUntil { $0.first?.sawReset == true }
        try waitUntil("the peer has forgotten") { try scene.leftAtPeer().isEmpty }
    }
}
