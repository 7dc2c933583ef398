public import HandprobeJudge
public import HandprobeWire

/// What wants to know of the connections in a capture file. They are counted from 1 in the order of their first frames.
///
/// While it is told of something it must not ask the `FileJudge` that tells it.
public protocol ConversationListener: AnyObject {
    /// What is kept of a connection that is judged when it is over.
    associatedtype Summary: Sendable = EndedConversation

    /// A connection begins: how much is it to be looked at?
    func began(_ number: Int, _ flow: FourTuple, _ expectation: Expectation, at time: Timestamp) -> Interest
    /// Something happened in a connection that is followed; `index` is the event's place in it.
    func observed(_ event: Event, reading: Reading, index: Int, of number: Int)
    /// When the file was written by a live run, the result of a connection that is followed was known here; the last of
    /// these counts.
    func settled(_ number: Int)
    /// A connection that is followed is over, or the file is.
    func ended(_ conversation: EndedConversation)
    /// Makes what is kept of a connection that is judged; called wherever that is done.
    var summarize: @Sendable (EndedConversation) -> Summary { get }
    /// Connections that are judged are over, or the file is.
    func judged(_ summaries: [Summary])
}

/// Where the whole is kept, it makes no difference whether a connection was followed.
extension ConversationListener where Summary == EndedConversation {
    /// Keeps the whole.
    public var summarize: @Sendable (EndedConversation) -> EndedConversation { { $0 } }

    /// Each is over as one that is followed is.
    public func judged(_ summaries: [EndedConversation]) {
        for conversation in summaries { ended(conversation) }
    }
}

/// How much a connection of a capture file is looked at.
public enum Interest: Hashable, Sendable {
    /// Its frames are counted.
    case counted
    /// It is judged, and the listener hears what came of it.
    case judged
    /// The listener hears of each event, too.
    case followed
}

// Unchecked: whoever judged the connection has let go of its judge, and nothing changes it any more.
/// What is left of a connection in a capture file.
public struct EndedConversation: @unchecked Sendable {
    /// Its number.
    public let number: Int
    /// The connection, `local` being us.
    public let flow: FourTuple
    /// The time of its first event, and of its last one.
    public let times: ClosedRange<Timestamp>
    /// What has seen all of it. Shared, because a copy would touch all that a judge has on the heap.
    private let judging: ConversationCase

    init(number: Int, flow: FourTuple, times: ClosedRange<Timestamp>, judging: ConversationCase) {
        self.number = number
        self.flow = flow
        self.times = times
        self.judging = judging
    }

    /// What it comes to; of a live run's file what that run's result rests on.
    public func conclude() -> Verdict { judging.conclude() }

    /// The same in the fewest words.
    public func outline() -> Outline { judging.outline() }
}
