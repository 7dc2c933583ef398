import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// The scripted peer is judged by a real kernel's client and by the packet tap's own reading of the wire.
@Suite(.enabled(if: TestEnvironment.canUseNamespaces, "NOT TESTED: no network namespaces here (needs CAP_SYS_ADMIN)"))
struct EdgePeerTests {
    private static let families: [IPAddress.Family] = [.v4, .v6]

    @Test(arguments: [false, true], families)
    func aKernelClientOpensTalksAndCloses(withoutTap: Bool, family: IPAddress.Family) throws {
        var behavior = EdgeBehavior.ordinary
        behavior.response = [7, 8, 9]
        let peer = try EdgePeer(behavior, withoutTap: withoutTap)
        let tap = try PacketTap(peer.ours)
        let client = try connect(peer, family)
        try client.send([1, 2])
        #expect(try client.receive(3) == [7, 8, 9])
        client.endSending()
        #expect(try client.receiveAll() == ([], .eof))
        #expect(peer.segments.flatMap(\.tcp.payload) == [1, 2])
        #expect(tap.received.allSatisfy { $0.checksumIsGood && $0.hopLimit == 64 })
        #expect(!tap.segments.contains { $0.flags.contains(.rst) })
        #expect(peer.unreadable == 0)
        try waitUntil("the kernel is in TIME-WAIT") { try state(client, peer) == .timeWait }
    }

    @Test(arguments: [
        EdgeBehavior.iss(0), .iss(.max), .withoutOptions, .timestampEchoZero, .windowScale15, .garbageOptions,
        .mergesFIN,
        .zeroWindowThenOpening(after: .milliseconds(30)), .simultaneousOpen, .hopLimitChanges(to: 33),
        .repeatsSynAck(3, every: .milliseconds(5)), .strayReset(offset: 1 << 30),
        .ordinary.precededBy(.timeExceeded.notOurs, from: .v4(IPv4Address(0x0A4D_00FE))),
    ])
    func theKernelGetsAlongWith(behavior: EdgeBehavior) throws {
        var behavior = behavior
        behavior.response = [7]
        let peer = try EdgePeer(behavior)
        let client = try connect(peer)
        try client.send([1])
        #expect(try client.receive(1) == [7])
        client.endSending()
        #expect(try client.receiveAll() == ([], .eof))
    }

    @Test func whatIsSaidToTheSYNIsOnTheWire() throws {
        func answer(_ behavior: EdgeBehavior) throws -> (ObservedSegment, syn: ObservedSegment) {
            let peer = try EdgePeer(behavior)
            let tap = try PacketTap(peer.ours)
            _ = try? connect(peer, limit: .milliseconds(20))
            try tap.waitUntil { $0.contains { !$0.outgoing && $0.tcp != nil } }
            return (tap.received[0], try #require(tap.sent.first { $0.flags.contains(.syn) }))
        }
        let (wrong, syn) = try answer(.wrongAck(1000))
        #expect(wrong.flags == [.syn, .ack])
        #expect(wrong.ack == syn.seq + 1001)
        let (plain, plainSYN) = try answer(.responder)
        #expect(plain.ack == plainSYN.seq + 1)
        #expect(try answer(.synAckWithData([5, 6])).0.payload == [5, 6])
        #expect(try answer(.synAckWithFIN).0.flags == [.syn, .ack, .fin])
        #expect(try answer(.zeroWindowThenOpening(after: .seconds(9))).0.window == 0)
        #expect(try answer(.withoutOptions).0.options.isEmpty)
        #expect(try answer(.windowScale15).0.options.suffix(3) == [3, 3, 15])
        #expect(try answer(.garbageOptions).0.options.suffix(4) == [99, 40, 1, 1])
        #expect(try answer(.badChecksum()).0.checksumIsGood == false)
        #expect(try answer(.challengeACK).0.flags == .ack)
        #expect(try answer(.refusesWithoutAck).0.flags == .rst)
        #expect(try answer(.iss(.max)).0.seq == SequenceNumber(.max))
        #expect(try answer(.simultaneousOpen).0.flags == .syn)
        let (refusal, refused) = try answer(.refusesWithWrongAck(-1))
        #expect(refusal.flags == [.rst, .ack])
        #expect(refusal.ack == refused.seq)
        let (echoZero, _) = try answer(.timestampEchoZero)
        let timestamps = try #require(echoZero.options.firstRange(of: [8, 10]))
        #expect(echoZero.options[(timestamps.lowerBound + 6)...].prefix(4) == [0, 0, 0, 0])
    }

    @Test(arguments: families)
    func refusalIsBelieved(family: IPAddress.Family) throws {
        let peer = try EdgePeer(.refuses)
        expectError(ECONNREFUSED) { try connect(peer, family) }
    }

    @Test(arguments: [
        EdgeBehavior.silent, .refusesWithWrongAck(), .refusesWithoutAck, .wrongAck(), .challengeACK, .badChecksum(),
        .icmp(.portUnreachable.notOurs),
    ])
    func theKernelDoesNotBelieve(behavior: EdgeBehavior) throws {
        let peer = try EdgePeer(behavior)
        #expect {
            try connect(peer, limit: .milliseconds(100))
        } throws: { error in
            if case TestKitError.timeout = error { true } else { false }
        }
        #expect(peer.segments.contains { $0.isSYN })
    }

