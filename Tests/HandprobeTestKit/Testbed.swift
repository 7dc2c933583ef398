import HandprobeWire

/// Two network namespaces, ours and the peer's, joined so that a probe in one can reach a server in the other.
public final class Testbed: Sendable {
    /// The namespace that probes run in.
    public let us: NetworkNamespace
    /// The namespace that servers run in.
    public let peer: NetworkNamespace
    /// The namespace between them, where there is a router: its addresses are the .254 of both networks.
    public let router: NetworkNamespace?
    /// Our end of each path.
    public let ourInterfaces: [NetworkInterface]
    /// The peer's end of each path.
    public let peerInterfaces: [NetworkInterface]
    /// The router's ends: towards us, towards the peer.
    public let routerInterfaces: [NetworkInterface]

    /// The link with impairments, where the two are not joined by veth.
    public let link: ImpairedLink?

    /// Our end of the first path: 10.77.0.1 and fd77::1.
    public var ours: NetworkInterface { ourInterfaces[0] }
    /// The peer's end of the first path: 10.77.0.2 and fd77::2, or in network 78 when there is a router.
    public var theirs: NetworkInterface { peerInterfaces[0] }

    private init(
        us: NetworkNamespace,
        peer: NetworkNamespace,
        router: NetworkNamespace? = nil,
        ourInterfaces: [NetworkInterface],
        peerInterfaces: [NetworkInterface],
        routerInterfaces: [NetworkInterface] = [],
        link: ImpairedLink? = nil
    ) {
        self.us = us
        self.peer = peer
        self.router = router
        self.ourInterfaces = ourInterfaces
        self.peerInterfaces = peerInterfaces
        self.routerInterfaces = routerInterfaces
        self.link = link
    }

    /// Two namespaces joined by one veth pair, `veth0` at both ends.
    ///
    /// Without offloads, checksums are filled in on the link and no frame is larger than the MTU.
    public static func veth(offloads: Bool = true) throws -> Testbed {
        let (us, peer) = (try NetworkNamespace(), try NetworkNamespace())
        let (ours, theirs) = try join(us, peer, "veth0", "veth0", .first, hosts: (1, 2), offloads: offloads)
        return Testbed(us: us, peer: peer, ourInterfaces: [ours], peerInterfaces: [theirs])
    }

    /// Two namespaces joined by an `ImpairedLink`, `link0` at both ends.
    ///
    /// TAP devices carry the frames; `withoutTap`, or where there can be none, packet sockets on veth do.
    public static func impaired(
        seed: UInt64 = 1,
        towardsPeer: Impairment = .none,
        towardsUs: Impairment = .none,
        rules: [LinkRule] = [],
        withoutTap: Bool = false
    ) throws -> Testbed {
        let (us, peer) = (try NetworkNamespace(), try NetworkNamespace())
        let kind: FramePort.Kind? = withoutTap ? .packetSocket : nil
        let ports = (try FramePort(in: us, kind: kind), try FramePort(in: peer, kind: kind))
        let ours = try NetworkInterface(named: FramePort.interface, in: us, subnet: .first, host: 1)
        let theirs = try NetworkInterface(named: FramePort.interface, in: peer, subnet: .first, host: 2)
        let link = try ImpairedLink(
            us: ports.0,
            peer: ports.1,
            seed: seed,
            towardsPeer: towardsPeer,
            towardsUs: towardsUs,
            rules: rules
        )
        return Testbed(us: us, peer: peer, ourInterfaces: [ours], peerInterfaces: [theirs], link: link)
    }

