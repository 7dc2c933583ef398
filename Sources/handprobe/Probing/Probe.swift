import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// One probe of a target by a course: what `open` and `close` have in common.
struct Probe {
    /// The command's name, for what is kept.
    let command: String
    let syn: SynOptions
    let offer: OfferOptions
    let signature: SignatureOptions
    let path: PathOptions
    let patience: PatienceOptions
    let format: ReportFormat
    let course: Course
    let isStepped: Bool
    let record: RecordOptions

    /// What comes from files and makes our segments what they are.
    struct Look {
        let likeness: SynLikeness?
        let key: SignatureKey?

        init(_ like: String?, _ key: SignatureKey?) throws {
            likeness = try like.map { try SynLikeness(readingFrom: $0, hasKey: key != nil) }
            self.key = key
        }
    }

    /// Probes the first address that has a route, or each of them in turn, and returns the exit code.
    ///
    /// With several addresses it is that of the first run that was not as expected.
    func run(_ target: Target, everyAddress: Bool) throws -> ExitCode {
        let key = try signature.key()
        try Privileges.requireRawSockets()
        let ways = try Path.all(to: target, path).prefix(everyAddress ? .max : 1)
        let ports = try ways.map { GuardedPort(try $0.guardPort(path.sourcePort)) }
        var settings = TransportSettings(
            routes: ways.map(\.route),
            localPorts: ports.map { $0.portGuard.local.port }
        )
        settings.readsLines = isStepped
        try refuseToWriteOverWhatIsRead()
        let record = try record.open(command, target.description)
        let transport = try NetTransport(settings)
        try Privileges.dropAll()
        record?.begin(transport)
        var worst = ExitCode.success
        do {
            defer { record?.end(transport) }
            let look = try Look(offer.like, key)
            for (index, (way, port)) in zip(ways, ports).enumerated() {
                var way = way
                way.likeness = look.likeness?.words(syn, path)
                let code = try run(
                    way, look, from: port, over: transport, conversation: index + 1, keptIn: record)
                if worst == .success || code.rawValue > 128 { worst = code }
                if code.rawValue > 128 { break }
            }
        }
        transport.closeCaptures()
        return record?.code(worst) ?? worst
    }

    private func run(
        _ way: Path,
        _ look: Look,
        from port: GuardedPort,
        over transport: NetTransport,
        conversation: Int,
        keptIn record: Record?
    ) throws -> ExitCode {
        let scene = ReportScene(way, from: port, transport: transport)
        let plan = try self.plan(way, look, local: scene.flow.local)
        let prompt = isStepped ? StepPrompt(iss: plan.connection.iss) : nil
        let reporter = ProbeReporter(
            format.course(scene, conversation: conversation), prompt: prompt, showsProgress: format.showsProgress)
        let engine = Engine(transport: transport, observer: record?.observer(before: reporter) ?? reporter)
        record?.announce(scene, course.expectation)
        engine.add(.connection(plan, course.expectation))
        engine.run()
        reporter.finish()
        return ExitCode(of: reporter.verdict?.outcome, interruptedBy: engine.interruptedBy)
    }

    /// What several connections to one address have in common.
    struct Ground {
        let way: Path
        /// The port of all of them, reserved while that was ours to do; nil where each has its own.
        let port: GuardedPort?
        let transport: NetTransport
        let record: Record?
        let look: Look
    }

    /// Opens what is needed for several connections to the first address that has a route, and gives up all privileges.
    func prepare(_ target: Target, fromOnePort: Bool) throws -> Ground {
        let key = try signature.key()
        try Privileges.requireRawSockets()
        var way = try Path.all(to: target, path)[0]
        let port = fromOnePort ? GuardedPort(try way.guardPort(path.sourcePort)) : nil
        try refuseToWriteOverWhatIsRead()
        let record = try record.open(command, target.description)
        let transport = try NetTransport(TransportSettings(routes: [way.route], localPorts: []))
        try Privileges.dropAll()
        record?.begin(transport)
        do {
            let look = try Look(offer.like, key)
            way.likeness = look.likeness?.words(syn, path)
            return Ground(way: way, port: port, transport: transport, record: record, look: look)
        } catch {
            record?.end(transport)
            throw error
        }
    }

