public import HandprobeWire

/// A host behind whose TCP there is no kernel: lwIP, at the other end of an interface of a namespace to probe from.
///
/// `Tests/ForeignStacks/lwip-server.c` says what its ports do.
public final class LwipHost: Sendable {
    /// The namespace that probes run in.
    public let us: NetworkNamespace
    /// Our interface, `link0`: 10.77.0.1 and fd77::1.
    public let ours: NetworkInterface
    private let port: FramePort
    private let server: Subprocess

    /// Starts `program`, which is lwip-server as it was built.
    public init(_ program: String) throws {
        us = try NetworkNamespace()
        port = try FramePort(in: us)
        ours = try NetworkInterface(named: FramePort.interface, in: us, subnet: .first, host: 1)
        let addresses = ["\(Subnet.first.ipv4(2))", "\(Subnet.first.ipv6(2))"]
        server = try Subprocess(program, addresses, streams: .wire(port))
        _ = try server.waitForLine { $0 == "ready" }
    }

    /// Its address of a family: 10.77.0.2 or fd77::2.
    public func address(_ family: IPAddress.Family) -> IPAddress {
        switch family {
        case .v4: .v4(Subnet.first.ipv4(2))
        case .v6: .v6(Subnet.first.ipv6(2))
        }
    }

    /// What its applications have seen so far, one event a line.
    public var events: [String] { server.lines().filter { $0.contains(": ") } }

    /// Its connections now: `7:40000=ESTABLISHED`.
    public var table: [String] {
        let last = server.lines().last { $0 == "table" || $0.hasPrefix("table ") }
        return last?.split(separator: " ").dropFirst().map(String.init) ?? []
    }
}
