import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// The same probe again and again, each from a port of its own: begins them on time and counts what came of them.
final class Series: Engine.Source, EngineObserver {
    private let way: Path
    private let count: Int
    private let interval: Duration
    private let makePlan: (GuardedPort) throws -> EnginePlan
    private let style: TextStyle
    private var summary: PingSummary
    private var started = 0
    private var firstStart: Instant
    private var reservations: [ConversationID: GuardedPort] = [:]
    private var answeredBy: Set<ConversationID> = []
    /// The worst outcome so far; nil before the first.
    private(set) var worst: Verdict.Outcome?
    /// Why a probe could not be begun, when one could not.
    private(set) var problem: (any Error)?

    init(
        _ way: Path,
        count: Int,
        interval: Duration,
        style: TextStyle,
        now: Instant,
        makePlan: @escaping (GuardedPort) throws -> EnginePlan
    ) {
        self.way = way
        self.count = count
        self.interval = interval
        self.makePlan = makePlan
        self.style = style
        summary = PingSummary(target: way.remote.description, style: style)
        firstStart = now
    }

    var nextStart: Instant? {
        started < count && problem == nil ? firstStart + interval * started : nil
    }

    func nextPlan(at now: Instant) -> EnginePlan? {
        started += 1
        do {
            let reservation = GuardedPort(try way.guardPort(nil))
            reservations[ConversationID(started)] = reservation
            if started == 1 {
                let (local, guards) = (reservation.portGuard.local, reservation.portGuard.kinds.map(\.rawValue))
                Console.say(way.header(local: local, guards: guards).lines(style: style))
            }
            return try makePlan(reservation)
        } catch {
            problem = error
            return nil
        }
    }

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        if case .segment(let observed) = event.kind, observed.origin == .peer { answeredBy.insert(id) }
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        let run = PingRun(
            isAnswered: answeredBy.contains(id),
            rtt: verdict.handshakeRTT,
            cause: verdict.outcome == .asExpected
                ? nil : verdict.findings.first { $0.outcome == verdict.outcome }?.code,
            headline: verdict.headline,
            outcome: verdict.outcome
        )
        Console.say(summary.lines(for: run))
        if worst == nil || worst == .asExpected { worst = verdict.outcome }
    }

    func ended(_ id: ConversationID) {
        reservations[id] = nil
        answeredBy.remove(id)
    }

    func statisticsWanted() {
        Console.say(summary.statistics())
    }
}
