import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

@Suite("Engine: the passive side")
struct PassiveTests {
    /// What came of one client that opened by itself.
    private struct Service {
        var run: EngineRun
        var client: ClientPeer
        var link: MemoryLink

        /// What was sent either way until both ends were open, as flags and relative numbers.
        var opening: [String] { run.said.prefix { !$0.contains("P.") && !$0.contains("F.") }.map(\.self) }
    }

    /// Serves one connection that a client opens.
    private func serve(
        _ answer: Answer = .synAck,
        closesFirst: Bool = true,
        farewell: ConnectionPlan.Farewell = .afterPeer,
        speech: String = "",
        speaksSecond: Bool = false,
        question: String = "",
        crossesFins: Bool = false,
        reads: Int = 0,
        passesOurs: @escaping (Int, TCPSegment) -> Bool = { _, _ in true }
    ) -> Service {
        let client = ClientPeer(
            EngineRun.peerConfiguration(), closesFirst: closesFirst, question: Array(question.utf8), reads: reads)
        let run = EngineRun()
        let link = MemoryLink(flow: EngineRun.flow, peer: client)
        link.passesOurs = passesOurs
        let engine = Engine(transport: link, observer: run)
        let host = PlanningHost { flow in
            var plan = EngineRun.plan()
            plan.flow = flow
            plan.asksForProof = false
            plan.request = Array(speech.utf8)
            plan.speaksSecond = speaksSecond
            plan.farewell = farewell
            plan.closesWithRequest = crossesFins
            plan.connection.finRidesOnData = !crossesFins
            if crossesFins { plan.maneuvers = [Maneuver(.fin, .hold(.peerFin(atMost: .seconds(5))))] }
            return ServicePlan(answer: answer, connection: plan)
        }
        engine.listen(on: EngineRun.flow.local, ListenPolicy(wait: .seconds(30)), host: host)
        engine.run()
        return Service(run: run, client: client, link: link)
    }

    @Test func answersAClientThatClosesFirst() throws {
        let service = serve()
        #expect(service.run.came.first == "S 0:0(0)")
        #expect(service.run.sent.first == "S. 0:0(0) ack 1")
        let verdict = try #require(service.run.verdict)
        #expect(verdict.ledger.ourFin.confirmedAt != nil && verdict.ledger.theirFin.confirmedAt != nil)
        #expect(verdict.opening == "opened by the peer in three segments")
        #expect(verdict.openProof == .ourSynAcknowledged)
        #expect(verdict.outcome == .asExpected)
        #expect([.timeWait, .closed].contains(service.client.machine.state))
    }

    @Test func greetsAndClosesFirst() throws {
        let service = serve(closesFirst: false, farewell: .fin, speech: "220 ready\r\n")
        #expect(service.client.received == Array("220 ready\r\n".utf8))
        #expect(service.client.machine.state == .closed)
        #expect(try #require(service.run.verdict).ledger.ourFin.confirmedAt != nil)
    }

    /// Figure 6 of RFC 9293: an active opener is ESTABLISHED when it sends the third segment.
    @Test func theThirdSegmentProvesTheClientOpen() throws {
        let service = serve(closesFirst: false, farewell: .fin)
        let third = try #require(service.run.readings.first { $0.meanings.contains(.confirms(.ourSyn)) })
        #expect(third.meanings.contains(.provesOpen(.ourSynAcknowledged)))
        #expect(third.peerState == .established)
        #expect(try #require(service.run.verdict).outcome == .asExpected)
    }

    @Test func speaksOnlyAfterTheClientHasSpoken() throws {
        let service = serve(closesFirst: false, farewell: .fin, speech: "pong", speaksSecond: true, question: "ping")
        #expect(service.client.received == Array("pong".utf8))
        let said = service.run.said
        let question = try #require(said.firstIndex { $0.hasPrefix("peer P.") })
        let reply = try #require(said.firstIndex { $0.hasPrefix("us P.") })
        #expect(question < reply)
        #expect(said[reply].contains("ack 5"), "the reply acknowledges the question: \(said[reply])")
    }

    @Test func speaksToAClientThatOnlyClosed() throws {
        let service = serve(speech: "late words", speaksSecond: true)
        #expect(service.client.received == Array("late words".utf8))
        let verdict = try #require(service.run.verdict)
        #expect(verdict.closing?.contains("half-closed") == true)
        #expect(verdict.halfClosedOctets == 10)
    }

