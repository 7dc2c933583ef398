public import HandprobeWire

/// libslirp, a TCP in user space, between a namespace to probe from and a namespace whose loopback servers it leads to.
///
/// It answers a SYN only when it has connected to the server itself, and from then on speaks its own TCP to either side.
public final class SlirpHost: Sendable {
    /// The namespace that probes run in.
    public let us: NetworkNamespace
    /// The namespace that servers run in, on 127.0.0.1 and ::1.
    public let host: NetworkNamespace
    /// The name of our interface.
    public let interface = "tap0"
    private let program: Subprocess

    /// Makes the namespaces and starts slirp4netns between them.
    public init() throws {
        us = try NetworkNamespace()
        host = try NetworkNamespace()
        let options = ["--netns-type=path", "--configure", "--mtu=1500", "--enable-ipv6", "--disable-dns"]
        program = try Subprocess("slirp4netns", options + [us.path, interface], in: host)
        let (us, interface) = (us, interface)
        try waitUntil("slirp4netns has made its interface") {
            (try? us.run { try InterfaceFacts(of: interface).isRunning }) == true
        }
        // The way that libslirp's router advertisements would show, without waiting for one.
        try us.ip("addr add fd00::100/64 dev \(interface) nodad")
        try waitUntil("the interface has its addresses") {
            try us.contents(of: "/proc/net/fib_trie").contains("10.0.2.100")
        }
    }

    /// The address by which it leads to the loopback of `host`: 10.0.2.2 or fd00::2.
    public func address(_ family: IPAddress.Family) -> IPAddress {
        switch family {
        case .v4: .v4(IPv4Address(0x0A00_0202))
        case .v6: .v6(IPv6Address(0xFD00 << 112 | 2))
        }
    }

    /// Starts a server that treats connections by `behavior` on the loopback of `host`.
    public func serve(_ behavior: TestServer.Behavior, _ family: IPAddress.Family) throws -> TestServer {
        let address: IPAddress = family == .v4 ? .v4(.loopback) : .v6(.loopback)
        return try TestServer(behavior, on: SocketAddress(address, port: 0), in: host)
    }
}
