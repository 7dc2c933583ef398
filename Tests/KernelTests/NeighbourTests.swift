import HandprobeTestKit
import HandprobeWire
import Testing

/// The next hop's link address is asked for by the kernel, and the answer may take its time.
@Suite(.blocks, Needs.namespaces)
struct NeighbourTests {
    @Test(arguments: bothFamilies)
    func aNextHopThatAnswersLateSpoilsNothing(family: IPAddress.Family) throws {
        let scene = try EdgeScene(family) { _ in .ordinary }
        scene.peer.answerNeighbours(false)
        let probe = try Program.start(["open", scene.target.description], in: scene.peer.us)
        _ = try probe.waitForLine { $0.contains("not seen leaving so far: SYN") }
        #expect(scene.peer.segments.isEmpty)
        scene.peer.answerNeighbours(true)
        let run = EdgeRun(try probe.wait(), scene.tap.frames, port: scene.target.port)
        #expect(run.exitCode == 0, "\(run.text)")
        #expect(run.report.conclusion.hasPrefix("orderly: opened in three segments"), "\(run.text)")
        #expect(!run.report.codes.contains("not-seen-leaving"), "\(run.text)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: bothFamilies)
    func aNextHopThatNeverAnswersIsNamed(family: IPAddress.Family) throws {
        let scene = try EdgeScene(family) { _ in .ordinary }
        scene.peer.answerNeighbours(false)
        let run = try scene.run(["open"])
        #expect(run.exitCode == 5, "\(run.text)")
        #expect(run.report.codes == ["neighbour-unresolved"], "\(run.text)")
        #expect(run.report.conclusion.hasPrefix("degraded: our packets found no next hop"), "\(run.text)")
        #expect(run.sent.isEmpty)
    }
}