    @Test func givesASilentClientUp() throws {
        let service = serve(closesFirst: false, farewell: .fin, speech: "pong", speaksSecond: true)
        let timers = service.run.events.map(\.kind)
        #expect(timers.contains(.timer(.gaveUp(.peerData, after: .seconds(3)))))
        #expect(service.client.received == Array("pong".utf8))
        #expect(service.client.machine.state == .closed)
    }

    @Test func neverClosingEndsWithAResetInTheEnd() throws {
        let service = serve(farewell: .never)
        #expect(service.client.machine.state == .closed)
        let verdict = try #require(service.run.verdict)
        #expect(verdict.ledger.ourFin.madeAt == nil && verdict.ledger.theirFin.confirmedAt != nil)
        #expect(verdict.closing == "reset by us at exactly SND.NXT, confirmed")
        #expect(verdict.outcome == .asExpected)
    }

    /// Figure 13 of RFC 9293.
    @Test func finsCrossWhereOursIsKeptBack() throws {
        let service = serve(farewell: .fin, speech: "hi", crossesFins: true, reads: 2)
        let verdict = try #require(service.run.verdict)
        #expect(verdict.closing == "closed simultaneously: the two FINs crossed")
        #expect(verdict.outcome == .asExpected)
        #expect(service.run.sent.first { $0.hasPrefix("F.") } == "F. 3:3(0) ack 1")
        #expect([.timeWait, .closed].contains(service.client.machine.state))
    }

    // MARK: Other answers