    /// Probes the first address that has a route `count` times, and returns the exit code of the first run that was not as
    /// expected.
    ///
    /// From one port, one after the other, a host's sequence numbers and timestamps go on from run to run, and so do ours:
    /// the initial sequence numbers by a clock of 4 µs (RFC 9293 §3.4.1).
    func runRepeatedly(_ target: Target, count: Int, interval: Duration, fromOnePort: Bool) throws -> ExitCode {
        let ground = try prepare(target, fromOnePort: fromOnePort)
        let (way, transport, record) = (ground.way, ground.transport, ground.record)
        let report = format.series(way, transport: transport)
        let began = transport.now
        let (firstSequence, clockOffset) = (SequenceNumber(Entropy.uint32()), Entropy.uint32())
        let series = Series(
            way, count: count, interval: interval, from: ground.port, report: report,
            showsProgress: format.showsProgress, now: began
        ) { port in
            var plan = try plan(way, ground.look, local: port.portGuard.local)
            if fromOnePort {
                let ticks = transport.now.since(began).wholeNanoseconds / 4000
                if syn.isn == nil { plan.connection.iss = firstSequence + Int(truncatingIfNeeded: ticks) }
                plan.connection.timestampOffset = clockOffset
            }
            record?.announce(ReportScene(way, from: port, transport: transport), course.expectation)
            return .connection(plan, course.expectation)
        }
        let engine = Engine(transport: transport, observer: record?.observer(before: series) ?? series)
        engine.run(source: series)
        record?.end(transport)
        series.finish()
        transport.closeCaptures()
        if let problem = series.problem { throw problem }
        let code = ExitCode(of: series.worst, interruptedBy: engine.interruptedBy)
        return record?.code(code) ?? code
    }

    /// What is to be done on one way.
    func plan(_ way: Path, _ look: Look, local: SocketAddress) throws -> ConnectionPlan {
        let flow = FourTuple(local: local, remote: way.remote)
        let defaults = look.key == nil ? SystemDefaults.current : .forSignedSyn
        var connection = try syn.connection(flow, along: way.route, defaults: defaults)
        connection.synFlags = syn.flags ?? (defaults.asksForECN ? [.syn, .ece, .cwr] : .syn)
        try offer.apply(
            to: &connection, syn, pathMSS: way.route.maximumSegmentSize, like: look.likeness?.pattern)
        if look.key != nil { try connection.reserveSignature() }
        if course.speaksWithSyn {
            connection.synText = connection.maximumSegment - connection.synOptions.count
        }
        connection.synAttempts = patience.retries + 1
        connection.finRidesOnData = course.finRidesOnData
        // While a last ACK is withheld the endpoint stays in TIME-WAIT, where it makes it anew for each FIN.
        connection.timeWait = max(.seconds(60), course.peerFinWait * 2)

        var plan = ConnectionPlan(flow: flow, connection: connection)
        plan.shape = shape(along: way.route, like: look.likeness?.pattern)
        plan.key = look.key
        plan.asksForProof = course.asksForProof
        plan.request = course.request
        plan.closesWithRequest = course.closesWithRequest
        plan.speaksWithSyn = course.speaksWithSyn
        plan.trials = course.trials
        plan.farewell = course.farewell
        plan.dataAfterFin = course.dataAfterFin
        plan.dataAfterReset = course.dataAfterReset
        plan.maneuvers = course.maneuvers
        plan.peerFinWait = course.peerFinWait
        plan.openingWait = patience.timeout
        return plan
    }

    private func shape(along route: Route, like pattern: SynPattern?) -> PacketShape {
        var shape = PacketShape(
            along: route,
            hopLimit: path.ttl ?? pattern?.hopLimit ?? offer.layout?.hopLimit,
            trafficClass: path.tos ?? pattern?.trafficClass ?? 0
        )
        if let pattern {
            shape.dontFragment = pattern.dontFragment
            if !pattern.hasFlowLabel { shape.flowLabel = 0 }
        }
        return shape
    }

    private func refuseToWriteOverWhatIsRead() throws {
        guard let like = offer.like else { return }
        for (option, path) in [("--write", record.write), ("--html", record.html)] {
            if let path, InputFile.isSame(like, as: path) {
                throw ValidationError("\(option) would write over the file of --like: give another name")
            }
        }
    }
}

extension Path {
    /// The first lines of the report.
    func header(local: SocketAddress, guards: [String]) -> RunHeader {
        let isName = IPAddress(target.host.split(separator: "%").first.map(String.init) ?? target.host) == nil
        return RunHeader(
            local: local,
            remote: remote,
            interface: route.interface.name,
            guards: guards,
            name: isName ? target.host : nil,
            addressCount: addressCount,
            likeness: likeness
        )
    }
}

extension ExitCode {
    /// What a run comes to: its outcome, unless a signal ended it or there was nothing to judge.
    init(of outcome: Verdict.Outcome?, interruptedBy signal: Int32?) {
        if let signal {
            self = .interrupted(by: signal)
        } else {
            self.init((outcome ?? .degraded).rawValue)
        }
    }
}
