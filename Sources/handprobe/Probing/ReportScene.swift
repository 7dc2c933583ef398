import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Where a conversation takes place: what its report says beside its events.
struct ReportScene {
    /// The connection.
    let flow: FourTuple
    /// The first lines for a person.
    let header: RunHeader
    private let transport: NetTransport

    /// Where a client came to us, by a route back to it.
    init(servedAt flow: FourTuple, on interface: String, guards: [String], transport: NetTransport) {
        self.flow = flow
        header = RunHeader(
            local: flow.local, remote: flow.remote, interface: interface, guards: guards, isPassive: true)
        self.transport = transport
    }

    init(_ way: Path, local: SocketAddress, guards: [String], transport: NetTransport) {
        flow = FourTuple(local: local, remote: way.remote)
        header = way.header(local: local, guards: guards)
        self.transport = transport
    }

    init(_ way: Path, from port: GuardedPort, transport: NetTransport) {
        let guards = port.portGuard.kinds.map(\.rawValue)
        self.init(way, local: port.portGuard.local, guards: guards, transport: transport)
    }

    /// How this machine stands now.
    var circumstances: RunCircumstances {
        RunCircumstances(
            time: transport.wallClock(of: transport.now),
            guards: header.guards,
            likeness: header.likeness,
            clockError: transport.clockError,
            captures: transport.captureStatistics.map {
                RunCircumstances.Capture(interface: $0.interface, received: $0.received, dropped: $0.dropped)
            }
        )
    }
}
