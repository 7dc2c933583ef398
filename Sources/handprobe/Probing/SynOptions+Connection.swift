import HandprobeEngine
import HandprobeNet
import HandprobeTCP
import HandprobeWire

extension SynOptions {
    /// How our end of a connection behaves along `route`: as a current Linux host, where nothing else was asked for.
    func connection(
        _ flow: FourTuple,
        along route: Route,
        defaults: SystemDefaults = .current
    ) throws -> ConnectionConfiguration {
        var connection = ConnectionConfiguration(
            iss: SequenceNumber(isn ?? Entropy.uint32()),
            localPort: flow.local.port,
            remotePort: flow.remote.port
        )
        connection.timestampOffset = Entropy.uint32()
        connection.synOptions = try tcpOptions(
            pathMSS: route.maximumSegmentSize,
            defaults: defaults,
            timestamp: connection.timestampOffset
        )
        connection.refreshesTimestamps = optionsHex == nil
        connection.synWindow = win ?? defaults.window(mss: mss ?? route.maximumSegmentSize)
        connection.maximumSegment = Int(route.maximumSegmentSize)
        connection.defaultPeerMSS = flow.remote.address.family == .v4 ? 536 : 1220
        connection.timeWait = .seconds(60)
        return connection
    }
}

extension PacketShape {
    /// The IP header of a conversation along `route`; the system's hop limit where none was asked for.
    init(along route: Route, hopLimit: UInt8? = nil, trafficClass: UInt8 = 0) {
        self.init(
            hopLimit: hopLimit ?? SystemDefaults.current.hopLimit(along: route),
            trafficClass: trafficClass,
            flowLabel: Entropy.uint32() & 0xFFFFF,
            identification: UInt16(truncatingIfNeeded: Entropy.uint32() | 1)
        )
    }
}
