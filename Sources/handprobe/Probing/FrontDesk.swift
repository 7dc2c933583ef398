import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// Takes clients in, reports on each, and counts the SYNs that got no answer.
///
/// One client's report is written as it happens. Where several may come at once, each report is written as a whole when
/// its result is known; for programs, every event at once.
final class FrontDesk: Engine.Host, EngineObserver {
    /// How many SYNs without an answer are written one by one for each reason: a flood of them must fill no disk.
    private static let mostSaid = 64

    private let socket: SocketAddress
    private let policy: ListenPolicy
    private let service: Service
    private let format: ReportFormat
    private let guards: [String]
    private let transport: NetTransport
    private let record: Record?
    private var pages: [ConversationID: Page] = [:]
    private var progress = CrowdProgress()
    /// How often to show what is waited for; nil where that is not wanted.
    let progressInterval: Duration?
    /// The latest SYN without an answer for each reason.
    private var passedOver: [PassedOver: UnansweredSyn] = [:]
    private var served = 0
    private var servedAsExpected = 0
    private var cameToNothing = 0
    /// The first outcome of a served client that was not as expected; as expected when all were.
    private var worst: Verdict.Outcome?
    /// What became of the first handshake that came to nothing.
    private var failure: Verdict.Outcome?
    /// Why clients could not be heard any more.
    private(set) var problem: SystemError?

    init(
        socket: SocketAddress,
        policy: ListenPolicy,
        service: Service,
        format: ReportFormat,
        guards: [String],
        transport: NetTransport,
        record: Record?
    ) {
        self.socket = socket
        self.policy = policy
        self.service = service
        self.format = format
        self.guards = guards
        self.transport = transport
        self.record = record
        progressInterval = format.showsProgress ? ProgressText.interval : nil
    }

    /// What the run comes to: what became of the clients served, else of those that were not, else no answer.
    var outcome: Verdict.Outcome { worst ?? failure ?? .noAnswer }

    // MARK: Clients

    func welcome(_ caller: Caller, as id: ConversationID) -> ServicePlan? {
        do {
            let flow = try scoped(caller)
            let route = try Route.lookup(to: flow.remote, from: flow.local.address, sourcePort: flow.local.port)
            let plan = try service.plan(flow, along: route)
            let scene = ReportScene(servedAt: flow, on: caller.interface, guards: guards, transport: transport)
            record?.announce(scene, .serve)
            pages[id] = Page(format.course(scene, conversation: id.number), isHeldBack: isHeldBack)
            return plan
        } catch {
            return nil
        }
    }

    /// The client's connection, with the interface that a link-local address needs beside it.
    private func scoped(_ caller: Caller) throws -> FourTuple {
        var flow = FourTuple(local: socket, remote: caller.flow.remote)
        guard flow.remote.address.isLinkLocal else { return flow }
        flow.remote.scope = try socket.scope != 0 ? socket.scope : NetworkInterface.named(caller.interface)?.index ?? 0
        return flow
    }

    /// True where an empty line tells one report from the next.
    private var separatesReports: Bool {
        if case .text(let style) = format { style.verbosity != .quiet } else { false }
    }

    private var isHeldBack: Bool {
        if case .text = format { policy.limit > 1 } else { false }
    }

    func passedOver(_ caller: Caller, because reason: PassedOver) {
        let count = (passedOver[reason]?.count ?? 0) + 1
        let syn = UnansweredSyn(
            flow: caller.flow, interface: caller.interface, reason: reason.rawValue,
            words: words(reason, caller.interface), count: count)
        passedOver[reason] = syn
        if count <= Self.mostSaid { say(syn) }
        if count == 1 { Console.complain("a SYN from \(caller.flow.remote) gets no answer: \(syn.words)") }
    }

    private func say(_ syn: UnansweredSyn) {
        Console.say(format.lines(syn, at: transport.wallClock(of: transport.now)))
    }