    @Test(arguments: families)
    func icmpErrorsAreBelieved(family: IPAddress.Family) throws {
        let peer = try EdgePeer(.icmp(.portUnreachable))
        expectError(ECONNREFUSED) { try connect(peer, family) }
        let tap = try PacketTap(peer.ours)
        peer.play(.icmp(.hostUnreachable, from: peer.router(family)))
        expectError(EHOSTUNREACH) { try connect(peer, family) }
        #expect(
            tap.frames.contains { $0.icmp.map { ($0.type, $0.code) == (family == .v4 ? (3, 1) : (1, 3)) } ?? false })
    }

    @Test func theResponderHasNoTCPBehindIt() throws {
        let peer = try EdgePeer(.responder)
        let tap = try PacketTap(peer.ours)
        let client = try connect(peer)
        #expect(try state(client, peer) == .established)
        try client.send([1])
        try peer.waitUntil { $0.contains { !$0.tcp.payload.isEmpty } }
        #expect(tap.received.map(\.flags) == [[.syn, .ack]])
    }

    @Test func theWrongAckDrawsAnExactReset() throws {
        let peer = try EdgePeer(.wrongAck(1000))
        _ = try? connect(peer, limit: .milliseconds(20))
        let segments = try peer.waitUntil { $0.contains { $0.tcp.flags.contains(.rst) } }
        #expect(segments.last?.tcp.seq == segments[0].tcp.seq + 1001)
    }

    @Test func synAckThenResetEndsTheConnection() throws {
        let peer = try EdgePeer(.synAckThenReset())
        #expect(try connect(peer).receiveAll() == ([], .error(ECONNRESET)))
    }

    @Test func finStatesAreReached() throws {
        func stateAfterFIN(_ behavior: EdgeBehavior, _ wanted: ConnectionState) throws {
            let peer = try EdgePeer(behavior)
            let client = try connect(peer)
            client.endSending()
            try waitUntil("\(wanted)") { try state(client, peer) == wanted }
        }
        try stateAfterFIN(.neverCloses, .finWait2)
        try stateAfterFIN(.ignoresFIN, .finWait1)
        try stateAfterFIN(.neverAcknowledgesFIN, .closing)
        try stateAfterFIN(.simultaneousClose, .timeWait)
    }

    @Test func dataIsSentAfterTheFIN() throws {
        let peer = try EdgePeer(.dataAfterFIN([3]))
        let tap = try PacketTap(peer.ours)
        let client = try connect(peer)
        client.endSending()
        try tap.waitUntil { $0.contains { !$0.outgoing && $0.tcp?.payload == [3] } }
        let fin = try #require(tap.received.first { $0.flags.contains(.fin) })
        #expect(tap.received.last?.seq == fin.seq + 1)
    }

    @Test func stoppingAtDataIsSilence() throws {
        let peer = try EdgePeer(.stopsAtData)
        let tap = try PacketTap(peer.ours)
        let client = try connect(peer)
        try client.send([1])
        try peer.waitUntil { $0.filter { !$0.tcp.payload.isEmpty }.count >= 2 }
        #expect(tap.received.count == 1)
    }

    @Test func thePeerIsAtEveryAddress() throws {
        let peer = try EdgePeer(.ordinary)
        for text in ["10.77.0.99", "10.99.1.1", "fd77::99", "fd99::1"] {
            let address = try #require(IPAddress(text))
            let client = try TestClient(to: SocketAddress(address, port: 80), in: peer.us)
            try client.send([1])
            try peer.waitUntil { $0.contains { $0.destination.address == address && !$0.tcp.payload.isEmpty } }
        }
    }

    @Test(arguments: families)
    func aSilentLinkResolvesNobody(family: IPAddress.Family) throws {
        let peer = try EdgePeer(.ordinary)
        peer.answerNeighbours(false)
        let tap = try PacketTap(peer.ours)
        #expect(throws: TestKitError.self) { try connect(peer, family, limit: .milliseconds(100)) }
        #expect(tap.segments.isEmpty)
        #expect(tap.frames.contains { $0.outgoing && $0.isLinkUpkeep })
    }

    private func connect(
        _ peer: EdgePeer,
        _ family: IPAddress.Family = .v4,
        limit: Duration = .patience
    ) throws -> TestClient {
        try TestClient(to: SocketAddress(peer.address(family), port: 80), in: peer.us, limit: limit)
    }

    private func state(_ client: TestClient, _ peer: EdgePeer) throws -> ConnectionState? {
        try SocketTable.read(in: peer.us).rows.first { $0.local == client.local }?.state
    }

    private func expectError(_ reason: Int32, _ body: () throws -> TestClient) {
        #expect {
            try body()
        } throws: { error in
            if case TestKitError.system(_, let errno, _) = error { errno == reason } else { false }
        }
    }
}
