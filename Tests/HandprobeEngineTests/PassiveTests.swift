import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// A client with a whole TCP behind it: opens, speaks, and closes as told.
private final class ClientPeer: MemoryPeer {
    private(set) var machine: ConnectionMachine
    private(set) var received: [UInt8] = []
    private let closesFirst: Bool
    private var hasClosed = false

    init(_ configuration: ConnectionConfiguration, closesFirst: Bool) {
        machine = ConnectionMachine(configuration)
        self.closesFirst = closesFirst
        machine.openActive(at: Instant(nanoseconds: 0))
    }

    var nextTimeout: Instant? { machine.nextTimeout ?? (hasStarted ? nil : Instant(nanoseconds: 0)) }
    private var hasStarted = false

    func arrives(_ segment: TCPSegment, at now: Instant) {
        _ = machine.segmentArrives(segment, at: now)
        received += machine.receive()
        let mayClose = closesFirst ? machine.state == .established : machine.state == .closeWait
        if mayClose, !hasClosed {
            hasClosed = true
            machine.close(at: now)
        }
    }

    func poll(at now: Instant) -> TCPSegment? {
        hasStarted = true
        return machine.poll(at: now)
    }
}

@Suite("Engine: the passive side")
struct PassiveTests {
    /// Serves one connection that the client opens, and returns what was seen of it.
    private func serve(
        _ client: ClientPeer,
        farewell: ConnectionPlan.Farewell,
        greeting: [UInt8] = []
    ) -> (run: EngineRun, link: MemoryLink) {
        let run = EngineRun()
        let link = MemoryLink(flow: EngineRun.flow, peer: client)
        let engine = Engine(transport: link, observer: run)
        engine.listen(on: EngineRun.flow.local, limit: 1) { flow in
            var plan = EngineRun.plan()
            plan.flow = flow
            plan.asksForProof = false
            plan.request = greeting
            plan.farewell = farewell
            return plan
        }
        engine.run()
        return (run, link)
    }

    @Test func answersAClientThatClosesFirst() throws {
        let client = ClientPeer(EngineRun.peerConfiguration(), closesFirst: true)
        let (run, _) = serve(client, farewell: .afterPeer)
        #expect(run.came.first == "S 0:0(0)")
        #expect(run.sent.first == "S. 0:0(0) ack 1")
        let verdict = try #require(run.verdict)
        #expect(verdict.ledger.ourFin.confirmedAt != nil && verdict.ledger.theirFin.confirmedAt != nil)
        #expect(verdict.opening != nil && verdict.closing != nil)
        #expect([.timeWait, .closed].contains(client.machine.state))
    }

    @Test func greetsAndClosesFirst() throws {
        let client = ClientPeer(EngineRun.peerConfiguration(), closesFirst: false)
        let (run, _) = serve(client, farewell: .fin, greeting: Array("220 ready\r\n".utf8))
        #expect(client.received == Array("220 ready\r\n".utf8))
        #expect(client.machine.state == .closed)
        #expect(try #require(run.verdict).ledger.ourFin.confirmedAt != nil)
    }
}