    private func words(_ reason: PassedOver, _ interface: String) -> String {
        switch reason {
        case .outside: "it is not from \(policy.from.map(\.description).joined(separator: " or "))"
        case .tooMany: "as many handshakes are under way as may be"
        case .noHost: "nobody can be answered there"
        case .notCaptured: "it came in on \(interface), where nothing is captured"
        case .unsigned: "it is not signed with the key of --md5"
        case .noWay: "there is no way back to it"
        }
    }

    func wentDeaf(because reason: String) {
        problem = SystemError(doing: "hear clients any longer", call: "capture", errno: 0, reason: reason)
    }

    // MARK: Their conversations

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        pages[id]?.reporter.observed(event, reading: reading, of: id)
    }

    func waits(_ waiting: Waiting, of id: ConversationID, at now: Instant) {
        progress.show(waiting, of: id, named: policy.limit > 1 ? "client \(id.number)" : nil, at: now)
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        progress.settle(id)
        if verdict.opening != nil || service.leavesClosed {
            served += 1
            if verdict.outcome == .asExpected { servedAsExpected += 1 }
            if worst == nil || worst == .asExpected { worst = verdict.outcome }
        } else {
            cameToNothing += 1
            failure = failure ?? verdict.outcome
        }
        pages[id]?.reporter.settled(verdict, of: id)
        pages[id]?.release(separated: separatesReports)
    }

    func revised(_ verdict: Verdict, of id: ConversationID) {
        pages[id]?.reporter.revised(verdict, of: id)
    }

    func ended(_ id: ConversationID) {
        progress.end(id)
        pages[id]?.reporter.finish()
        pages[id]?.release(separated: separatesReports)
        pages[id] = nil
    }

    /// The run is over.
    func finish(interrupted: Bool) {
        Console.eraseProgress()
        for id in pages.keys.sorted(by: { $0.number < $1.number }) { ended(id) }
        if policy.limit > 1 { statisticsWanted() }
        if served < policy.limit, !interrupted, let wait = policy.wait {
            let which = served + cameToNothing == 0 ? "no client" : "no further client"
            Console.complain("\(which) came within \(DurationText.length(wait))")
        }
        for reason in PassedOver.allCases {
            if let last = passedOver[reason], last.count > Self.mostSaid { say(last) }
        }
        let silent = passedOver.values.reduce(0) { $0 + $1.count }
        if silent > passedOver.count { Console.complain("\(silent) SYNs got no answer") }
    }

    func statisticsWanted() {
        guard case .text = format else { return }
        let clients = served == 1 ? "1 client" : "\(served) clients"
        let handshakes = cameToNothing == 1 ? "1 handshake" : "\(cameToNothing) handshakes"
        let rest = cameToNothing == 0 ? "" : "; \(handshakes) came to nothing"
        Console.say(["\(clients) served, \(servedAsExpected) as expected\(rest)"])
    }
}

/// The report on one client, on its way to standard output.
private final class Page {
    private(set) var reporter: ProbeReporter
    private let sheet: Sheet

    init(_ report: any ConversationReport, isHeldBack: Bool) {
        let sheet = Sheet(isHeldBack: isHeldBack)
        self.sheet = sheet
        reporter = ProbeReporter(report) { sheet.say($0) }
    }

    func release(separated: Bool) {
        sheet.release(separated: separated)
    }
}

/// Lines that are written at once, or held back until they are complete.
private final class Sheet {
    private var isHeldBack: Bool
    private var lines: [String] = []

    init(isHeldBack: Bool) {
        self.isHeldBack = isHeldBack
    }

    func say(_ new: [String]) {
        if isHeldBack { lines += new } else { Console.say(new) }
    }

    func release(separated: Bool) {
        guard isHeldBack else { return }
        isHeldBack = false
        Console.say(separated ? lines + [""] : lines)
        lines = []
    }
}
