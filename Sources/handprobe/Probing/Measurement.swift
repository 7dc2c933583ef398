import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// Finds out how long connections are remembered: each is asked once, after a time of its own, from a port of its own.
final class Measurement: Engine.Source, EngineObserver {
    /// A connection that runs.
    private struct Run {
        let port: GuardedPort
        /// After which time it is asked.
        let wait: Duration
        let since: Instant
        /// When each of its events was captured, and the silence before a segment.
        var moments: [(time: Timestamp, quiet: Duration)] = []
        var latestSegment: Timestamp?
        var isDismissed = false
    }

    private let way: Path
    private let subject: Lifetime.Subject
    private let makePlan: (GuardedPort, Duration) throws -> EnginePlan
    private var report: any MeasurementReport
    private var search: LifetimeSearch
    /// The times that connections of this round are yet to be begun for.
    private var wanted: [Duration]
    private var runs: [ConversationID: Run] = [:]
    private var started = 0
    private var asked = 0
    private var nextBegin: Instant
    private var isOver = false
    private var isInterrupted = false
    /// The verdict that put an end to it before anything was found out.
    private(set) var failure: Verdict?
    /// Why a connection could not be begun, when one could not.
    private(set) var problem: (any Error)?
    let progressInterval: Duration?

    /// Time between the SYNs of two connections of one round.
    private static let spacing = Duration.milliseconds(20)

    init(
        _ way: Path,
        of subject: Lifetime.Subject,
        upTo longest: Duration,
        report: any MeasurementReport,
        showsProgress: Bool,
        now: Instant,
        makePlan: @escaping (GuardedPort, Duration) throws -> EnginePlan
    ) {
        self.way = way
        self.subject = subject
        self.makePlan = makePlan
        self.report = report
        search = LifetimeSearch(upTo: longest)
        wanted = search.nextRound()
        nextBegin = now
        progressInterval = showsProgress && Console.canShowProgress ? .milliseconds(250) : nil
    }

    /// What was found out.
    var lifetime: Lifetime {
        Lifetime(
            subject: subject, kept: search.kept, over: search.over, isExact: search.isExact, connections: asked,
            isComplete: isOver && failure == nil && problem == nil
        )
    }

    // MARK: Beginning connections

    var nextStart: Instant? { wanted.isEmpty ? nil : nextBegin }

    func nextPlan(at now: Instant) -> EnginePlan? {
        let wait = wanted.removeFirst()
        nextBegin = now + Self.spacing
        started += 1
        do {
            let port = GuardedPort(try way.guardPort(nil))
            let plan = try makePlan(port, wait)
            runs[ConversationID(started)] = Run(port: port, wait: wait, since: now)
            Console.say(report.begin(ConversationID(started), from: port))
            return plan
        } catch {
            problem = error
            giveUp()
            return nil
        }
    }

    func takeDismissed() -> [ConversationID] {
        let ids = runs.filter { !$0.value.isDismissed && (isOver || search.isDecided($0.value.wait)) }.map(\.key)
        for id in ids { runs[id]?.isDismissed = true }
        return ids.sorted { $0.number < $1.number }
    }

    private func giveUp() {
        wanted = []
        isOver = true
    }

    // MARK: What comes of them

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        var quiet = Duration.zero
        if case .segment = event.kind {
            quiet = runs[id]?.latestSegment.map { event.time.since($0) } ?? .zero
            runs[id]?.latestSegment = event.time
        }
        runs[id]?.moments.append((event.time, quiet))
        Console.say(report.lines(for: event, reading: reading, of: id))
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        guard let run = runs[id] else { return }
        defer { Console.say(report.settle(verdict, of: id)) }
        guard !run.isDismissed else { return }
        if verdict.findings.contains(where: { $0.code == .interrupted }) {
            isInterrupted = true
            wanted = []
            return
        }
        guard let (finding, isKept) = lifetime.evidence(in: verdict) else {
            failure = failure ?? verdict
            return giveUp()
        }
        asked += 1
        let moments = finding.evidence.compactMap { run.moments.indices.contains($0) ? run.moments[$0] : nil }
        // Evidence of three: since when, the question, the answer. An idle connection is asked after the silence.
        let silence = run.moments.first { $0.quiet >= run.wait - .milliseconds(50) }?.quiet ?? run.wait
        let span = moments.count == 3 ? moments[isKept ? 1 : 2].time.since(moments[0].time) : silence
        switch finding.code {
        case .idleClosed, .idleReset: search.noteEnd(moments.map(\.quiet).max() ?? run.wait)
        default: isKept ? search.noteKept(span) : search.noteOver(span)
        }
        Console.say(report.lines(for: finding, of: id))
    }

    func revised(_ verdict: Verdict, of id: ConversationID) {
        Console.say(report.settle(verdict, of: id))
    }

    func ended(_ id: ConversationID) {
        runs[id] = nil
        Console.say(report.end(id))
        guard runs.isEmpty, wanted.isEmpty, !isOver, !isInterrupted else { return }
        wanted = search.nextRound()
        isOver = wanted.isEmpty
    }

    // MARK: What is said meanwhile

    func waits(_ waiting: Waiting, of id: ConversationID, at now: Instant) {
        let open = runs.filter { !$0.value.isDismissed }
        guard id == open.keys.min(by: { $0.number < $1.number }) else { return }
        let left = open.values.map { max(.zero, ($0.since + $0.wait).since(now)) }
        guard let next = left.min(), let last = left.max() else { return }
        Console.showProgress(
            ProgressText.line(
                round: search.rounds, connections: open.count, next: next,
                atMost: last + search.timeForFurtherRounds))
    }

    func statisticsWanted() {
        Console.say(report.conclusion(lifetime, failure))
    }

    /// The run is over, also for the connections that were not let end.
    func finish() {
        Console.eraseProgress()
        for id in runs.keys.sorted(by: { $0.number < $1.number }) { Console.say(report.end(id)) }
        statisticsWanted()
    }
}