    /// A client by the RFC drops an ACK in SYN-SENT (§3.10.7.3, fifth) and takes the SYN after it for a crossing one.
    @Test func anAnswerInTwoMakesFiveSegments() throws {
        let service = serve(.split)
        #expect(
            service.opening == [
                "peer S 0:0(0)", "us . 0:0(0) ack 1", "us S 0:0(0)", "peer S. 0:0(0) ack 1", "us . 1:1(0) ack 1",
            ])
        let verdict = try #require(service.run.verdict)
        #expect(
            verdict.opening
                == "opened by the peer in five segments: our ACK of its SYN and our own SYN came apart, "
                + "and a SYN,ACK confirmed ours")
        #expect(verdict.ledger.theirSyn.confirmingFlags == .ack)
        #expect(verdict.ledger.ourSyn.confirmingFlags == [.syn, .ack])
        #expect(verdict.outcome == .asExpected)
        #expect([.timeWait, .closed].contains(service.client.machine.state))
    }

    /// Figure 7 of RFC 9293.
    @Test func aCrossingSynOpensSimultaneously() throws {
        let service = serve(.simultaneous)
        #expect(service.run.sent.prefix(2) == ["S 0:0(0)", "S. 0:0(0) ack 1"])
        let verdict = try #require(service.run.verdict)
        #expect(verdict.opening == "opened simultaneously: the two SYNs crossed")
        #expect(verdict.findings.contains { $0.code == .synCrossed })
        #expect(verdict.outcome == .asExpected)
    }

    @Test func aLateAnswerLeavesWhenItIsTold() throws {
        let service = serve(.late(.milliseconds(1500)))
        #expect(service.run.came.prefix(2) == ["S 0:0(0)", "S 0:0(0)"])
        let events = service.run.events
        let syn = try #require(events.first { $0.isSegment(of: .peer, with: .syn) })
        let answer = try #require(events.first { $0.isSegment(of: .us, with: [.syn, .ack]) })
        #expect(answer.time.since(syn.time) == .milliseconds(1500))
        #expect(try #require(service.run.verdict).outcome == .asExpected)
    }

    /// RFC 9293 §3.10.7.3, first: an unacceptable ACK draws a RST at that number, and SYN-SENT goes on.
    @Test func aWrongAcknowledgmentIsRefusedAndThenMadeGood() throws {
        let service = serve(.wrongAck)
        let said = service.run.said
        #expect(
            said.prefix(6) == [
                "peer S 0:0(0)", "us S. 0:0(0) ack 1001", "peer R 1001:1001(0)", "peer S 0:0(0)",
                "us S. 0:0(0) ack 1", "peer . 1:1(0) ack 1",
            ])
        let verdict = try #require(service.run.verdict)
        #expect(verdict.findings.map(\.code).contains(.wrongAckRefused))
        #expect(!verdict.findings.map(\.code).contains(.resetWrongSequence))
        #expect(verdict.outcome == .asExpected)
    }

    @Test func aRefusalIsTheOneOfAClosedPort() throws {
        let service = serve(.reset)
        #expect(service.run.said == ["peer S 0:0(0)", "us R. 2:2(0) ack 1"])
        // §3.5.2, group 1: SEQ=0, ACK=SEG.SEQ+SEG.LEN. Numbers are shown from our ISS on, which is 2 before 0.
        #expect(service.client.machine.outcome == .refused)
        let verdict = try #require(service.run.verdict)
        #expect(verdict.headline == "orderly: refused by us, as a closed port refuses")
        #expect(verdict.outcome == .asExpected)
    }

    @Test func aDroppedSynGetsNothing() throws {
        let service = serve(.drop(.seconds(5)))
        #expect(service.run.sent.isEmpty)
        #expect(service.run.came == ["S 0:0(0)", "S 0:0(0)", "S 0:0(0)"])
        let verdict = try #require(service.run.verdict)
        #expect(verdict.headline == "orderly: the peer's SYN came 3 times within 3.000 s and was not answered")
        #expect(verdict.outcome == .asExpected)
    }

    // MARK: Clients that fail

    @Test func aLostAnswerIsRepeatedAndNotTakenForAnother() throws {
        let service = serve(passesOurs: { number, _ in number > 1 })
        let verdict = try #require(service.run.verdict)
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.ledger.ourSyn.attemptCount >= 2)
        #expect(!verdict.findings.map(\.code).contains(.synAckRepeated))
        #expect([.timeWait, .closed].contains(service.client.machine.state))
    }

    @Test func anAnswerThatNobodyConfirmsIsGivenUp() throws {
        let service = serve(passesOurs: { _, _ in false })
        let verdict = try #require(service.run.verdict)
        #expect(verdict.outcome == .noAnswer)
        #expect(verdict.headline.hasPrefix("nothing confirmed our SYN-ACK (sent "), "\(verdict.headline)")
        let synAcks = service.run.sent.filter { $0.hasPrefix("S.") }.count
        let syns = service.run.came.filter { $0.hasPrefix("S") }.count
        #expect(synAcks <= 3 * syns)
        // A client that did hear us, and whose answer was lost, is let go.
        #expect(service.run.sent.last == "R 1:1(0)")
    }

    @Test func aSignalSaysGoodbyeToTheClient() throws {
        let client = ClientPeer(EngineRun.peerConfiguration(), closesFirst: false)
        let run = EngineRun()
        let link = MemoryLink(flow: EngineRun.flow, peer: client)
        let engine = Engine(transport: link, observer: run)
        let host = PlanningHost { _ in
            var plan = EngineRun.plan()
            plan.asksForProof = false
            plan.farewell = .afterPeer
            return ServicePlan(answer: .synAck, connection: plan)
        }
        link.incidents.append((link.now + .seconds(1), .signal(2)))
        engine.listen(on: EngineRun.flow.local, ListenPolicy(), host: host)
        engine.run()
        #expect(engine.interruptedBy == 2)
        #expect(client.machine.state == .closed)
        #expect(run.sent.contains { $0.hasPrefix("R ") })
    }

    @Test func aSignalEndsTheWaiting() {
        let run = EngineRun()
        let link = MemoryLink(flow: EngineRun.flow, peer: ScriptedPeer { _ in [] })
        let engine = Engine(transport: link, observer: run)
        link.incidents.append((link.now + .seconds(1), .signal(15)))
        engine.listen(on: EngineRun.flow.local, ListenPolicy(), host: PlanningHost { _ in nil })
        engine.run()
        #expect(engine.interruptedBy == 15)
        #expect(run.events.isEmpty)
    }
}

extension EngineRun {
    /// What either end said, in order: `us S. 0:0(0) ack 1`.
    fileprivate var said: [String] {
        var (ours, theirs) = (sent[...], came[...])
        return events.compactMap { event in
            guard case .segment(let observed) = event.kind else { return nil }
            switch observed.origin {
            case .us: return ours.popFirst().map { "us \($0)" }
            case .peer: return theirs.popFirst().map { "peer \($0)" }
            default: return nil
            }
        }
    }
}

extension Event {
    fileprivate func isSegment(of origin: Origin, with flags: TCPFlags) -> Bool {
        if case .segment(let observed) = kind {
            observed.origin == origin && observed.segment.flags == flags
        } else {
            false
        }
    }
}