    /// Two namespaces joined by two veth pairs, `veth0` and `veth1`, in networks 77 and 78.
    ///
    /// With `asymmetric`, what the peer sends to our address of the first path comes by the second.
    public static func twoPaths(asymmetric: Bool = true) throws -> Testbed {
        let (us, peer) = (try NetworkNamespace(), try NetworkNamespace())
        for namespace in [us, peer] {
            for name in ["all", "default"] { try namespace.sysctl("net.ipv4.conf.\(name).rp_filter", "0") }
        }
        let (ours, theirs) = try join(us, peer, "veth0", "veth0", .first, hosts: (1, 2), offloads: true)
        let (ourSecond, theirSecond) = try join(us, peer, "veth1", "veth1", .second, hosts: (1, 2), offloads: true)
        if asymmetric {
            // A host answers neighbour solicitations only for addresses of the interface asked on, hence the fixed entries.
            let lladdr = ourSecond.hardwareAddressText
            try peer.ip(
                "route add \(ours.ipv4)/32 dev veth1 src \(theirs.ipv4)",
                "neigh replace \(ours.ipv4) lladdr \(lladdr) dev veth1 nud permanent",
                "route add \(ours.ipv6)/128 dev veth1 src \(theirs.ipv6)",
                "neigh replace \(ours.ipv6) lladdr \(lladdr) dev veth1 nud permanent"
            )
        }
        return Testbed(us: us, peer: peer, ourInterfaces: [ours, ourSecond], peerInterfaces: [theirs, theirSecond])
    }

    /// Two namespaces with a router between them: us 10.77.0.1, router .254 on both sides, peer 10.78.0.2.
    public static func routed() throws -> Testbed {
        let (us, peer, router) = (try NetworkNamespace(), try NetworkNamespace(), try NetworkNamespace())
        try router.sysctl("net.ipv4.ip_forward", "1")
        try router.sysctl("net.ipv6.conf.all.forwarding", "1")
        // A router that may send one ICMP error a second would make tests wait.
        try router.sysctl("net.ipv4.icmp_ratelimit", "0")
        try router.sysctl("net.ipv6.icmp.ratelimit", "0")
        let (ours, near) = try join(us, router, "veth0", "veth0", .first, hosts: (1, 254), offloads: true)
        let (theirs, far) = try join(peer, router, "veth0", "veth1", .second, hosts: (2, 254), offloads: true)
        try us.ip("route add default via \(near.ipv4)", "route add default via \(near.ipv6)")
        try peer.ip("route add default via \(far.ipv4)", "route add default via \(far.ipv6)")
        return Testbed(
            us: us,
            peer: peer,
            router: router,
            ourInterfaces: [ours],
            peerInterfaces: [theirs],
            routerInterfaces: [near, far]
        )
    }

    private static let indices = Monitor(100)

    /// Makes a veth pair between two namespaces.
    static func pair(_ a: NetworkNamespace, _ nameInA: String, _ b: NetworkNamespace, _ nameInB: String) throws {
        // Different indices: a kernel takes a veth end whose peer has its own index for a card, and looks at a card's
        // carrier only once a second.
        let index = indices.withLock { indices in
            indices += 2
            return indices
        }
        let second = "name \(nameInB) index \(index + 1) netns \(b.path)"
        try a.ip("link add \(nameInA) index \(index) type veth peer \(second)")
    }

    private static func join(
        _ a: NetworkNamespace,
        _ b: NetworkNamespace,
        _ nameInA: String,
        _ nameInB: String,
        _ subnet: Subnet,
        hosts: (UInt8, UInt8),
        offloads: Bool
    ) throws -> (NetworkInterface, NetworkInterface) {
        try pair(a, nameInA, b, nameInB)
        // Both ends must be up before either has a carrier.
        try b.ip("link set \(nameInB) up")
        if !offloads {
            try a.switchOffOffloads(of: nameInA)
            try b.switchOffOffloads(of: nameInB)
        }
        return (
            try NetworkInterface(named: nameInA, in: a, subnet: subnet, host: hosts.0),
            try NetworkInterface(named: nameInB, in: b, subnet: subnet, host: hosts.1)
        )
    }
}

extension NetworkInterface {
    /// Its hardware address as `ip` writes it.
    public var hardwareAddressText: String {
        hardwareAddress.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
