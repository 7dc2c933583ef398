import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

@Suite("Engine: driven by hand")
struct ManualTests {
    @Test func withheldThirdSegmentMakesThePeerRepeatItsSynAck() throws {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .onEndOfFile)
        let run = EngineRun()
        run.gate = { segment, offer in offer == 2 ? .withhold : .send }
        run.run(EngineRun.plan(), over: MemoryLink(flow: EngineRun.flow, peer: peer))
        #expect(run.came.filter { $0.hasPrefix("S.") }.count >= 2)
        #expect(try #require(run.verdict).outcome == .asExpected)
        #expect(peer.machine.state == .closed)
    }

    @Test func heldSegmentWaitsForALine() throws {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .onEndOfFile)
        let run = EngineRun()
        run.gate = { _, offer in offer == 1 ? .hold : .send }
        run.lineDecision = .send
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        let typed = link.now + .seconds(20)
        link.incidents = [(typed, .line(""))]
        run.run(EngineRun.plan(), over: link)
        #expect(run.events.first?.time == link.wallClock(of: typed))
        #expect(run.sent.first == "S 0:0(0)")
        #expect(try #require(run.verdict).outcome == .asExpected)
    }

    @Test func endOfInputReleasesAHeldSegment() throws {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .onEndOfFile)
        let run = EngineRun()
        run.gate = { _, offer in offer == 1 ? .hold : .send }
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        link.incidents = [(link.now + .seconds(2), .endOfInput)]
        run.run(EngineRun.plan(), over: link)
        #expect(try #require(run.verdict).outcome == .asExpected)
    }

    @Test func replacedSynIsTheOneThatLeaves() throws {
        let run = EngineRun()
        let peer = ScriptedPeer { [TCPSegment(seq: SequenceNumber(0), ack: $0.end, flags: .rst)] }
        var other = TCPSegment(seq: EngineRun.ourISS, flags: [.syn, .ece], wnd: 7)
        other.header.sourcePort = EngineRun.flow.local.port
        other.header.destinationPort = EngineRun.flow.remote.port
        run.gate = { [other] _, offer in offer == 1 ? .replace([other]) : .send }
        run.run(EngineRun.plan(), over: MemoryLink(flow: EngineRun.flow, peer: peer))
        let left = run.events.compactMap { event -> TCPSegment? in
            guard case .segment(let observed) = event.kind, observed.origin == .us else { return nil }
            return observed.segment
        }
        #expect(left.first?.flags == [.syn, .ece] && left.first?.wnd == 7)
    }

    /// A person closes with the third segment: the endpoint knows, and confirms the peer's FIN.
    @Test func aFinByHandClosesOurDirection() throws {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .onEndOfFile)
        let run = EngineRun()
        run.gate = { segment, offer in
            guard offer == 2 else { return .send }
            var fin = segment
            fin.header.flags.insert(.fin)
            return .replace([fin])
        }
        run.run(EngineRun.plan(), over: MemoryLink(flow: EngineRun.flow, peer: peer))
        #expect(run.sent.filter { $0.hasPrefix("F.") }.count == 1, "\(run.sent)")
        #expect(run.sent.allSatisfy { !$0.hasPrefix("R") }, "\(run.sent)")
        #expect(peer.machine.state == .closed)
        let verdict = try #require(run.verdict)
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.ledger.theirFin.confirmedBy != nil && verdict.ledger.ourFin.confirmedBy != nil)
    }

    @Test func abortByHandReleasesThePeer() throws {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .never)
        let run = EngineRun()
        run.gate = { _, offer in offer == 3 ? .abort : .send }
        run.run(EngineRun.plan(), over: MemoryLink(flow: EngineRun.flow, peer: peer))
        #expect(peer.machine.state == .closed)
        #expect(run.sent.contains("R 1:1(0)"))
    }

    /// The ACK leaves, and the segment behind it is withheld before the ACK is captured: the list is in the order of time.
    @Test func whatWasDecidedIsListedInTheOrderOfTime() throws {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .onEndOfFile)
        let run = EngineRun()
        run.gate = { _, offer in offer == 3 ? .withhold : .send }
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        link.sendingTakes = .microseconds(50)
        run.run(EngineRun.plan(), over: link)
        #expect(run.events.contains { if case .manual = $0.kind { true } else { false } })
        #expect(zip(run.events, run.events.dropFirst()).allSatisfy { $0.time <= $1.time })
    }
}
