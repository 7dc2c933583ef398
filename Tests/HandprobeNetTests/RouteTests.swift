import HandprobeNet
import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(Needs.namespaces)
struct RouteTests {
    @Test(arguments: [("127.0.0.1", "127.0.0.1"), ("127.9.9.9", "127.0.0.1"), ("::1", "::1")])
    func loopback(destination: String, source: String) throws {
        let route = try NetworkNamespace().run { try lookup(destination) }
        #expect(route.interface.name == "lo")
        #expect(route.interface.isLoopback)
        #expect(route.isLocal)
        #expect(route.source == IPAddress(source))
        #expect(route.nextHop == nil)
        #expect(route.maximumTransmissionUnit == 65536)
    }

    @Test(arguments: bothFamilies)
    func ourOwnAddressIsReachedByLoopback(family: IPAddress.Family) throws {
        let bed = try Testbed.veth()
        let address = bed.ours.address(family)
        let route = try bed.us.run { try Route.lookup(to: SocketAddress(address, port: 80)) }
        #expect(route.interface.name == "lo")
        #expect(route.isLocal)
        #expect(route.source == address)
    }

    @Test(arguments: bothFamilies)
    func aNeighbourIsOnTheLink(family: IPAddress.Family) throws {
        let bed = try Testbed.veth()
        let route = try bed.us.run { try Route.lookup(to: SocketAddress(bed.theirs.address(family), port: 80)) }
        #expect(route.interface.name == bed.ours.name)
        #expect(route.interface.index == bed.ours.index)
        #expect(route.interface.hardwareAddress == bed.ours.hardwareAddress)
        #expect(route.source == bed.ours.address(family))
        #expect(route.nextHop == nil)
        #expect(!route.isLocal)
        #expect(route.maximumTransmissionUnit == 1500)
        #expect(route.maximumSegmentSize == (family == .v4 ? 1460 : 1440))
        #expect(route.scope == 0)
    }

    @Test func metricsAndRouterComeFromTheRoute() throws {
        let bed = try Testbed.veth()
        let gateway = bed.theirs.ipv4
        try bed.us.ip("route add 198.51.100.0/24 via \(gateway) mtu 1400 advmss 1300 hoplimit 33")
        let route = try bed.us.run { try lookup("198.51.100.9") }
        #expect(route.nextHop == .v4(gateway))
        #expect(route.maximumTransmissionUnit == 1400)
        #expect(route.advertisedMSS == 1300)
        #expect(route.maximumSegmentSize == 1300)
        #expect(route.hopLimit == 33)
    }

    @Test(arguments: ["198.51.100.9", "2001:db8:9::9"])
    func everyKindOfRefusalHasItsOwnName(destination: String) throws {
        let address = try #require(IPAddress(destination))
        let kinds: [(String, RouteError)] = [
            ("unreachable", .unreachable(address)), ("prohibit", .prohibited(address)),
            ("blackhole", .blackhole(address)),
        ]
        let namespace = try NetworkNamespace()
        #expect(throws: RouteError.noRoute(address)) { try namespace.run { try lookup(destination) } }
        for (kind, error) in kinds {
            try namespace.ip("route add \(kind) \(destination)")
            #expect(throws: error) { try namespace.run { try lookup(destination) } }
            try namespace.ip("route del \(kind) \(destination)")
        }
    }

