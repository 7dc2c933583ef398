import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// A connection of a capture file while it is looked at.
final class Conversation {
    /// What names it: its number in a live run's file, its sockets in others.
    enum Key: Hashable, Sendable {
        case recorded(Int)
        case sockets(FlowKey)
    }

    let key: Key
    let number: Int
    let interest: Interest
    var recorder: FlowRecorder
    var judge: Judge
    /// The judge as it was when the result of a live run was known.
    var settled: Judge?
    var eventCount = 0
    var first: Timestamp
    var last: Timestamp
    /// When it was over, or last found to have had a frame after that.
    var overSince = Timestamp(nanoseconds: 0)
    /// True when there was a frame since the table last looked.
    var isRecent = true
    /// The initial sequence number of the first SYN without ACK.
    private var opener: SequenceNumber?
    private var weSent = false
    private var theySent = false
    private var ourFin = false
    private var theirFin = false
    private var wasReset = false

    init(
        _ key: Key, _ number: Int, _ interest: Interest, _ flow: FourTuple, _ expectation: Expectation,
        at time: Timestamp
    ) {
        self.key = key
        self.number = number
        self.interest = interest
        recorder = FlowRecorder(flow: flow, patience: nil)
        judge = Judge(flow: flow, expectation: expectation)
        first = time
        last = time
    }

    var flow: FourTuple { judge.flow }

    /// True when no live run of ours has recorded it.
    var isForeign: Bool { if case .sockets = key { true } else { false } }

    /// True when both ends have closed it, or one broke it off.
    var isOver: Bool { wasReset || ourFin && theirFin }

    /// True when only one end has sent anything: nobody answers it.
    var isUnanswered: Bool { weSent != theySent }

    /// True for a SYN that begins another connection between the same sockets. After a RST the same SYN again is only
    /// another attempt.
    func isSucceeded(by segment: TCPSegment) -> Bool {
        guard segment.flags.intersection([.syn, .ack, .rst]) == .syn, isOver else { return false }
        return ourFin && theirFin || segment.seq != opener
    }

    /// Takes note of a segment whose checksum is not wrong.
    func follow(_ segment: TCPSegment, isOurs: Bool) {
        if isOurs { weSent = true } else { theySent = true }
        if segment.flags.contains(.rst) { wasReset = true }
        if segment.flags.contains(.fin) { if isOurs { ourFin = true } else { theirFin = true } }
        if opener == nil, segment.flags.intersection([.syn, .ack]) == .syn { opener = segment.seq }
    }
}
