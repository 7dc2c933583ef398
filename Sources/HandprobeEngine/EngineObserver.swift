public import HandprobeJudge
public import HandprobeTCP
public import HandprobeWire

/// Who watches the engine: sees every event with its reading, may hold back segments, and hears the end.
public protocol EngineObserver: AnyObject {
    /// An event of a conversation, and what the judge makes of it.
    func observed(_ event: Event, reading: Reading, of id: ConversationID)

    /// A segment is about to leave. Anything but `.send` is for a person or a script that drives by hand.
    func offered(_ segment: TCPSegment, of id: ConversationID) -> SegmentDecision

    /// A line was typed while a segment is held; the answer decides about it. Nil leaves it held.
    func typed(_ line: String) -> SegmentDecision?

    /// Standard input has ended: no more lines will decide.
    func inputEnded()

    /// A conversation's result is known. It may still linger to answer the peer's retransmissions.
    func settled(_ verdict: Verdict, of id: ConversationID)

    /// Something came while the conversation lingered: this is its result with that.
    func revised(_ verdict: Verdict, of id: ConversationID)

    /// A conversation has ended: nothing more is said or heard in it.
    func ended(_ id: ConversationID)

    /// A person asked for figures so far.
    func statisticsWanted()

    /// How often it wants to hear what is waited for; nil when it does not.
    var progressInterval: Duration? { get }

    /// What a conversation waits for at this moment.
    func waits(_ waiting: Waiting, of id: ConversationID, at now: Instant)
}

extension EngineObserver {
    /// Sends everything.
    public func offered(_ segment: TCPSegment, of id: ConversationID) -> SegmentDecision { .send }

    /// Takes no lines.
    public func typed(_ line: String) -> SegmentDecision? { nil }

    /// Reads no input.
    public func inputEnded() {}

    /// Has shown the result already.
    public func revised(_ verdict: Verdict, of id: ConversationID) {}

    /// Holds nothing that would have to be given back.
    public func ended(_ id: ConversationID) {}

    /// Shows no progress.
    public var progressInterval: Duration? { nil }

    /// Shows no progress.
    public func waits(_ waiting: Waiting, of id: ConversationID, at now: Instant) {}

    /// Has no figures.
    public func statisticsWanted() {}
}

/// What becomes of a segment that is about to leave.
public enum SegmentDecision: Hashable, Sendable {
    /// It leaves as it is.
    case send
    /// It leaves two times.
    case sendTwice
    /// It does not leave; the endpoint believes it did.
    case withhold
    /// Others leave in its stead, in this order.
    case replace([TCPSegment])
    /// The conversation is broken off.
    case abort
    /// Nothing leaves until a line is typed.
    case hold
}
