import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// A guarded socket at which clients are awaited and served.
struct Reception {
    let socket: SocketAddress
    let policy: ListenPolicy
    let service: Service
    let format: ReportFormat
    let record: RecordOptions

    /// Serves the clients that come, and returns the exit code.
    func run() throws -> ExitCode {
        let home = try checkAddress()
        try Privileges.requireRawSockets()
        let own = try NetworkInterface.having(socket)
        let portGuard = try PortGuard(local: socket, vrf: own.first?.vrf, purpose: .clients)
        let guards = portGuard.kinds
        let interfaces = interfaces(home.interface, own)
        let settings = TransportSettings(
            listeningOn: interfaces,
            families: [socket.address.family],
            localPorts: [socket.port]
        )
        let record = try record.open("listen", socket.description)
        let transport = try NetTransport(settings)
        transport.hold(portGuard)
        try Privileges.dropAll()
        record?.begin(transport)

        let desk = FrontDesk(
            socket: socket, policy: policy, service: service, format: format, guards: guards.map(\.rawValue),
            transport: transport, record: record)
        let engine = Engine(transport: transport, observer: record?.observer(before: desk) ?? desk)
        engine.listen(on: socket, policy, host: desk)
        announce(interfaces, guards)
        engine.run()
        record?.end(transport)
        desk.finish(interrupted: engine.interruptedBy != nil)
        transport.closeCaptures()
        if let problem = desk.problem { throw problem }
        let code = ExitCode(of: desk.outcome, interruptedBy: engine.interruptedBy)
        return record?.code(code) ?? code
    }

    /// The way to our own address; throws when it is none, or when it is not said who may come there.
    private func checkAddress() throws -> Route {
        let address = socket.address
        if address.isIPv4Mapped {
            throw ValidationError("\(address) is an IPv4 address in IPv6 notation: write it as IPv4")
        }
        let route = try Route.lookup(to: socket)
        guard route.isLocal else { throw RouteError.sourceNotOurs(address) }
        if let other = policy.from.first(where: { $0.first.family != address.family }) {
            throw ValidationError("\(address) and --from \(other) are of different families: nobody could come")
        }
        if policy.from.isEmpty, !address.isLoopback {
            throw ValidationError(
                "\(address) can be reached from outside this host: say with --from who may come, as in --from "
                    + (address.family == .v4 ? "192.0.2.0/24" : "2001:db8::/64")
            )
        }
        return route
    }

    /// Where clients can come in: the interface of our address, the ways to where they are, and `lo` for those of this host.
    private func interfaces(_ loopback: NetworkInterface, _ own: [NetworkInterface]) -> [NetworkInterface] {
        let ways = policy.from.compactMap { block in
            let scope = block.first.isLinkLocal ? socket.scope : 0
            return try? Route.lookup(to: SocketAddress(block.sample, port: 0, scope: scope)).interface
        }
        var interfaces: [NetworkInterface] = []
        for interface in own + ways + [loopback] where !interfaces.contains(where: { $0.index == interface.index }) {
            interfaces.append(interface)
        }
        return interfaces
    }

    private func announce(_ interfaces: [NetworkInterface], _ guards: [GuardKind]) {
        if guards == [.minHopLimit] {
            Console.complain(
                "only a least hop limit guards this port: from clients that send with a hop limit of 255 this host's kernel "
                    + "is not kept out, and the report will say so"
            )
        }
        let names = interfaces.map(\.name).joined(separator: ", ")
        let end = policy.wait.map { "for \(DurationText.length($0))" } ?? "until Ctrl-C"
        Console.complain("listening on \(socket), interface \(names); waiting for a client \(end)")
    }
}

extension AddressBlock {
    /// An address of the block that a host can have.
    fileprivate var sample: IPAddress {
        switch first {
        case .v4(let address) where prefixLength < 31: .v4(IPv4Address(address.rawValue | 1))
        case .v6(let address) where prefixLength < 127: .v6(IPv6Address(address.rawValue | 1))
        default: first
        }
    }
}
