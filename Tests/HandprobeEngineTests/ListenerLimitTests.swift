import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// Forged SYNs draw little, keep nobody out for long, and cost no memory.
@Suite("Engine: what a listening socket gives away")
struct ListenerLimitTests {
    private static let local = SocketAddress(.v4(IPv4Address(0xC000_0201)), port: 8080)

    /// Somebody at 10.0.0.0 + number.
    private static func source(_ number: Int) -> SocketAddress {
        SocketAddress(.v4(IPv4Address(0x0A00_0000 + UInt32(number) + 1)), port: UInt16(1024 + number % 50000))
    }

    /// Counts the conversations under way.
    private final class Counting: EngineObserver {
        private(set) var under = 0
        private(set) var most = 0
        private(set) var ended = 0
        private(set) var verdicts: [Verdict] = []
        private var begun: Set<ConversationID> = []

        func observed(_ event: Event, reading: Reading, of id: ConversationID) {
            guard begun.insert(id).inserted else { return }
            under += 1
            most = max(most, under)
        }

        func settled(_ verdict: Verdict, of id: ConversationID) { verdicts.append(verdict) }

        func ended(_ id: ConversationID) {
            under -= 1
            ended += 1
        }
    }

    private static func configuration(_ flow: FourTuple) -> ConnectionConfiguration {
        ConnectionConfiguration(
            iss: EngineRun.ourISS, localPort: flow.local.port, remotePort: flow.remote.port,
            minimumRTO: .milliseconds(200),
            synAttempts: 9)
    }

    private func listen(
        on link: CrowdLink,
        _ policy: ListenPolicy,
        _ answer: Answer = .synAck
    ) -> (PlanningHost, Counting) {
        let host = PlanningHost { flow in
            var plan = ConnectionPlan(flow: flow, connection: Self.configuration(flow))
            plan.asksForProof = false
            plan.farewell = .afterPeer
            return ServicePlan(answer: answer, connection: plan)
        }
        let counting = Counting()
        let engine = Engine(transport: link, observer: counting)
        engine.listen(on: Self.local, policy, host: host)
        engine.run()
        return (host, counting)
    }

    /// An answer, how many SYNs come in ten seconds, and how soon one that nobody confirms is given up.
    static let floods: [(Answer, Int, Duration)] = [
        (.synAck, 10_000, .seconds(7)), (.split, 1000, .seconds(3)), (.simultaneous, 1000, .seconds(3)),
        (.wrongAck, 1000, .seconds(10)), (.late(.milliseconds(100)), 1000, .milliseconds(7100)),
    ]

    @Test(arguments: floods)
    func aFloodOfForgedSynsDrawsLittle(answer: Answer, count: Int, patience: Duration) throws {
        let gap = Duration.seconds(10) / count
        let syns = (0..<count).map { (after: gap * $0, from: Self.source($0)) }
        let link = CrowdLink(local: Self.local, syns: syns)
        let (host, counting) = listen(on: link, ListenPolicy(limit: 1000, wait: .seconds(12)), answer)
        // Whoever is answered holds one of eight places until it is given up.
        #expect(counting.most == 8)
        #expect(host.passedOver == [.tooMany: count - host.welcomed.count])
        #expect(host.welcomed.count == 8 * Int((.seconds(10) / patience).rounded(.up)))
        #expect(Set(link.sent.keys) == Set(host.welcomed))
        for (source, segments) in link.sent {
            let asking = segments.filter { !$0.flags.contains(.rst) }
            #expect(asking.count <= 3, "\(source) got \(asking)")
            #expect(segments.count - asking.count <= 1, "\(source) got \(segments)")
        }
        #expect(counting.ended == host.welcomed.count)
    }

    /// One forged SYN, again and again: each draws one answer at once, and the timer two more in all.
    @Test(arguments: [Answer.synAck, .split, .simultaneous])
    func aRepeatedSynDrawsOneAnswerEach(answer: Answer) throws {
        let syns = (0..<1000).map { (after: Duration.milliseconds(3 * $0), from: Self.source(1)) }
        let link = CrowdLink(local: Self.local, syns: syns)
        let (host, _) = listen(on: link, ListenPolicy(wait: .seconds(12)), answer)
        #expect(host.welcomed == [Self.source(1)])
        let segments = try #require(link.sent[Self.source(1)])
        #expect(segments.count <= 1000 + 4, "\(segments.count)")
        #expect(link.sent.count == 1)
    }

