import HandprobeJudge
import HandprobeWire

/// A connection of a capture file while it is looked at.
struct Conversation {
    /// What names it: its number in a live run's file, its sockets in others, in either order.
    enum Key: Hashable, Sendable {
        case recorded(Int)
        case sockets(FourTuple)
    }

    /// When it is judged.
    enum Judging {
        case not
        /// Each frame as it comes.
        case atOnce(ConversationCase)
        /// Several frames together.
        case later
    }

    // What every frame changes or asks for comes first, in as few lines of the processor's caches as can be; in this order
    // hardly any room is left between, and one takes 128 octets.
    private(set) var judging: Judging
    /// Where its frames are kept that are not judged yet.
    var kept = FrameBatch.Place()
    /// The initial sequence number of the first SYN without ACK.
    private var opener: SequenceNumber?
    /// True when there was a frame since the table last looked.
    var isRecent = true
    private var weSent = false
    private var theySent = false
    private var ourFin = false
    private var theirFin = false
    private var wasReset = false
    var last: Timestamp
    /// The connection, `local` being us.
    let flow: FourTuple
    /// Its number in the file of a live run of ours; nil when none has recorded it.
    private let recorded: Int?
    let number: Int
    let first: Timestamp
    /// When it was over, or last found to have had a frame after that.
    var overSince = Timestamp(nanoseconds: 0)

    init(
        _ key: Key, _ number: Int, _ interest: Interest, _ flow: FourTuple, _ expectation: Expectation,
        at time: Timestamp
    ) {
        recorded = if case .recorded(let number) = key { number } else { nil }
        self.number = number
        self.flow = flow
        judging =
            switch (key, interest) {
            case (_, .counted): .not
            case (.sockets, .judged): .later
            // Of a live run more is recorded than frames, and the order of all of it must be kept.
            case (.recorded, .judged), (_, .followed):
                .atOnce(ConversationCase(flow, expectation, isFollowed: interest == .followed))
            }
        first = time
        last = time
    }

    /// True when no live run of ours has recorded it.
    var isForeign: Bool { recorded == nil }

    /// What names it.
    var key: Key { recorded.map(Key.recorded) ?? .sockets(flow) }

    /// True when it is named by these sockets.
    func isNamed(by sockets: FourTuple) -> Bool { isForeign && (flow == sockets || flow.reversed == sockets) }

    /// From its first event to its last one.
    var times: ClosedRange<Timestamp> { first...max(first, last) }

    /// True when both ends have closed it, or one broke it off.
    var isOver: Bool { wasReset || ourFin && theirFin }

    /// True when only one end has sent anything: nobody answers it.
    var isUnanswered: Bool { weSent != theySent }

    /// True when `quote` is a segment of ours. A frame does not carry the scope of a link-local address.
    func hasSent(_ quote: ICMPError.Quote) -> Bool {
        quote.source.address == flow.local.address && quote.source.port == flow.local.port
            && quote.destination.address == flow.remote.address && quote.destination.port == flow.remote.port
    }

    /// True for a SYN that begins another connection between the same sockets. After a RST the same SYN again is only
    /// another attempt.
    func isSucceeded(by segment: SegmentGlance) -> Bool {
        guard segment.flags.intersection([.syn, .ack, .rst]) == .syn, isOver else { return false }
        return ourFin && theirFin || segment.seq != opener
    }

    /// Forgets what judged it.
    mutating func leave() { judging = .not }

    /// Takes note of a segment whose checksum is not wrong; true when the connection is over since then.
    mutating func follow(_ segment: SegmentGlance, at time: Timestamp) -> Bool {
        let wasOver = isOver
        let isOurs = segment.source == flow.local
        if isOurs { weSent = true } else { theySent = true }
        if segment.flags.contains(.rst) { wasReset = true }
        if segment.flags.contains(.fin) { if isOurs { ourFin = true } else { theirFin = true } }
        if opener == nil, segment.flags.intersection([.syn, .ack]) == .syn { opener = segment.seq }
        guard isOver, !wasOver else { return false }
        overSince = time
        return true
    }
}
