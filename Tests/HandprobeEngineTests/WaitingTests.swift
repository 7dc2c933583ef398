import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

@Suite("Engine: what is waited for")
struct WaitingTests {
    private func silent(_ run: EngineRun) -> MemoryLink {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .never)
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        link.passesOurs = { _, _ in false }
        var plan = EngineRun.plan()
        plan.connection.synAttempts = 3
        run.run(plan, over: link)
        return link
    }

    @Test func tellsUntilWhen() throws {
        let run = EngineRun()
        run.progressInterval = .milliseconds(250)
        _ = silent(run)
        let waits = run.waits.filter { $0.waiting.what == .answer(.synAck) }
        // Seven seconds, four times a second.
        #expect((26...30).contains(waits.count))
        let start = try #require(waits.first?.waiting.since)
        #expect(waits.allSatisfy { $0.waiting.since == start && $0.waiting.next == .attempt })
        #expect(Set(waits.map { $0.waiting.until.since(start) }) == [.seconds(1), .seconds(3), .seconds(7)])
        for (earlier, later) in zip(run.waits, run.waits.dropFirst()) {
            #expect(later.at.since(earlier.at) >= .milliseconds(250))
        }
    }

    /// Nobody is woken up for what nobody wants to see.
    @Test func costsNothingWhenNotWanted() {
        let quiet = EngineRun()
        let link = silent(quiet)
        #expect(quiet.waits.isEmpty)
        let told = EngineRun()
        told.progressInterval = .milliseconds(250)
        #expect(silent(told).waitCount > link.waitCount + 20)
        #expect(link.waitCount < 12)
        #expect(told.sent == quiet.sent)
        #expect(told.verdict?.headline == quiet.verdict?.headline)
    }

    /// A peer that confirms our FIN and keeps its direction open is waited for, and then it is told that this ended.
    @Test func aHalfClosedPeer() throws {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .never)
        let run = EngineRun()
        run.progressInterval = .milliseconds(100)
        var plan = EngineRun.plan()
        plan.peerFinWait = .seconds(2)
        run.run(plan, over: MemoryLink(flow: EngineRun.flow, peer: peer))
        let waits = run.waits.filter { $0.waiting.what == .answer(.peerFin) }
        #expect(waits.count > 15)
        #expect(waits.allSatisfy { $0.waiting.next == .end && $0.waiting.until >= $0.at })
    }

    /// While a segment is held for a person's decision, nothing is waited for.
    @Test func notWhileAPersonDecides() {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .onEndOfFile)
        let run = EngineRun()
        run.progressInterval = .milliseconds(100)
        run.gate = { _, number in number == 1 ? .hold : .send }
        run.lineDecision = .send
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        link.incidents = [(at: link.now + .seconds(2), .line(""))]
        let held = link.now
        run.run(EngineRun.plan(), over: link)
        #expect(run.waits.allSatisfy { $0.at >= held + .seconds(2) })
        #expect(run.verdict?.outcome == .asExpected)
    }
}
