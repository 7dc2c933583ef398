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
    let report: ReportOptions
    let template: SegmentTemplate
    let wait: Duration

    /// Sends to the first address that has a route, and returns the exit code.
    func run(_ target: Target) throws -> ExitCode {
        try Privileges.requireRawSockets()
        let way = try Path.all(to: target, path)[0]
        let portGuard = try way.guardPort(path.sourcePort)
        let local = portGuard.local
        let guards = portGuard.kinds.map(\.rawValue)
        var settings = TransportSettings(routes: [way.route], localPorts: [local.port])
        if template.isIPHeaderForcedWrong { settings.frameRoutes = [way.route] }
        let transport = try NetTransport(settings)
        transport.hold(portGuard)
        try Privileges.dropAll()

        let style = Console.style(report)
        Console.say(way.header(local: local, guards: guards).lines(style: style))
        let plan = plan(way, local: local)
        let reporter = CraftedReporter(wait: wait, style: style)
        let engine = Engine(transport: transport, observer: reporter)
        engine.add(.crafted(plan))
        engine.run()
        return ExitCode(of: reporter.verdict?.outcome, interruptedBy: engine.interruptedBy)
    }

    private func plan(_ way: Path, local: SocketAddress) -> CraftedPlan {
        var template = template
        let defaults = SystemDefaults.current
        let shape = PacketShape(
            hopLimit: template.ip.hopLimit ?? defaults.hopLimit(along: way.route),
            trafficClass: template.ip.trafficClass ?? 0,
            identification: UInt16(truncatingIfNeeded: Entropy.uint32() | 1)
        )
        template.ip.hopLimit = shape.hopLimit
        template.ip.identification = template.ip.identification ?? shape.identification
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
            path: template.isIPHeaderForcedWrong ? .packetSocket : .rawSocket
        )
        let flow = FourTuple(local: local, remote: way.remote)
        return CraftedPlan(flow: flow, packet: packet, segment: segment, shape: shape, wait: wait)
    }
}

/// Shows the crafted segment and its answers, a line each.
final class CraftedReporter: EngineObserver {
    private let wait: Duration
    private let style: TextStyle
    private var lines: AnswerLines?
    private var eventCount = 0
    /// The result, once it is known.
    private(set) var verdict: Verdict?

    init(wait: Duration, style: TextStyle) {
        self.wait = wait
        self.style = style
    }

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        var lines = lines ?? AnswerLines(sentAt: event.time, style: style)
        Console.say(lines.lines(for: event, reading: reading, index: eventCount))
        self.lines = lines
        eventCount += 1
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        self.verdict = verdict
        if let lines { Console.say(lines.end(after: wait)) }
        Console.say(FindingsText.lines(verdict.findings, style: style))
    }
}
