public import HandprobeJudge
public import HandprobeWire

/// Writes the transcripts of conversations as a pcapng file: each frame with a comment, and beside it what no frame shows.
///
/// What happens without a frame rides on a frame of its conversation, in custom options: programs that copy, cut and convert
/// capture files keep those, and show no frames that there were not. So a frame is held until the next one comes.
public struct TranscriptWriter: Sendable {
    private var writer = PCAPNGWriter()
    private var interfaces: [InterfaceName: Int] = [:]
    private var held: (conversation: Int, frame: PCAPNGFrame)?
    /// Records that wait for the next frame.
    private var pending: [TranscriptRecord] = []
    private var first: Timestamp?
    private var last: Timestamp?

    private struct InterfaceName: Hashable {
        var name: String
        var linkType: LinkType
    }

    /// Begins a file with its section.
    public init(_ section: PCAPNGSection) {
        writer.write(section)
    }

    /// Adds an interface that is captured on; one that was not added is, without snaplen, when its first frame comes.
    @discardableResult
    public mutating func add(_ interface: PCAPNGInterface) -> Int {
        let number = interfaces.count
        writer.write(interface)
        interfaces[InterfaceName(name: interface.name, linkType: interface.linkType)] = number
        return number
    }

    /// Takes the octets that are ready for the file.
    public mutating func take() -> [UInt8] { writer.take() }

    /// Announces a conversation, by a number of its own.
    public mutating func begin(_ conversation: Int, _ flow: FourTuple, _ expectation: Expectation) {
        // It waits for a frame of its own, so that it stays when somebody cuts that conversation out of the file.
        pending.append(.conversation(conversation, flow, expectation))
    }

    /// Adds an event of a conversation and what the judge makes of it.
    public mutating func add(_ event: Event, _ reading: Reading, of conversation: Int) {
        first = min(first ?? event.time, event.time)
        last = max(last ?? event.time, event.time)
        var mark = TranscriptRecord.FrameMark()
        var frame: PCAPNGFrame
        switch event.kind {
        case .segment(let observed):
            mark.isKernels = observed.origin == .kernel
            mark.isCoalesced = observed.isCoalesced
            mark.isIPChecksumWrong = observed.isIPChecksumWrong
            mark.isHidden = observed.isHidden
            mark.isSignatureWrong = observed.isSignatureWrong
            mark.rewritten = observed.rewritten
            frame = self.frame(
                observed.frame, observed.originalLength, on: observed.interface, observed.linkType, at: event.time)
        case .icmpError(let observed):
            mark.quotesOurs = observed.quotesOurs
            frame = self.frame(
                observed.frame, observed.originalLength, on: observed.interface, observed.linkType, at: event.time)
        default:
            return add(.event(conversation, event))
        }
        release()
        if let comment = FrameComment.text(event, reading) { frame.comments = [comment] }
        frame.records = (pending + [.frame(conversation, mark)]).map(\.octets)
        pending = []
        held = (conversation, frame)
    }

    /// Notes that the result of a conversation is known, or known better: it rests on what was added so far.
    public mutating func settle(_ conversation: Int) {
        add(.settled(conversation))
    }

    /// Ends the file, with what each capture counted.
    public mutating func end(_ statistics: [PCAPNGStatistics]) {
        if held != nil {
            held?.frame.records += pending.map(\.octets)
            pending = []
            release()
        }
        var statistics = statistics
        if !pending.isEmpty {
            if interfaces.isEmpty { add(PCAPNGInterface(name: "", linkType: .raw, snaplen: 0)) }
            if statistics.isEmpty { statistics = [PCAPNGStatistics(interface: 0)] }
            statistics[0].records = pending.map(\.octets)
            pending = []
        }
        let (start, end) = (first ?? Timestamp(nanoseconds: 0), last ?? Timestamp(nanoseconds: 0))
        for counters in statistics { writer.write(counters, from: start, to: end) }
    }

    private mutating func add(_ record: TranscriptRecord) {
        if held?.conversation == record.conversation {
            held?.frame.records.append(record.octets)
        } else {
            pending.append(record)
        }
    }

    private mutating func release() {
        if let held { writer.write(held.frame) }
        held = nil
    }

    private mutating func frame(
        _ octets: [UInt8],
        _ originalLength: Int,
        on interface: String,
        _ linkType: LinkType,
        at time: Timestamp
    ) -> PCAPNGFrame {
        let name = InterfaceName(name: interface, linkType: linkType)
        let number = interfaces[name] ?? add(PCAPNGInterface(name: interface, linkType: linkType, snaplen: 0))
        return PCAPNGFrame(
            interface: number, time: time, originalLength: max(originalLength, octets.count), octets: octets)
    }
}
