import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(.enabled(if: TestEnvironment.canUseNamespaces, "NOT TESTED: no network namespaces here (needs CAP_SYS_ADMIN)"))
struct ImpairedLinkTests {
    private let text = Array("what is sent".utf8)

    @Test(arguments: [false, true], [IPAddress.Family.v4, .v6])
    func anUnimpairedLinkIsAPlainOne(withoutTap: Bool, family: IPAddress.Family) throws {
        let testbed = try Testbed.impaired(withoutTap: withoutTap)
        #expect(testbed.link?.usesTap == (!withoutTap && TestEnvironment.canOpenTun))
        let tap = try PacketTap(testbed.theirs)
        try echo(over: testbed, family)
        #expect(tap.received.allSatisfy { $0.checksumIsGood })
        try testbed.link?.waitUntil("all that arrived has passed", .towardsPeer) {
            $0.passed == $0.arrived && $0.passed >= tap.received.count
        }
        #expect(testbed.link?.statistics(.towardsPeer).refused == 0)
        #expect(!tap.frames.contains { $0.octets.count > 1514 })
    }

    @Test func delayIsAddedToTheRoundTrip() throws {
        let delay = Impairment(delay: .milliseconds(15))
        let testbed = try Testbed.impaired(towardsPeer: delay, towardsUs: delay)
        let server = try TestServer(.echo, in: testbed)
        // By the monotonic clock: the wall clock, which stamps frames, may be stepped in between.
        let start = Instant.now
        _ = try TestClient(to: server.address, in: testbed.us)
        #expect(Instant.now.since(start) >= .milliseconds(30))
    }

    @Test func jitterKeepsTheOrder() throws {
        let testbed = try Testbed.impaired(towardsPeer: Impairment(jitter: .milliseconds(3)))
        let numbers = try sendDatagrams(over: testbed, arriving: 40)
        #expect(numbers == Array(0..<40))
    }

