import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What is recorded of one conversation of a capture file, and its judge.
///
/// On the heap, so that it stays where it is: it is large, and there are many.
final class ConversationCase {
    /// A judge on the heap: few conversations have a second one, and room for it in each would double what a table takes.
    private final class Snapshot {
        let judge: Judge

        init(_ judge: Judge) { self.judge = judge }
    }

    private var recorder: FlowRecorder
    private var judge: Judge
    private var settled: Snapshot?
    private var eventCount = 0

    /// About how many octets one takes, without what it refers to.
    static var size: Int { MemoryLayout<FlowRecorder>.size + MemoryLayout<Judge>.size }

    /// True when the listener hears of each event.
    let isFollowed: Bool

    init(_ flow: FourTuple, _ expectation: Expectation, isFollowed: Bool) {
        self.isFollowed = isFollowed
        recorder = FlowRecorder(flow: flow, patience: nil)
        judge = Judge(flow: flow, expectation: expectation)
    }

    /// What it comes to; of a live run what that run's result rests on.
    func conclude() -> Verdict { settled?.judge.conclude() ?? Self.ask(&judge) { $0.conclude() } }

    /// The same in the fewest words.
    func outline() -> Outline { settled?.judge.outline() ?? Self.ask(&judge) { $0.outline() } }

    /// Asks a judge where it is. Asked otherwise it is copied first, which touches all that it has on the heap.
    @inline(__always)
    private static func ask<Answer>(_ judge: inout Judge, _ question: (borrowing Judge) -> Answer) -> Answer {
        question(judge)
    }

    /// The result of a live run was known here.
    func settle() { settled = Snapshot(judge) }

    /// The event that a dissected frame is to it; nil when it is not about it.
    func event(
        of dissection: Dissection, _ frame: FileFrame, at time: Timestamp, _ mark: TranscriptRecord.FrameMark? = nil
    ) -> Event? {
        if mark?.isHidden == true, let start = frame.linkType.headerLength(of: frame.octets.span) {
            recorder.willSend(packet: Array(frame.octets[start...]), at: Instant(nanoseconds: 0))
        }
        var event = recorder.observe(dissection, of: CapturedFrame(frame, at: time), octets: frame.octets)
        if let mark { event?.apply(mark) }
        return event
    }

    /// Takes a dissected frame in that nothing is recorded with, if it is about it.
    func take(_ dissection: Dissection, _ frame: FileFrame, at time: Timestamp, into reading: inout Reading) {
        guard case .tcp(let segment, let checksum)? = dissection.transport, let ip = dissection.ip else {
            if let event = event(of: dissection, frame, at: time) { take(event, into: &reading) }
            return
        }
        let frame = CapturedFrame(frame, at: time)
        recorder.observe(segment, ip, checksum, dissection, of: frame, octets: []) { observed in
            judge.observe(observed, at: time, into: &reading)
            eventCount += 1
        }
    }

    /// Takes an event in and says what it means; returns its place among the others.
    @discardableResult
    func take(_ event: Event, into reading: inout Reading) -> Int {
        judge.observe(event, into: &reading)
        eventCount += 1
        return eventCount - 1
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
