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

    /// A judge on the heap: few conversations have a second one, and room for it in each would double what a table takes.
    private final class Snapshot {
        let judge: Judge

        init(_ judge: Judge) { self.judge = judge }
    }

    let key: Key
    let number: Int
    let interest: Interest
    private var recorder: FlowRecorder
    private var judge: Judge
    private var settled: Snapshot?
    private var eventCount = 0
    let first: Timestamp
    private(set) var last: Timestamp
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

    /// What has seen all of it; of a live run what that run's result rests on.
    var finalJudge: Judge { settled?.judge ?? judge }

    /// The result of a live run was known here.
    func settle() { settled = Snapshot(judge) }

    /// The event that a dissected frame is to it; nil when it is not about it.
    func event(
        of dissection: Dissection, _ frame: FileFrame, at time: Timestamp, _ mark: TranscriptRecord.FrameMark?
    ) -> Event? {
        if mark?.isHidden == true, let start = frame.linkType.headerLength(of: frame.octets.span) {
            recorder.willSend(packet: Array(frame.octets[start...]), at: Instant(nanoseconds: 0))
        }
        var event = recorder.observe(dissection, of: CapturedFrame(frame, at: time), octets: frame.octets)
        if let mark { event?.apply(mark) }
        return event
    }

    /// The event that a frame without a mark is to it, its segment being at hand already.
    func event(
        of segment: TCPSegment, _ ip: IPHeader, _ checksum: ChecksumVerdict, _ dissection: Dissection,
        _ frame: FileFrame, at time: Timestamp
    ) -> Event? {
        recorder.observe(
            segment, ip, checksum, dissection, of: CapturedFrame(frame, at: time), octets: frame.octets)
    }

    /// Takes an event in and says what it means; returns its place among the others.
    func take(_ event: Event, into reading: inout Reading) -> Int {
        last = max(last, event.time)
        judge.observe(event, into: &reading)
        eventCount += 1
        return eventCount - 1
    }

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

extension CapturedFrame {
    fileprivate init(_ frame: FileFrame, at time: Timestamp) {
        self.init(
            range: 0..<frame.octets.count,
            linkType: frame.linkType,
            time: time,
            originalLength: frame.originalLength,
            interface: frame.interface
        )
    }
}

extension Event {
    /// Says of a frame what only the live run knew.
    fileprivate mutating func apply(_ mark: TranscriptRecord.FrameMark) {
        switch kind {
        case .segment(var observed):
            if mark.isKernels { observed.origin = .kernel }
            observed.isCoalesced = mark.isCoalesced
            observed.isIPChecksumWrong = mark.isIPChecksumWrong
            observed.isSignatureWrong = mark.isSignatureWrong
            observed.rewritten = mark.rewritten
            kind = .segment(observed)
        case .icmpError(var observed):
            observed.quotesOurs = mark.quotesOurs
            kind = .icmpError(observed)
        default: break
        }
    }
}
