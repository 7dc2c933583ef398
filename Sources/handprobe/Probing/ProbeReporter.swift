import HandprobeEngine
import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// Shows one conversation as it happens, asks the person where they want to be asked, and keeps the result.
final class ProbeReporter: EngineObserver {
    private let style: TextStyle
    private var ladder: Ladder
    private var prompt: StepPrompt?
    private var eventCount = 0
    private var start: Timestamp?
    private var settledAt: Int?
    /// The result, once it is known.
    private(set) var verdict: Verdict?

    init(peer: String, style: TextStyle, prompt: StepPrompt? = nil) {
        self.style = style
        self.ladder = Ladder(peer: peer, style: style)
        self.prompt = prompt
        Console.say(ladder.header())
    }

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        start = start ?? event.time
        if case .segment(let observed) = event.kind, observed.origin == .peer, let relative = reading.relativeSeq {
            prompt?.base.ack = observed.segment.seq - relative
        }
        Console.say(ladder.lines(for: event, reading: reading, index: eventCount))
        eventCount += 1
    }

    func offered(_ segment: TCPSegment, of id: ConversationID) -> SegmentDecision {
        guard let question = prompt?.question(about: segment) else { return .send }
        Console.ask(question)
        return .hold
    }

    func typed(_ line: String) -> SegmentDecision? {
        guard let (decision, complaint) = prompt?.decision(line) else { return nil }
        if let complaint { Console.complain(complaint) }
        return decision
    }

    func inputEnded() {
        prompt?.inputEnded()
    }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        self.verdict = verdict
        settledAt = eventCount
        guard let start else { return }
        Console.say(RunSummary.lines(verdict, start: start, style: style))
    }
}