    @Test(arguments: [Answer.reset, .drop(.seconds(2))])
    func aRefusalOrNoneIsNoMoreThanTheSyn(answer: Answer) {
        let syns = (0..<2000).map { (after: Duration.milliseconds(5 * $0), from: Self.source($0)) }
        let link = CrowdLink(local: Self.local, syns: syns)
        let (host, counting) = listen(on: link, ListenPolicy(limit: 1000, wait: .seconds(12)), answer)
        #expect(link.sent.values.allSatisfy { $0.count == 1 && $0[0].flags == [.rst, .ack] })
        #expect(answer == .reset ? host.welcomed.count == 1000 : link.sent.isEmpty)
        #expect(counting.ended == host.welcomed.count)
    }

    @Test func whoIsNotAwaitedGetsNothing() {
        let syns = (0..<10_000).map { (after: Duration.milliseconds($0), from: Self.source($0)) }
        let link = CrowdLink(local: Self.local, syns: syns)
        let policy = ListenPolicy(from: [AddressBlock("192.0.2.0/24")!], wait: .seconds(12))
        let (host, counting) = listen(on: link, policy)
        #expect(link.sent.isEmpty)
        #expect(host.welcomed.isEmpty)
        #expect(host.passedOver == [.outside: 10_000])
        #expect(counting.most == 0)
    }

    /// RFC 9293 §3.9.2.3: a SYN from a group, from everybody or from nobody is ignored in silence; and one from ourselves.
    @Test(arguments: ["224.0.0.1", "255.255.255.255", "0.0.0.0", "192.0.2.1"])
    func whoIsNoHostGetsNothing(address: String) throws {
        let source = SocketAddress(try #require(IPAddress(address)), port: 8080)
        let link = CrowdLink(local: Self.local, syns: [(.zero, source)])
        let (host, _) = listen(on: link, ListenPolicy(wait: .seconds(2)))
        #expect(link.sent.isEmpty)
        #expect(host.passedOver == [.noHost: 1])
    }

    @Test func aForgedSynDoesNotUseTheOnlyPlaceUp() throws {
        let client = Self.source(77)
        let flow = FourTuple(local: Self.local, remote: client)
        var configuration = Self.configuration(flow.reversed)
        configuration.synAttempts = 6
        let peer = ClientPeer(configuration, closesFirst: true, start: Instant(nanoseconds: 2_000_000_000))
        let link = CrowdLink(local: Self.local, syns: [(.zero, Self.source(1))], peers: [client: peer])
        let (host, counting) = listen(on: link, ListenPolicy(limit: 1, wait: .seconds(60)))
        #expect(host.welcomed == [Self.source(1), client])
        #expect(host.passedOver[.tooMany].map { $0 > 0 } == true)
        #expect(counting.verdicts.map(\.outcome) == [.noAnswer, .asExpected])
        #expect([.timeWait, .closed].contains(peer.machine.state))
    }

    @Test func severalClientsAreServedAtATime() throws {
        var peers: [SocketAddress: ClientPeer] = [:]
        for number in 0..<20 {
            let flow = FourTuple(local: Self.local, remote: Self.source(number))
            var configuration = Self.configuration(flow.reversed)
            configuration.synAttempts = 6
            peers[flow.remote] = ClientPeer(
                configuration, closesFirst: true, start: Instant(nanoseconds: 1_000_000_000))
        }
        let link = CrowdLink(local: Self.local, syns: [], peers: peers)
        let (host, counting) = listen(on: link, ListenPolicy(limit: 20))
        #expect(Set(host.welcomed) == Set(peers.keys))
        #expect(counting.verdicts.count == 20)
        #expect(counting.verdicts.allSatisfy { $0.outcome == .asExpected })
        #expect(peers.values.allSatisfy { [.timeWait, .closed].contains($0.machine.state) })
    }

    @Test func waitingEndsWhenNobodyComes() {
        let link = CrowdLink(local: Self.local, syns: [])
        let before = link.now
        let (host, counting) = listen(on: link, ListenPolicy(wait: .seconds(5)))
        #expect(link.now.since(before) == .seconds(5))
        #expect(host.welcomed.isEmpty && counting.verdicts.isEmpty)
    }
}
