import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// Sends one crafted segment and shows what comes back.
struct CraftedProbe {
    let path: PathOptions
    let format: ReportFormat
    let template: SegmentTemplate
    let key: SignatureKey?
    let wait: Duration
    let record: RecordOptions

    /// Sends to the first address that has a route, and returns the exit code.
    func run(_ target: Target) throws -> ExitCode {
        try Privileges.requireRawSockets()
        let way = try Path.all(to: target, path)[0]
        let portGuard = try way.guardPort(path.sourcePort)
        let local = portGuard.local
        let guards = portGuard.kinds.map(\.rawValue)
        var settings = TransportSettings(routes: [way.route], localPorts: [local.port])
        let plan = plan(way, local: local)
        if plan.packet.path == .packetSocket { settings.frameRoutes = [way.route] }
        let record = try record.open("send", target.description)
        let transport = try NetTransport(settings)
        transport.hold(portGuard)
        try Privileges.dropAll()
        record?.begin(transport)

        let scene = ReportScene(way, local: local, guards: guards, transport: transport)
        let reporter = ProbeReporter(format.answers(scene), showsProgress: format.showsProgress)
        let engine = Engine(transport: transport, observer: record?.observer(before: reporter) ?? reporter)
        record?.announce(scene, .answer)
        engine.add(.crafted(plan))
        engine.run()
        record?.end(transport)
        reporter.finish()
        transport.closeCaptures()
        let code = ExitCode(of: reporter.verdict?.outcome, interruptedBy: engine.interruptedBy)
        return record?.code(code) ?? code
    }

    private func plan(_ way: Path, local: SocketAddress) -> CraftedPlan {
        var template = template
        template.fillIn(towards: way.remote.address.family, along: way.route)
        if let key { template.sign(with: key, from: local, to: way.remote) }
        let shape = PacketShape(
            hopLimit: template.ip.hopLimit ?? 64,
            trafficClass: template.ip.trafficClass ?? 0,
            flowLabel: template.ip.flowLabel ?? 0,
            identification: UInt16(truncatingIfNeeded: Entropy.uint32() | 1)
        )
        var segment = TCPSegment(
            seq: template.seq ?? SequenceNumber(0),
            flags: template.flags ?? [],
            wnd: template.window ?? 0,
            options: template.options ?? TCPOptions(),
            payload: template.payload ?? []
        )
        segment.header.acknowledgmentNumber = template.ack ?? SequenceNumber(0)
        let packet = OutgoingPacket(
            octets: template.packet(from: local, to: way.remote),
            destination: way.remote,
            path: needsPacketSocket(template, way, local: local) ? .packetSocket : .rawSocket
        )
        let flow = FourTuple(local: local, remote: way.remote)
        return CraftedPlan(flow: flow, packet: packet, segment: segment, shape: shape, key: key, wait: wait)
    }
}

extension CraftedProbe {
    /// True when a raw socket would not send the packet as it is.
    ///
    /// To an address of this host an identification of 0 goes by raw socket all the same: what a packet socket puts on
    /// `lo` from one of the host's own IPv4 addresses Linux drops as a martian, however right it is. That the kernel
    /// replaced the 0 is seen and said.
    private func needsPacketSocket(_ template: SegmentTemplate, _ way: Path, local: SocketAddress) -> Bool {
        guard template.isIPHeaderForcedWrong else { return false }
        var right = template
        right.ip.length = nil
        right.ip.checksum = nil
        guard right.packet(from: local, to: way.remote) == template.packet(from: local, to: way.remote) else {
            return true
        }
        return way.remote.address.family == .v4 && template.ip.identification == 0 && !way.route.isLocal
    }
}
