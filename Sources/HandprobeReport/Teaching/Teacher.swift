import HandprobeJudge
import HandprobeTCP

/// Tells what each step asks, what confirms it, and where both ends are after it. No lesson is told twice.
struct Teacher: Sendable {
    private var told: Set<Lesson> = []
    private var states: String?

    /// What is to be told after one event, a paragraph each.
    mutating func paragraphs(for event: Event, reading: Reading) -> [String] {
        var paragraphs: [String] = []
        for lesson in lessons(event, reading) where told.insert(lesson).inserted {
            let text = lesson.text
            paragraphs.append("\(text.words) (\(text.clause))")
        }
        let states = "now: us \(reading.ourState.rawValue), the peer \(reading.peerState?.rawValue ?? "not known")"
        if case .segment = event.kind, states != self.states {
            self.states = states
            paragraphs.append(states)
        }
        return paragraphs
    }

    /// A RST in answer to our SYN is a refusal.
    private func lessons(_ event: Event, _ reading: Reading) -> [Lesson] {
        let isFirstAnswer = told.isDisjoint(with: [.theirSyn, .theirSynWithAck, .theirAckAlone])
        return Lesson.all(in: reading, of: event.kind).map {
            $0 == .theirReset && isFirstAnswer && told.contains(.ourSyn) ? .refused : $0
        }
    }
}
