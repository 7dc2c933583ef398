public import HandprobeJudge
public import HandprobeWire

/// One conversation as a document shows it: where it took place, what happened, what came of it.
///
/// Of very many events the first and the last ones are kept, and how many are left out between them.
public struct HTMLConversation: Sendable {
    /// An event and what the judge makes of it.
    struct Entry: Sendable {
        /// Its place in the transcript.
        var index: Int
        var event: Event
        var reading: Reading
        /// What the numbers of its segment are counted from.
        var base: SequenceBase
    }

    /// The most events that are shown from the beginning, and the most from the end.
    static let most = (first: 400, last: 100)

    /// The connection, `local` being us.
    public var flow: FourTuple
    /// Who talks to whom, as a live run knows it; nil for a conversation out of a file.
    public var header: RunHeader?
    /// What it came to; nil when it was not judged.
    public var verdict: Verdict?
    /// How the machine stood that recorded it; nil when nobody knows.
    public var circumstances: RunCircumstances?

    /// How many events there were.
    public private(set) var eventCount = 0
    private var first: [Entry] = []
    private var last: [Entry] = []
    private var numbers = InitialNumbers()
    /// 128 and the signal that ended it early; a closed output counts as SIGPIPE.
    private var interruptedCode: Int32?

    /// A conversation in which nothing has happened.
    public init(_ flow: FourTuple, header: RunHeader? = nil) {
        self.flow = flow
        self.header = header
    }

    /// Adds the next event of its transcript.
    public mutating func add(_ event: Event, _ reading: Reading) {
        var base = SequenceBase.absolute
        if case .segment(let observed) = event.kind { base = numbers.base(for: observed, reading) }
        if case .interrupted(let signal) = event.kind { interruptedCode = 128 &+ (signal ?? 13) }
        let entry = Entry(index: eventCount, event: event, reading: reading, base: base)
        eventCount += 1
        guard first.count == Self.most.first else { return first.append(entry) }
        last.append(entry)
        // Once in a while rather than at each event.
        if last.count == 2 * Self.most.last { last.removeFirst(Self.most.last) }
    }

    /// Both ends, and which of them asked the other.
    var connection: String { "\(flow.local) \(header?.isPassive == true ? "←" : "→") \(flow.remote)" }

    /// The exit code of a run with this one conversation.
    var exitCode: Int32? { interruptedCode ?? verdict?.outcome.rawValue }

    /// The events that are shown, in order.
    var entries: [Entry] { first + last.suffix(Self.most.last) }

    /// How many events are left out between the first and the last ones.
    var omitted: Int { eventCount - first.count - min(last.count, Self.most.last) }

    /// The index of the first event behind those that are left out.
    var resumes: Int { first.count + omitted }

    /// The time of the transcript's first event.
    var start: Timestamp? { first.first?.event.time }
}
