import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// The same probe again and again: begins them on time and counts what came of them.
///
/// Each is from a port of its own; or all are from one, which stays guarded from the first to the last, and then each begins
/// when the one before it has ended.
final class Series: Engine.Source, EngineObserver {
    private let way: Path
    private let count: Int
    private let interval: Duration
    private let makePlan: (GuardedPort) throws -> EnginePlan
    private var report: any SeriesReport
    private var started = 0
    private var firstStart: Instant
    private var reservations: [ConversationID: GuardedPort] = [:]
    /// The port that all are from.
    private let sharedPort: GuardedPort?
    private var history = TupleHistory()
    private var answeredBy: Set<ConversationID> = []
    private var progress = CrowdProgress()
    /// How often to show what is waited for; nil where that is not wanted.
    let progressInterval: Duration?
    /// The worst outcome so far; nil before the first.
    private(set) var worst: Verdict.Outcome?
    /// Why a probe could not be begun, when one could not.
    private(set) var problem: (any Error)?

    init(
        _ way: Path,
        count: Int,
        interval: Duration,
        from sharedPort: GuardedPort? = nil,
        report: any SeriesReport,
        showsProgress: Bool,
        now: Instant,
        makePlan: @escaping (GuardedPort) throws -> EnginePlan
    ) {
        self.way = way
        self.count = count
        self.interval = interval
        self.makePlan = makePlan
        self.sharedPort = sharedPort
        self.report = report
        progressInterval = showsProgress ? ProgressText.interval : nil
        firstStart = now
    }

    var nextStart: Instant? {
        guard started < count, problem == nil, sharedPort == nil || reservations.isEmpty else { return nil }
        return firstStart + interval * started
    }

    func nextPlan(at now: Instant) -> EnginePlan? {
        started += 1
        do {
            let reservation = try sharedPort ?? GuardedPort(way.guardPort(nil))
            let plan = try makePlan(reservation)
            reservations[ConversationID(started)] = reservation
            Console.say(report.begin(ConversationID(started), from: reservation))
            return plan
        } catch {
            problem = error
            return nil
        }
    }

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        if case .segment(let observed) = event.kind, observed.origin == .peer { answeredBy.insert(id) }
        if sharedPort != nil { history.observe(event, reading) }
        Console.say(report.lines(for: event, reading: reading, of: id))
    }

    func waits(_ waiting: Waiting, of id: ConversationID, at now: Instant) {
        progress.show(waiting, of: id, named: "run \(id.number) of \(count)", at: now)
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        progress.settle(id)
        let run = PingRun(
            isAnswered: answeredBy.contains(id),
            rtt: verdict.handshakeRTT,
            cause: verdict.outcome == .asExpected
                ? nil : verdict.findings.first { $0.outcome == verdict.outcome }?.code,
            headline: verdict.headline,
            outcome: verdict.outcome
        )
        Console.say(report.lines(for: run, verdict, of: id))
        if worst == nil || worst == .asExpected { worst = verdict.outcome }
    }

    func revised(_ verdict: Verdict, of id: ConversationID) {
        report.revise(verdict, of: id)
    }

    func ended(_ id: ConversationID) {
        reservations[id] = nil
        progress.end(id)
        Console.say(report.end(id))
        if sharedPort != nil, let reuse = history.next() { Console.say(report.lines(for: reuse, of: id)) }
        answeredBy.remove(id)
    }

    /// The run is over, also for the probes that were not let end, and the figures are final.
    func finish() {
        Console.eraseProgress()
        for id in reservations.keys.sorted(by: { $0.number < $1.number }) { ended(id) }
        statisticsWanted()
    }

    func statisticsWanted() {
        Console.say(report.statistics())
    }
}