    @Test func chanceFollowsFromTheSeed() throws {
        let impairment = Impairment(loss: 0.3, duplication: 0.2, reordering: 0.2)
        let runs = try [7, 7, 8].map { (seed: UInt64) -> [Int] in
            let testbed = try Testbed.impaired(seed: seed, towardsPeer: impairment)
            let tap = try PacketTap(testbed.theirs)
            try send(40, from: testbed)
            try testbed.link?.waitUntil("all is delivered", .towardsPeer) {
                $0.arrived == 40 && $0.passed == 40 - $0.dropped + $0.duplicated
            }
            return datagrams(tap)
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] != runs[2])
        #expect(Set(runs[0]).count < 40)
        #expect(Set(runs[0]).count < runs[0].count)
        #expect(runs[0].sorted() != runs[0])
    }

    @Test func aReorderedPacketComesAfterTheNext() throws {
        let testbed = try Testbed.impaired(towardsPeer: Impairment(reordering: 1))
        let numbers = try sendDatagrams(over: testbed, arriving: 4)
        // The first is held, the second passes it and lets it go, and so on.
        #expect(numbers == [1, 0, 3, 2])
    }

    @Test func corruptionBreaksTheChecksumAndNotTheIPHeader() throws {
        let testbed = try Testbed.impaired(towardsPeer: Impairment(corruption: 1))
        let tap = try PacketTap(testbed.theirs)
        let server = try TestServer(.echo, in: testbed)
        #expect(throws: TestKitError.self) {
            try TestClient(to: server.address, in: testbed.us, limit: .milliseconds(100))
        }
        let syns = tap.received
        #expect(!syns.isEmpty)
        #expect(syns.allSatisfy { !$0.checksumIsGood && $0.destination == server.address })
        #expect(tap.sent.isEmpty)
        #expect(server.accepted == 0)
    }

    @Test func theFirstSYNCanBeDropped() throws {
        let testbed = try Testbed.impaired(rules: [.dropSYN()])
        let (ours, theirs) = (try PacketTap(testbed.ours), try PacketTap(testbed.theirs))
        try echo(over: testbed)
        #expect(ours.sent.filter { $0.flags.contains(.syn) }.count == 2)
        #expect(theirs.received.filter { $0.flags.contains(.syn) }.count == 1)
        #expect(testbed.link?.statistics(.towardsPeer).dropped == 1)
    }

    @Test func theThirdACKCanBeDropped() throws {
        let testbed = try Testbed.impaired(rules: [.dropThirdACK()])
        let server = try TestServer(.neverAccepts, in: testbed)
        let client = try TestClient(to: server.address, in: testbed.us)
        let rows = try SocketTable.read(in: testbed.peer).connections(port: server.address.port)
        #expect(rows.map(\.state) == [.synReceived])
        try client.send(text)
        try waitUntil("data opens the connection") {
            try SocketTable.read(in: testbed.peer).connections(port: server.address.port).map(\.state) == [.established]
        }
    }

    @Test func aFINCanBeDroppedOnce() throws {
        let testbed = try Testbed.impaired(rules: [.dropFIN(.towardsUs)])
        let tap = try PacketTap(testbed.theirs)
        try echo(over: testbed)
        #expect(tap.sent.filter { $0.flags.contains(.fin) }.count >= 2)
    }

    @Test func aSegmentCanBeDuplicatedAndReplaced() throws {
        let twice = LinkRule.segments(.towardsPeer, 1...1, .duplicate) { $0.flags == .syn }
        let testbed = try Testbed.impaired(rules: [twice])
        let tap = try PacketTap(testbed.theirs)
        try echo(over: testbed)
        #expect(tap.received.filter { $0.flags.contains(.syn) }.count == 2)

        testbed.link?.removeRules()
        testbed.link?.add(
            LinkRule { frame, direction, _ in
                guard direction == .towardsUs, frame.tcp != nil else { return nil }
                var octets = frame.octets
                octets[22] = 33
                return .replace(octets)
            }
        )
        let ours = try PacketTap(testbed.ours)
        _ = try? TestClient(
            to: SocketAddress(testbed.theirs.address(.v4), port: 9),
            in: testbed.us,
            limit: .milliseconds(100)
        )
        // A TTL that is changed without its header checksum: the kernel must not believe the RST.
        #expect(ours.received.first?.hopLimit == 33)
    }

    @Test func lossIsSurvivedByTheKernels() throws {
        let loss = Impairment(loss: 0.05, duplication: 0.05, reordering: 0.05, corruption: 0.02)
        let testbed = try Testbed.impaired(seed: 3, towardsPeer: loss, towardsUs: loss)
        let server = try TestServer(.echo, in: testbed)
        let client = try TestClient(to: server.address, in: testbed.us)
        let octets = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try client.send(octets)
        #expect((try client.receive(octets.count) == octets) as Bool)
        #expect(testbed.link?.statistics(.towardsPeer).dropped ?? 0 > 0)
    }

    @Test func nothingPassesAStoppedLink() throws {
        let testbed = try Testbed.impaired()
        try echo(over: testbed)
        testbed.link?.stop()
        let tap = try PacketTap(testbed.theirs)
        try send(3, from: testbed)
        #expect(tap.frames.filter { !$0.outgoing }.isEmpty)
    }

    private func echo(over testbed: Testbed, _ family: IPAddress.Family = .v4) throws {
        let server = try TestServer(.echo, in: testbed, family)
        let client = try TestClient(to: server.address, in: testbed.us)
        try client.send(text)
        #expect(try client.receive(text.count) == text)
        client.endSending()
        #expect(try client.receiveAll() == ([], .eof))
        try server.waitUntil { $0.first?.closed == true }
    }

    /// Sends numbered UDP datagrams, which no kernel repeats.
    private func send(_ count: Int, from testbed: Testbed) throws {
        // A neighbour entry first: the kernel drops all but the last few packets that wait for one.
        try testbed.us.ip(
            "neigh replace \(testbed.theirs.ipv4) lladdr \(testbed.theirs.hardwareAddressText) dev link0 nud permanent"
        )
        let loop = "for i in $(seq 0 \(count - 1)); do echo -n $i > /dev/udp/\(testbed.theirs.ipv4)/9; done"
        try Subprocess.check("bash", ["-c", loop], in: testbed.us)
    }

    private func sendDatagrams(over testbed: Testbed, arriving count: Int) throws -> [Int] {
        let tap = try PacketTap(testbed.theirs)
        try send(count, from: testbed)
        try tap.waitUntil { _ in datagrams(tap).count == count }
        return datagrams(tap)
    }

    private func datagrams(_ tap: PacketTap) -> [Int] {
        tap.frames.compactMap { frame in
            guard !frame.outgoing, frame.etherType == 0x0800, frame.octets.count > 42, frame.octets[23] == 17 else {
                return nil
            }
            return Int(String(decoding: frame.octets[42...], as: UTF8.self))
        }
    }
}
