import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// What a plan does on purpose to segments of ours, and what a peer with a whole TCP behind it makes of that.
@Suite("Engine: maneuvers")
struct ManeuverTests {
    private func run(
        _ maneuvers: [Maneuver],
        closing: MachinePeer.Closing = .onEndOfFile,
        response: [UInt8] = [],
        change: (inout ConnectionPlan) -> Void = { _ in }
    ) -> (run: EngineRun, peer: MachinePeer, link: MemoryLink) {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: closing, response: response)
        let run = EngineRun()
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        var plan = EngineRun.plan()
        plan.asksForProof = false
        plan.maneuvers = maneuvers
        change(&plan)
        run.run(plan, over: link, expectation: .close)
        return (run, peer, link)
    }

    private func acts(_ run: EngineRun) -> [String] {
        run.events.compactMap { event in if case .manual(let what) = event.kind { what } else { nil } }
    }

    @Test func anAckIsHeldBackAndThenLeaves() throws {
        let (run, peer, link) = run([Maneuver(.handshakeAck, .hold(.peerSilence(atMost: .milliseconds(3500))))])
        // The peer's timer: SYN-ACK at 0, 1 and 3 s.
        #expect(run.came.filter { $0.hasPrefix("S.") }.count == 3)
        #expect(run.sent == ["S 0:0(0)", ". 1:1(0) ack 1", "F. 1:1(0) ack 1", ". 2:2(0) ack 2"])
        #expect(acts(run).filter { $0.hasPrefix("withheld: . 1:1(0) ack 1") }.count == 3)
        let verdict = try #require(run.verdict)
        #expect(verdict.outcome == .asExpected, "\(verdict.headline)")
        #expect(verdict.findings.map(\.code).contains(.synAckSchedule))
        #expect(peer.machine.state == .closed && link.reachedPeer.allSatisfy { !$0.flags.contains(.rst) })
    }

    @Test func aPeerThatStopsAskingGetsItsAck() throws {
        // A peer that repeats its SYN-ACK once, one second later, and answers what comes then as if it knew nothing.
        var synAcks = 0
        let peer = ScriptedPeer { segment in
            guard segment.flags.contains(.syn) else {
                return segment.flags.contains(.rst) ? [] : [TCPSegment(seq: segment.ack, flags: .rst)]
            }
            synAcks += 1
            return [TCPSegment(seq: EngineRun.theirISS, ack: segment.end, flags: .syn, wnd: 1000)]
        }
        let run = EngineRun()
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        let start = link.now
        var plan = EngineRun.plan()
        plan.maneuvers = [Maneuver(.handshakeAck, .hold(.peerSilence(atMost: .seconds(60))))]
        run.run(plan, over: link)
        #expect(synAcks == 1)
        // 20 ms to and fro, 3.5 s of silence, 20 ms for the RST.
        #expect(link.now.since(start) == .milliseconds(3540))
        #expect(try #require(run.verdict).findings.map(\.code).contains(.synAckGivenUp))
    }

    @Test func theThirdSegmentCarriesDataAndFin() throws {
        let (run, peer, _) = run([Maneuver(.handshakeAck, .omit)]) {
            $0.request = Array("hello".utf8)
            $0.closesWithRequest = true
        }
        #expect(run.sent == ["S 0:0(0)", "FP. 1:6(5) ack 1", ". 7:7(0) ack 2"])
        #expect(peer.received == Array("hello".utf8))
        #expect(peer.machine.state == .closed)
        #expect(try #require(run.verdict).outcome == .notAsExpected)
    }

    @Test(arguments: [1, -1, 70_000]) func aWrongAckIsRefusedAndMadeGood(octets: Int) throws {
        let (run, peer, _) = run([Maneuver(.handshakeAck, .replace([Alteration(ack: octets)]))]) {
            $0.asksForProof = true
        }
        #expect(run.came.contains { $0.hasPrefix("R \(1 + octets):") }, "\(run.came)")
        let verdict = try #require(run.verdict)
        #expect(verdict.findings.map(\.code).contains(.wrongAckRefused))
        #expect(verdict.outcome == .asExpected, "\(verdict.headline)")
        #expect(verdict.openProof == .challengeAnswered || verdict.openProof == .ourOctetsAcknowledged)
        #expect(peer.machine.state == .closed)
    }

    @Test(arguments: [Maneuver.Role.syn, .handshakeAck, .data, .fin]) func aSegmentLeavesTwice(role: Maneuver.Role)
        throws
    {
        let (run, peer, _) = run([Maneuver(role, .sendTwice)]) { $0.request = [1, 2, 3] }
        let plain = self.run([]) { $0.request = [1, 2, 3] }.run.sent
        let more = run.sent.filter { segment in run.sent.filter { $0 == segment }.count == 2 }
        #expect(Set(more).count == 1 && Set(run.sent) == Set(plain), "\(run.sent)")
        #expect(peer.received == [1, 2, 3] && peer.machine.state == .closed)
        #expect(try #require(run.verdict).outcome == .asExpected)
    }

    @Test func finOvertakesTheLastData() throws {
        let (run, peer, _) = run([Maneuver(.lastData, .hold(.ourFin(then: .milliseconds(100))))], response: [9]) {
            $0.request = Array("hello".utf8)
            $0.closesWithRequest = true
            $0.connection.finRidesOnData = false
        }
        #expect(run.sent.prefix(4) == ["S 0:0(0)", ". 1:1(0) ack 1", "F. 6:6(0) ack 1", "P. 1:6(5) ack 1"])
        #expect(peer.received == Array("hello".utf8))
        #expect(peer.machine.state == .closed)
        #expect(try #require(run.verdict).outcome == .asExpected)
    }

    @Test func finsCrossWhenOursWaitsForTheirs() throws {
        let (run, peer, _) = run([Maneuver(.fin, .hold(.peerFin(atMost: .seconds(5))))], closing: .atOnce)
        #expect(run.sent == ["S 0:0(0)", ". 1:1(0) ack 1", "F. 1:1(0) ack 1", ". 2:2(0) ack 2"])
        let verdict = try #require(run.verdict)
        #expect(verdict.closing == "closed simultaneously: the two FINs crossed")
        #expect(run.readings.map(\.ourState).contains(.closing))
        #expect(peer.machine.state == .timeWait || peer.machine.state == .closed)
    }

    @Test func aFinMadeAfterThePeersConfirmsItAtOnce() throws {
        let maneuvers = [
            Maneuver(.fin, .hold(.peerFin(atMost: .seconds(5)))),
            Maneuver(.lastAck, .hold(.peerSilence(atMost: .seconds(5)))),
        ]
        let (run, peer, _) = run(maneuvers, closing: .atOnce) { $0.farewell = .afterPeer }
        #expect(run.sent == ["S 0:0(0)", ". 1:1(0) ack 1", "F. 1:1(0) ack 2"])
        #expect(try #require(run.verdict).closing?.hasPrefix("the peer closed first; closed in three segments") == true)
        #expect(peer.machine.state == .timeWait || peer.machine.state == .closed)
    }

    @Test func aFinThatWaitsInVainLeavesAllTheSame() throws {
        let (run, peer, link) = run([Maneuver(.fin, .hold(.peerFin(atMost: .milliseconds(700))))])
        #expect(run.sent == ["S 0:0(0)", ". 1:1(0) ack 1", "F. 1:1(0) ack 1", ". 2:2(0) ack 2"])
        #expect(peer.machine.state == .closed && !link.reachedPeer.contains { $0.flags.contains(.rst) })
    }

    @Test func theLastAckWaitsAndConfirmsOnlyTheText() throws {
        let maneuver = Maneuver(.lastAck, .hold(.peerSilence(atMost: .milliseconds(1500))))
        let (run, peer, _) = run([maneuver], response: [7, 7])
        #expect(run.came.filter { $0.hasPrefix("F") }.count >= 2)
        #expect(run.sent.last == ". 2:2(0) ack 4")
        let verdict = try #require(run.verdict)
        #expect(verdict.findings.map(\.code).contains(.finSchedule))
        #expect(verdict.outcome == .asExpected, "\(verdict.headline)")
        #expect(peer.machine.state == .closed)
    }

    @Test func theFirstFinIsLeftToThePeer() throws {
        let (patient, peer, _) = run([], closing: .atOnce) { $0.farewell = .afterPeer }
        #expect(patient.verdict?.closing?.hasPrefix("the peer closed first; ") == true)
        #expect([.timeWait, .closed].contains(peer.machine.state))
        let (vain, other, _) = run([]) { $0.farewell = .afterPeer }
        #expect(vain.sent.last == ". 2:2(0) ack 2" && !vain.sent.contains { $0.hasPrefix("R") })
        #expect(vain.verdict?.findings.map(\.code).contains(.peerDidNotCloseFirst) == true)
        #expect(other.machine.state == .closed)
    }

    @Test(arguments: [Trial.reset(.window), .reset(.outside), .silence(.seconds(3))])
    func aTrialThatThePeerSurvivesEndsInFins(trial: Trial) throws {
        let (run, peer, link) = run([]) {
            $0.asksForProof = true
            $0.trials = [trial]
        }
        let codes = try #require(run.verdict).findings.map(\.code)
        switch trial {
        case .reset(.window): #expect(codes.contains(.resetChallenged))
        case .reset(.outside): #expect(codes.contains(.resetIgnored))
        case .silence: #expect(codes.contains(.stillOpen))
        }
        #expect(run.sent.suffix(2) == ["F. 1:1(0) ack 1", ". 2:2(0) ack 2"])
        #expect(run.verdict?.outcome == .asExpected, "\(run.verdict?.headline ?? "")")
        #expect(peer.machine.state == .closed)
        #expect(link.reachedPeer.filter { $0.flags.contains(.rst) }.count == (trial == .silence(.seconds(3)) ? 0 : 1))
    }

    @Test func aPeerThatAnswersNoKeepaliveIsGivenUp() throws {
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .never)
        let run = EngineRun()
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        let start = link.now
        link.passesOurs = { _, segment in segment.seq != EngineRun.ourISS || segment.flags.contains(.syn) }
        var plan = EngineRun.plan()
        plan.trials = [.silence(.seconds(10))]
        run.run(plan, over: link)
        #expect(run.sent.filter { $0 == ". 0:0(0) ack 1" }.count == 3)
        #expect(link.now.since(start) >= .seconds(13))
        #expect(try #require(run.verdict).findings.map(\.code).contains(.idleLost))
        #expect(peer.machine.state == .closed)
    }

    @Test(arguments: 1...6) func anEarlyEndLeavesNothingHalfOpen(step: Int) {
        let maneuvers = [
            Maneuver(.handshakeAck, .hold(.peerSilence(atMost: .milliseconds(40)))),
            Maneuver(.fin, .hold(.peerSilence(atMost: .milliseconds(40)))),
            Maneuver(.lastAck, .hold(.peerSilence(atMost: .milliseconds(40)))),
        ]
        let peer = MachinePeer(EngineRun.peerConfiguration(), closing: .never)
        let run = EngineRun()
        let link = MemoryLink(flow: EngineRun.flow, peer: peer)
        link.incidents = [(link.now + .milliseconds(step * 25), .signal(2))]
        var plan = EngineRun.plan()
        plan.maneuvers = maneuvers
        run.run(plan, over: link)
        #expect([.closed, .listen].contains(peer.machine.state))
    }
}
