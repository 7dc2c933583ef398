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

    /// What changes with every frame; one value, so that many frames are one access to it.
    private struct Course {
        var recorder: FlowRecorder
        var judge: Judge
        var eventCount = 0

        init(_ flow: FourTuple, _ expectation: Expectation) {
            recorder = FlowRecorder(flow: flow, patience: nil)
            judge = Judge(flow: flow, expectation: expectation)
        }

        mutating func take(_ event: Event, into reading: inout Reading) {
            judge.observe(event, into: &reading)
            eventCount += 1
        }

        /// Takes in what a batch has of it.
        mutating func take(_ entries: Range<Int>, of batch: borrowing FrameBatch, into reading: inout Reading) {
            for index in entries {
                let entry = batch.entries[index]
                switch entry.content {
                case .captureLoss(let frames):
                    take(Event(time: entry.time, kind: .captureLoss(frames: frames)), into: &reading)
                case .frame(let octets, let originalLength, let linkType, let interface, let checksum):
                    let frame = CapturedFrame(
                        range: octets, linkType: linkType, time: entry.time, originalLength: originalLength,
                        interface: batch.interfaces[interface])
                    take(frame, of: batch.octets, checksum, into: &reading)
                }
            }
        }

        /// Takes in a frame that nothing is recorded with, if it is about the conversation.
        private mutating func take(
            _ frame: CapturedFrame, of octets: [UInt8], _ checksum: ChecksumVerdict?, into reading: inout Reading
        ) {
            let found = FoundSegment(
                frame: frame.range, of: octets, linkType: frame.linkType, originalLength: frame.originalLength,
                checksum: checksum)
            if let found {
                if recorder.observe(found, of: frame, judging: &judge, into: &reading) { eventCount += 1 }
                return
            }
            let dissection = Dissection(
                frame: frame.range, of: octets, linkType: frame.linkType, originalLength: frame.originalLength)
            if let event = recorder.observe(dissection, of: frame, octets: octets[frame.range]) {
                take(event, into: &reading)
            }
        }
    }

    private var course: Course
    private var settled: Snapshot?

    /// About how many octets one takes, without what it refers to.
    static var size: Int { MemoryLayout<Course>.size }

    /// True when the listener hears of each event.
    let isFollowed: Bool

    init(_ flow: FourTuple, _ expectation: Expectation, isFollowed: Bool) {
        self.isFollowed = isFollowed
        course = Course(flow, expectation)
    }

    /// Begins with another conversation, of which nothing is known yet.
    func begin(_ flow: FourTuple, _ expectation: Expectation) {
        course = Course(flow, expectation)
        settled = nil
    }

    /// What it comes to; of a live run what that run's result rests on.
    func conclude() -> Verdict { settled?.judge.conclude() ?? Self.ask(&course.judge) { $0.conclude() } }

    /// The same in the fewest words.
    func outline() -> Outline { settled?.judge.outline() ?? Self.ask(&course.judge) { $0.outline() } }

    /// Asks a judge where it is. Asked otherwise it is copied first, which touches all that it has on the heap.
    @inline(__always)
    private static func ask<Answer>(_ judge: inout Judge, _ question: (borrowing Judge) -> Answer) -> Answer {
        question(judge)
    }

    /// The result of a live run was known here.
    func settle() { settled = Snapshot(course.judge) }

    /// The event that a dissected frame is to it; nil when it is not about it.
    func event(
        of dissection: Dissection, _ frame: FileFrame, at time: Timestamp, _ mark: TranscriptRecord.FrameMark? = nil
    ) -> Event? {
        if mark?.isHidden == true, let start = frame.linkType.headerLength(of: frame.octets.span) {
            course.recorder.willSend(packet: Array(frame.octets[start...]), at: Instant(nanoseconds: 0))
        }
        var event = course.recorder.observe(dissection, of: CapturedFrame(frame, at: time), octets: frame.octets)
        if let mark { event?.apply(mark) }
        return event
    }

    /// Takes in what a batch has of it.
    func take(_ entries: Range<Int>, of batch: borrowing FrameBatch, into reading: inout Reading) {
        course.take(entries, of: batch, into: &reading)
    }

    /// Takes an event in and says what it means; returns its place among the others.
    func take(_ event: Event, into reading: inout Reading) -> Int {
        course.take(event, into: &reading)
        return course.eventCount - 1
    }
}

extension Dissection {
    /// Takes a frame of a file apart.
    init(_ frame: FileFrame) {
        self.init(frame: frame.octets, linkType: frame.linkType, originalLength: frame.originalLength)
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