    @Test func rulesForOneTCPPortAreHeeded() throws {
        let bed = try Testbed.veth()
        let address = IPAddress.v4(bed.theirs.ipv4)
        try bed.us.ip("rule add ipproto tcp dport 4242 lookup 100", "route add prohibit \(address) table 100")
        #expect(throws: RouteError.prohibited(address)) {
            try bed.us.run { try Route.lookup(to: SocketAddress(address, port: 4242)) }
        }
        #expect(throws: Never.self) { try bed.us.run { try Route.lookup(to: SocketAddress(address, port: 4243)) } }
    }

    @Test func groupsAndNobodyAreRefused() throws {
        let bed = try Testbed.veth()
        let prefix = bed.ours.ipv4.rawValue & 0xFFFF_FF00
        let broadcast = IPAddress.v4(IPv4Address(prefix | 0xFF))
        try bed.us.run { () throws in
            #expect(throws: RouteError.broadcast(broadcast)) { try lookup("\(broadcast)") }
            #expect(throws: RouteError.broadcast(IPAddress("255.255.255.255")!)) { try lookup("255.255.255.255") }
            #expect(throws: RouteError.multicast(IPAddress("224.0.0.1")!)) { try lookup("224.0.0.1") }
            #expect(throws: RouteError.multicast(IPAddress("ff02::1")!)) { try lookup("ff02::1") }
            #expect(throws: RouteError.unspecified(IPAddress("0.0.0.0")!)) { try lookup("0.0.0.0") }
            #expect(throws: RouteError.unspecified(IPAddress("::")!)) { try lookup("::") }
        }
    }

    @Test func linkLocalNeedsItsLink() throws {
        let bed = try Testbed.veth()
        let address = IPAddress.v6(bed.theirs.linkLocal)
        try bed.us.run { () throws in
            #expect(throws: RouteError.missingScope(address)) { try lookup("\(address)") }
            let byScope = try Route.lookup(to: SocketAddress(address, port: 80, scope: bed.ours.index))
            let byName = try Route.lookup(to: SocketAddress(address, port: 80), interface: bed.ours.name)
            for route in [byScope, byName] {
                #expect(route.interface.name == bed.ours.name)
                #expect(route.source == .v6(bed.ours.linkLocal))
                #expect(route.remote(port: 80) == SocketAddress(address, port: 80, scope: bed.ours.index))
                #expect(route.local(port: 7).scope == bed.ours.index)
            }
            #expect(byName.isInterfaceForced)
            #expect(!byScope.isInterfaceForced)
        }
        let found = try bed.us.run { try HostResolver.resolve("\(address)%\(bed.ours.name)") }
        #expect(found == [SocketAddress(address, port: 0, scope: bed.ours.index)])
    }

    @Test func theSourceMustBeOurs() throws {
        let bed = try Testbed.veth()
        let peer = SocketAddress(.v4(bed.theirs.ipv4), port: 80)
        try bed.us.run { () throws in
            #expect(try Route.lookup(to: peer, from: .v4(bed.ours.ipv4)).source == .v4(bed.ours.ipv4))
            #expect(throws: RouteError.sourceNotOurs(peer.address)) { try Route.lookup(to: peer, from: peer.address) }
            let other = IPAddress.v6(bed.ours.ipv6)
            #expect(throws: RouteError.familyMismatch(source: other, destination: peer.address)) {
                try Route.lookup(to: peer, from: other)
            }
            #expect(try Route.isOurs(.v4(bed.ours.ipv4)))
            #expect(try Route.isOurs(.v6(bed.ours.linkLocal), scope: bed.ours.index))
            #expect(try !Route.isOurs(peer.address))
        }
    }

    @Test func anInterfaceThatIsDownOrMissingIsNamed() throws {
        let bed = try Testbed.veth()
        let peer = SocketAddress(.v4(bed.theirs.ipv4), port: 80)
        func lookup() throws { _ = try bed.us.run { try Route.lookup(to: peer, interface: bed.ours.name) } }
        #expect(throws: Never.self) { try lookup() }
        try bed.peer.ip("link set \(bed.theirs.name) down")
        #expect(throws: RouteError.noCarrier(bed.ours.name)) { try lookup() }
        try bed.us.ip("link set \(bed.ours.name) down")
        #expect(throws: RouteError.interfaceDown(bed.ours.name)) { try lookup() }
        #expect(throws: RouteError.noSuchInterface("nowhere0")) {
            try bed.us.run { try Route.lookup(to: peer, interface: "nowhere0") }
        }
        #expect(throws: RouteError.noSuchInterface("a name far too long for one")) {
            try bed.us.run { try Route.lookup(to: peer, interface: "a name far too long for one") }
        }
    }

    private func lookup(_ destination: String) throws -> Route {
        try Route.lookup(to: SocketAddress(try #require(IPAddress(destination)), port: 80))
    }
}
