import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Keeps what the engine says of one conversation.
private final class Witnessing: EngineObserver {
    private(set) var verdict: Verdict?
    private(set) var kernelSegments = 0

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        if case .segment(let observed) = event.kind, observed.origin == .kernel { kernelSegments += 1 }
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        self.verdict = verdict
    }
}

@Suite("The guard is verified at run time", .enabled(if: TestEnvironment.canUseNamespaces, "needs network namespaces"))
struct GuardTests {
    /// Opens a connection across veth behind a listening socket with these guards, and returns what came of it.
    private func open(kinds: [GuardKind], family: IPAddress.Family) throws -> (verdict: Verdict, kernel: Int, rsts: Int)
    {
        let testbed = try Testbed.veth()
        let server = try TestServer(.echo, in: testbed, family)
        let tap = try PacketTap(testbed.ours)
        let (verdict, kernel, local) = try testbed.us.run {
            let route = try Route.lookup(to: server.address)
            let portGuard = try PortGuard(local: route.local(port: 0), kinds: kinds)
            let local = portGuard.local
            var settings = TransportSettings(routes: [route], localPorts: [local.port])
            settings.watchesSignals = false
            settings.watchesOutput = false
            let transport = try NetTransport(settings)
            transport.hold(portGuard)
            let flow = FourTuple(local: local, remote: server.address)
            let connection = ConnectionConfiguration(
                iss: SequenceNumber(Entropy.uint32()),
                localPort: local.port,
                remotePort: server.address.port
            )
            let observer = Witnessing()
            let engine = Engine(transport: transport, observer: observer)
            engine.add(.connection(ConnectionPlan(flow: flow, connection: connection), .open(end: .fin)))
            engine.run()
            return (try #require(observer.verdict), observer.kernelSegments, local)
        }
        let rsts = tap.sent.filter { $0.source.port == local.port && $0.flags.contains(.rst) }.count
        return (verdict, kernel, rsts)
    }

    @Test(arguments: [IPAddress.Family.v4, .v6]) func aBreachIsFoundAndDegradesTheResult(family: IPAddress.Family)
        throws
    {
        let (verdict, kernel, rsts) = try open(kinds: [], family: family)
        #expect(rsts > 0, "without a guard the kernel must have sent a RST")
        #expect(kernel > 0)
        #expect(verdict.findings.contains { $0.code == .guardBreached })
        #expect(verdict.outcome == .degraded)
    }

    @Test(arguments: [IPAddress.Family.v4, .v6]) func theGuardKeepsTheKernelOut(family: IPAddress.Family) throws {
        let (verdict, kernel, rsts) = try open(kinds: GuardKind.allCases, family: family)
        #expect(rsts == 0)
        #expect(kernel == 0)
        #expect(!verdict.findings.contains { $0.code == .guardBreached })
    }
}
