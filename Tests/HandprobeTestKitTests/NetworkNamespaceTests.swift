import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(.enabled(if: TestEnvironment.canUseNamespaces, "NOT TESTED: no network namespaces here (needs CAP_SYS_ADMIN)"))
struct NetworkNamespaceTests {
    @Test func namespaceIsApartFromOurs() throws {
        let namespace = try NetworkNamespace()
        let names = try Subprocess.check("ip", ["-o", "link"], in: namespace).stdout.split(separator: "\n")
        #expect(names.count == 1)
        #expect(names.first?.contains("lo: <LOOPBACK,UP") == true)
        try namespace.ip("link add inside type veth peer name other")
        #expect(!(try Subprocess.check("ip", ["-o", "link"]).stdout.contains("inside")))
    }

    @Test func runLeavesTheCallersNamespaceAlone() throws {
        let before = try Subprocess.check("readlink", ["/proc/self/ns/net"]).stdout
        let namespace = try NetworkNamespace()
        let inside = try Subprocess.check("readlink", ["/proc/self/ns/net"], in: namespace).stdout
        #expect(try namespace.contents(of: "/proc/net/dev").contains("lo:"))
        #expect(inside != before)
        #expect(try Subprocess.check("readlink", ["/proc/self/ns/net"]).stdout == before)
    }

    @Test func runHandsOnErrors() throws {
        let namespace = try NetworkNamespace()
        #expect(throws: TestKitError.missing("x")) { try namespace.run { throw TestKitError.missing("x") } }
    }

    @Test func sysctlReachesOnlyTheNamespace() throws {
        let namespace = try NetworkNamespace()
        let before = try Subprocess.check("cat", ["/proc/sys/net/ipv4/tcp_fin_timeout"]).stdout
        try namespace.sysctl("net.ipv4.tcp_fin_timeout", "7")
        #expect(try namespace.contents(of: "/proc/sys/net/ipv4/tcp_fin_timeout") == "7\n")
        #expect(try Subprocess.check("cat", ["/proc/sys/net/ipv4/tcp_fin_timeout"]).stdout == before)
    }

    @Test(.enabled(if: TestEnvironment.has("nft"), "NOT TESTED: nft is not installed"))
    func nftRefusesInThePeersNamespaceOnly() throws {
        let testbed = try Testbed.veth()
        let server = try TestServer(.echo, in: testbed)
        try testbed.peer.nft(
            "add table ip t; add chain ip t in { type filter hook input priority 0; }; "
                + "add rule ip t in tcp dport \(server.address.port) reject with icmp type admin-prohibited")
        #expect(throws: TestKitError.self) { try TestClient(to: server.address, in: testbed.us) }
        #expect(server.accepted == 0)
    }

    @Test(arguments: [IPAddress.Family.v4, .v6])
    func vethCarriesBothFamilies(family: IPAddress.Family) throws {
        let testbed = try Testbed.veth()
        let server = try TestServer(.echo, in: testbed, family)
        let client = try TestClient(to: server.address, in: testbed.us)
        try client.send(Array("hello".utf8))
        #expect(try client.receive(5) == Array("hello".utf8))
        #expect(client.local.address == testbed.ours.address(family))
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let seen = try server.waitUntil { $0.first?.closed == true }
        #expect(seen[0].remote.port == client.local.port)
    }

    @Test func vethCarriesLinkLocal() throws {
        let testbed = try Testbed.veth()
        let server = try TestServer(
            .echo,
            on: SocketAddress(.v6(testbed.theirs.linkLocal), port: 0, scope: testbed.theirs.index),
            in: testbed.peer
        )
        let target = SocketAddress(server.address.address, port: server.address.port, scope: testbed.ours.index)
        let client = try TestClient(to: target, in: testbed.us)
        #expect(client.local.address == .v6(testbed.ours.linkLocal))
    }

    @Test(arguments: [IPAddress.Family.v4, .v6])
    func routerLiesBetweenUsAndThePeer(family: IPAddress.Family) throws {
        let testbed = try Testbed.routed()
        let tap = try PacketTap(testbed.theirs)
        let server = try TestServer(.echo, in: testbed, family)
        _ = try TestClient(to: server.address, in: testbed.us)
        let syn = try #require(tap.received.first { $0.flags == .syn || $0.flags == [.syn, .ece, .cwr] })
        #expect(syn.hopLimit == 63)
        #expect(syn.source.address == testbed.ours.address(family))
    }

    @Test(arguments: [IPAddress.Family.v4, .v6])
    func answersComeBySecondPath(family: IPAddress.Family) throws {
        let testbed = try Testbed.twoPaths()
        let (first, second) = (try PacketTap(testbed.ours), try PacketTap(testbed.ourInterfaces[1]))
        let server = try TestServer(.echo, in: testbed, family)
        let client = try TestClient(to: server.address, in: testbed.us)
        #expect(client.local.address == testbed.ours.address(family))
        #expect(first.sent.count >= 2)
        #expect(first.received.isEmpty)
        #expect(second.received.contains { $0.flags.isSuperset(of: [.syn, .ack]) })
        #expect(second.sent.isEmpty)
    }
}
