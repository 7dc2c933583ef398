import HandprobeEngine
import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// Shows one conversation as it happens, asks the person where they want to be asked, and keeps the result.
final class ProbeReporter: EngineObserver {
    private var report: any ConversationReport
    private var prompt: StepPrompt?
    private var isAsking = false
    private var hasShownMore = false
    private var eventCount = 0
    private let say: ([String]) -> Void
    /// How often to show what is waited for; nil where that is not wanted.
    let progressInterval: Duration?
    /// The result, once it is known.
    private(set) var verdict: Verdict?

    /// `say` takes the lines of the report; by default they go to standard output.
    init(
        _ report: any ConversationReport,
        prompt: StepPrompt? = nil,
        showsProgress: Bool = false,
        say: @escaping ([String]) -> Void = Console.say
    ) {
        self.report = report
        self.prompt = prompt
        self.say = say
        progressInterval = showsProgress ? ProgressText.interval : nil
        say(report.opening())
    }

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        if case .segment(let observed) = event.kind, observed.origin == .peer, let relative = reading.relativeSeq {
            prompt?.base.ack = observed.segment.seq - relative
        }
        let lines = report.lines(for: event, reading: reading, index: eventCount)
        eventCount += 1
        if verdict != nil, !lines.isEmpty { hasShownMore = true }
        guard isAsking, !lines.isEmpty else { return say(lines) }
        // The question stands at the start of a line of its own, and again below what came meanwhile.
        Console.ask("\n")
        say(lines)
        Console.ask("> ")
    }

    func waits(_ waiting: Waiting, of id: ConversationID, at now: Instant) {
        guard !isAsking else { return }
        guard let line = ProgressText.line(waiting, at: now) else { return Console.eraseProgress() }
        Console.showProgress(line)
    }

    func offered(_ segment: TCPSegment, of id: ConversationID) -> SegmentDecision {
        guard let question = prompt?.question(about: segment) else { return .send }
        Console.ask(isAsking ? "\n" + question : question)
        isAsking = true
        return .hold
    }

    func typed(_ line: String) -> SegmentDecision? {
        guard let (decision, complaint) = prompt?.decision(line) else { return nil }
        if let complaint {
            Console.complain(complaint)
            Console.ask("> ")
        }
        isAsking = decision == nil
        return decision
    }

    func inputEnded() {
        prompt?.inputEnded()
        if isAsking { Console.ask("\n") }
        isAsking = false
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        self.verdict = verdict
        say(report.closing(verdict))
    }

    func revised(_ verdict: Verdict, of id: ConversationID) {
        self.verdict = verdict
        if hasShownMore { say(report.revision(verdict)) }
    }

    /// The run is over, whether or not the conversation was let end.
    func finish() {
        Console.eraseProgress()
        say(report.end())
    }
}
