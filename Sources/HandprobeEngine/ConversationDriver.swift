import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What decides, from events and time, which segments a conversation sends. A value; the engine owns and asks it.
protocol ConversationDriver: Sendable {
    /// Begins.
    mutating func start(at now: Instant)

    /// Takes an event of its conversation and what the judge makes of it.
    mutating func observe(_ event: Event, reading: Reading, at now: Instant)

    /// The next segment to send, or an event of its own, or nil when there is nothing more for now.
    mutating func poll(at now: Instant) -> DriverAction?

    /// When to call `poll(at:)` again if nothing arrives.
    var nextTimeout: Instant? { get }

    /// What it waits for, and what happens at `nextTimeout` when that does not come; nil when it waits for nothing.
    var wait: (what: Waiting.What, next: Waiting.Next)? { get }

    /// A person let `others` leave instead of the segment polled last.
    mutating func isReplaced(by others: [TCPSegment], at now: Instant)

    /// Ends the conversation early, politely.
    mutating func interrupt(at now: Instant)

    /// Where the relative sequence numbers of its segments begin.
    var base: SequenceBase { get }

    /// True when the result is known.
    var isSettled: Bool { get }

    /// True when nothing more is to be said or heard.
    var isFinished: Bool { get }
}

extension ConversationDriver {
    mutating func isReplaced(by others: [TCPSegment], at now: Instant) {}
}

/// What a driver wants done.
enum DriverAction {
    /// Sends a segment, packed in the conversation's usual way.
    case send(TCPSegment)
    /// Does something else with a segment, by the conversation's plan.
    case play(TCPSegment, SegmentDecision)
    /// Sends a packet exactly as it is.
    case sendPacket(OutgoingPacket, TCPSegment)
    /// Records an event that no capture shows.
    case record(Event.Kind)
}
