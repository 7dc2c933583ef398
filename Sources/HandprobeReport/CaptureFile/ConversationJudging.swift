import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Judges the connections of a capture file, step by step, and tells a listener what it wants to know of them.
public final class ConversationJudging {
    private let listener: any ConversationListener
    /// The connections that are judged, by place; nil where there is none or it is only counted.
    private var cases: [Case?] = []
    /// What the latest event means, kept so that its storage is used again.
    private var reading = Reading()

    /// A connection that is judged.
    private final class Case {
        let number: Int
        let isFollowed: Bool
        var judge: Judge
        /// The judge as it was when the result of a live run was known.
        var settled: [Judge] = []
        var eventCount = 0

        init(_ number: Int, _ interest: Interest, _ judge: Judge) {
            self.number = number
            isFollowed = interest == .followed
            self.judge = judge
        }
    }

    /// Judges for a listener.
    public init(for listener: any ConversationListener) {
        self.listener = listener
    }

    /// Takes the next steps.
    public func take(_ steps: [ConversationStep]) {
        for step in steps { take(step) }
    }

    private func take(_ step: ConversationStep) {
        switch step.kind {
        case .began(let number, let flow, let expectation, let time):
            while cases.count <= step.place { cases.append(nil) }
            let interest = listener.began(number, flow, expectation, at: time)
            guard interest != .counted else { return }
            cases[step.place] = Case(number, interest, Judge(flow: flow, expectation: expectation))
        case .happened(let event):
            guard let one = cases[step.place] else { return }
            one.judge.observe(event, into: &reading)
            one.eventCount += 1
            guard one.isFollowed else { return }
            listener.observed(event, reading: reading, index: one.eventCount - 1, of: one.number)
        case .settled:
            guard let one = cases[step.place] else { return }
            one.settled = [one.judge]
            if one.isFollowed { listener.settled(one.number) }
        case .ended(let times):
            guard let one = cases[step.place] else { return }
            cases[step.place] = nil
            let judge = one.settled.first ?? one.judge
            listener.ended(EndedConversation(number: one.number, flow: judge.flow, times: times, judge: judge))
        case .paused:
            listener.paused()
        }
    }
}
