public import HandprobeJudge
import HandprobeTCP
public import HandprobeWire

/// How long a connection is remembered in a certain state, as far as it was found out.
public struct Lifetime: Hashable, Sendable {
    /// Whose memory of what.
    public enum Subject: String, Hashable, Sendable {
        /// The peer's, and everybody's on the way, of an open connection on which nothing is said.
        case idle
        /// The peer's, whose FIN is confirmed and that waits for ours.
        case finWait2 = "fin-wait-2"
        /// The peer's, that closed first, of a closed connection.
        case timeWait = "time-wait"
    }

    /// Whose memory of what.
    public var subject: Subject
    /// The longest time after which a connection was still known.
    public var kept: Duration?
    /// The shortest time after which one was not.
    public var over: Duration?
    /// True when the other end itself ended a connection after `over`.
    public var isExact: Bool
    /// Connections that were asked.
    public var connections: Int
    /// True when there was no need to ask more.
    public var isComplete: Bool

    /// A lifetime from its parts.
    public init(
        subject: Subject, kept: Duration?, over: Duration?, isExact: Bool, connections: Int, isComplete: Bool
    ) {
        self.subject = subject
        self.kept = kept
        self.over = over
        self.isExact = isExact
        self.connections = connections
        self.isComplete = isComplete
    }

    /// The last line of a report.
    public var sentence: String {
        let count = connections == 1 ? "1 connection" : "\(connections) connections"
        let early = isComplete ? "" : "; ended early"
        return "\(subject.words) \(span) (\(count) asked)\(early)"
    }

    private var span: String {
        switch (kept, over) {
        case (nil, nil): "is not known"
        case (let kept?, nil): "lasts longer than \(DurationText.length(kept))"
        case (nil, let over?): "lasts \(isExact ? "" : "less than ")\(DurationText.length(over))"
        case (_, let over?) where isExact: "lasts \(DurationText.length(over))"
        case (let kept?, let over?) where kept >= over:
            "lasts about \(DurationText.length(over)) to \(DurationText.length(kept)), "
                + "not the same for every connection"
        case (let kept?, let over?):
            "lasts more than \(DurationText.length(kept)) and less than \(DurationText.length(over))"
        }
    }

    /// What one connection said, when it is of use.
    public func evidence(in verdict: Verdict) -> (finding: Finding, isKept: Bool)? {
        for finding in verdict.findings {
            switch (subject, finding.code) {
            case (.idle, .stillOpen), (.finWait2, .finWaitKept), (.timeWait, .timeWaitKept): return (finding, true)
            case (.idle, .idleClosed), (.idle, .idleReset), (.idle, .idleForgotten), (.idle, .idleLost),
                (.finWait2, .finWaitOver), (.timeWait, .timeWaitOver):
                return (finding, false)
            default: continue
            }
        }
        return nil
    }
}

extension Lifetime.Subject {
    /// Its name in a sentence.
    public var words: String {
        switch self {
        case .idle: "an idle connection"
        case .finWait2: "the peer's FIN-WAIT-2"
        case .timeWait: "the peer's TIME-WAIT"
        }
    }
}

extension RunIdentity {
    /// The object of a lifetime, on one line.
    public func line(for lifetime: Lifetime, at time: Timestamp) -> String {
        let found: JSONValue = [
            "subject": .string(lifetime.subject.rawValue),
            "kept_ns": lifetime.kept.map(JSONValue.nanoseconds),
            "over_ns": lifetime.over.map(JSONValue.nanoseconds),
            "exact": .boolean(lifetime.isExact),
            "connections": .number(lifetime.connections),
            "complete": .boolean(lifetime.isComplete),
        ]
        return (head("lifetime", at: time) + found).text
    }

    /// The object of what a SYN between known sockets met, on one line; `conversation` counts from 1.
    public func line(for reuse: TupleReuse, conversation: Int, at time: Timestamp) -> String {
        let met: JSONValue = [
            "conversation": .number(conversation),
            "peer_was": reuse.peerState.map { .string($0.rawValue) },
            "answer": .string(reuse.answer.rawValue),
            "opened": .boolean(reuse.isOpened),
            "later_timestamp": reuse.isTimestampLater.map(JSONValue.boolean),
            "later_sequence": .boolean(reuse.isSequenceLater),
            "sentence": .string(reuse.sentence),
        ]
        return (head("reuse", at: time) + met).text
    }
}
