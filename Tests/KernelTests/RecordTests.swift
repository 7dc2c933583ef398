import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Writes a run into a file in memory, and keeps what the run itself came to.
private final class Recorder: EngineObserver {
    private var writer = TranscriptWriter(PCAPNGSection(comments: ["a test"]))
    private(set) var events: [Event] = []
    private(set) var verdict: Verdict?

    init(_ plan: ConnectionPlan, _ expectation: HandprobeJudge.Expectation) {
        writer.begin(1, plan.flow, expectation)
    }

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        events.append(event)
        writer.add(event, reading, of: id.number)
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        self.verdict = verdict
        writer.settle(id.number)
    }

    func revised(_ verdict: Verdict, of id: ConversationID) {
        settled(verdict, of: id)
    }

    func file() -> [UInt8] {
        writer.end([])
        return writer.take()
    }
}

@Suite(
    "A live run's own file read back gives the same result",
    .enabled(if: TestEnvironment.canUseNamespaces, "needs network namespaces"))
struct RecordTests {
    /// What a run has to do with.
    enum Peer: CaseIterable, Sendable {
        case echo, closed, resetting, unguarded
    }

    private func run(
        _ peer: Peer,
        to remote: SocketAddress,
        _ expectation: HandprobeJudge.Expectation
    ) throws -> (recorder: Recorder, file: [UInt8]) {
        let route = try Route.lookup(to: remote)
        let portGuard = try PortGuard(
            local: route.local(port: 0), kinds: peer == .unguarded ? [] : GuardKind.allCases)
        let local = portGuard.local
        var settings = TransportSettings(routes: [route], localPorts: [local.port])
        settings.watchesSignals = false
        settings.watchesOutput = false
        let transport = try NetTransport(settings)
        transport.hold(portGuard)
        let connection = ConnectionConfiguration(
            iss: SequenceNumber(Entropy.uint32()), localPort: local.port, remotePort: remote.port)
        var plan = ConnectionPlan(flow: FourTuple(local: local, remote: remote), connection: connection)
        plan.farewell = expectation == .open(end: .rst) ? .rst : .fin
        plan.asksForProof = expectation != .close
        plan.request = expectation == .close ? Array("hello\n".utf8) : []
        let recorder = Recorder(plan, expectation)
        let engine = Engine(transport: transport, observer: recorder)
        engine.add(.connection(plan, expectation))
        engine.run()
        return (recorder, recorder.file())
    }

    private func compare(_ peer: Peer, _ testbed: NetworkNamespace, _ remote: SocketAddress) throws {
        for expectation in [.close, .open(end: .fin), .open(end: .rst)] as [HandprobeJudge.Expectation] {
            let (recorder, file) = try testbed.run { try run(peer, to: remote, expectation) }
            let (conversations, problem) = TranscriptFile.read(file)
            #expect(problem == nil)
            #expect(conversations.count == 1)
            let read = try #require(conversations.first)
            #expect(read.events == recorder.events)
            #expect(read.verdict == recorder.verdict)
            if peer == .unguarded { #expect(read.verdict.findings.contains { $0.code == .guardBreached }) }
            if peer == .closed { #expect(read.verdict.findings.contains { $0.code == .refused }) }
        }
    }

    @Test(arguments: Peer.allCases, [IPAddress.Family.v4, .v6]) func veth(_ peer: Peer, _ family: IPAddress.Family)
        throws
    {
        let testbed = try Testbed.veth()
        var behavior = TestServer.Behavior.echo
        behavior.resets = peer == .resetting
        let server = try TestServer(behavior, in: testbed, family)
        var remote = server.address
        if peer == .closed { remote.port = remote.port == 1 ? 2 : 1 }
        try compare(peer, testbed.us, remote)
    }

    @Test(arguments: [IPAddress.Family.v4, .v6]) func loopback(_ family: IPAddress.Family) throws {
        let namespace = try NetworkNamespace()
        let host: IPAddress = family == .v4 ? .v4(.loopback) : .v6(.loopback)
        let server = try namespace.run {
            try DemoServer(on: host, answer: Array("bye\n".utf8), pause: .milliseconds(20))
        }
        let (recorder, file) = try namespace.run { try run(.echo, to: server.address, .close) }
        let read = try #require(TranscriptFile.read(file).conversations.first)
        #expect(read.events == recorder.events)
        #expect(read.verdict == recorder.verdict)
        #expect(read.verdict.outcome == .asExpected, "\(read.verdict.findings)")
    }
}
