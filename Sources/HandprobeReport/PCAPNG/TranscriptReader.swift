public import HandprobeJudge
import HandprobeTCP
public import HandprobeWire

/// Makes transcripts out of a pcapng file as it comes: of handprobe's own exactly what was recorded, of any other what its
/// frames show. The events of conversations come in the order of the file.
public struct TranscriptReader: Sendable {
    /// What a piece of the file comes to.
    public enum Output: Hashable, Sendable {
        /// A conversation begins; they are counted from 1.
        case began(Int, FourTuple, Expectation)
        /// Something happened in a conversation.
        case event(Int, Event)
        /// When the file was written, a conversation's result was known here; the last of these counts.
        case settled(Int)
        /// A conversation is over, or was given up because it was idle and there are too many.
        case ended(Int)
    }

    /// What names a conversation: its number in handprobe's own files, its sockets in others.
    enum Key: Hashable {
        case recorded(Int)
        case sockets(FourTuple)
    }

    /// A conversation being followed.
    struct Flow {
        var number: Int
        var recorder: FlowRecorder
        var fins: Set<Origin> = []
        var wasReset = false
        var isOver: Bool { wasReset || fins.count == 2 }
    }

    /// Frames read so far.
    public private(set) var frameCount = 0
    /// Of these, frames of no TCP connection, and no errors about one.
    public private(set) var otherCount = 0
    /// Blocks that contradicted themselves and were passed over.
    public private(set) var malformedCount = 0
    /// What was wrong with the first of them.
    public private(set) var firstMalformed: PCAPNGError?
    /// Frames the file has no times for.
    public private(set) var timelessCount = 0

    private var reader = PCAPNGReader()
    var flows: RecentFlows<Key, Flow>
    var outputs: [Output] = []
    private var nextOutput = 0
    private var count = 0
    private var lastTime = Timestamp(nanoseconds: 0)
    private var losses: [Int: UInt64] = [:]

    /// A reader that follows at most `mostFlows` conversations at a time.
    public init(mostFlows: Int = 16384) {
        flows = RecentFlows(most: mostFlows)
    }

    /// Takes the next octets of the file.
    public mutating func append(_ octets: some Collection<UInt8>) {
        reader.append(octets)
    }

    /// The next output; nil when more octets are needed. Throws once nothing more can be read.
    public mutating func next() throws(PCAPNGError) -> Output? {
        while nextOutput == outputs.count {
            outputs.removeAll(keepingCapacity: true)
            nextOutput = 0
            guard let block = try reader.next() else { return nil }
            take(block)
        }
        nextOutput += 1
        return outputs[nextOutput - 1]
    }

    /// Ends every conversation that is left; returns what is wrong with a file that ends here.
    public mutating func end() -> (outputs: [Output], problem: PCAPNGError?) {
        let left = flows.values.map(\.number).sorted().map { Output.ended($0) }
        defer { flows = RecentFlows(most: 2) }
        return (outputs[nextOutput...] + left, reader.end())
    }

    private mutating func take(_ block: PCAPNGBlock) {
        switch block {
        case .section: losses = [:]
        case .interface, .skipped: break
        case .malformed(let error):
            malformedCount += 1
            firstMalformed = firstMalformed ?? error
        case .frame(let frame, let interface): take(frame, interface)
        case .statistics(let statistics):
            for octets in statistics.records { TranscriptRecord(octets: octets).map { take($0) } }
            if statistics.records.isEmpty { take(losses: statistics) }
        }
    }

    private mutating func take(_ frame: PCAPNGFrame, _ interface: PCAPNGInterface) {
        frameCount += 1
        if frame.time == nil { timelessCount += 1 }
        lastTime = frame.time ?? lastTime
        var isTaken = false
        for octets in frame.records {
            guard let record = TranscriptRecord(octets: octets) else { continue }
            if case .frame(let conversation, let mark) = record, !isTaken {
                isTaken = take(frame, interface, of: .recorded(conversation), mark)
            } else {
                take(record)
            }
        }
        if !isTaken { takeUnmarked(frame, interface) }
    }

    /// Takes what is recorded beside the frames.
    private mutating func take(_ record: TranscriptRecord) {
        switch record {
        case .conversation(let number, let flow, let expectation):
            let key = Key.recorded(number)
            if let former = flows.remove(key) { outputs.append(.ended(former.number)) }
            begin(key, flow, expectation)
        case .event(let number, let event):
            if let number = flows.update(.recorded(number), { $0.number }) { outputs.append(.event(number, event)) }
        case .settled(let number):
            if let number = flows.update(.recorded(number), { $0.number }) { outputs.append(.settled(number)) }
        case .frame: break
        }
    }

    private mutating func begin(_ key: Key, _ flow: FourTuple, _ expectation: Expectation) {
        count += 1
        let gone = flows.insert(Flow(number: count, recorder: FlowRecorder(flow: flow, patience: nil)), for: key)
        outputs += gone.map(\.number).sorted().map { .ended($0) }
        outputs.append(.began(count, flow, expectation))
    }

    /// Takes a frame whose conversation is recorded with it; false when it does not belong there after all.
    private mutating func take(
        _ frame: PCAPNGFrame,
        _ interface: PCAPNGInterface,
        of key: Key,
        _ mark: TranscriptRecord.FrameMark?
    ) -> Bool {
        let time = lastTime
        let output = flows.update(key) { flow -> Output? in
            let dissection = Dissection(frame, interface)
            guard var event = flow.recorder.observe(dissection, of: frame, on: interface, at: time) else { return nil }
            if let mark { event.apply(mark) }
            return .event(flow.number, event)
        }
        guard case .some(.some(let output)) = output else { return false }
        outputs.append(output)
        return true
    }

    /// Takes a frame that nothing is recorded with: its sockets say where it belongs.
    private mutating func takeUnmarked(_ frame: PCAPNGFrame, _ interface: PCAPNGInterface) {
        let dissection = Dissection(frame, interface)
        guard let ip = dissection.ip, let transport = dissection.transport else { return otherCount += 1 }
        let time = lastTime
        switch transport {
        case .tcp(let segment, let checksum):
            let source = SocketAddress(ip.source, port: segment.header.sourcePort)
            let destination = SocketAddress(ip.destination, port: segment.header.destinationPort)
            let key = key(segment, FourTuple(local: source, remote: destination))
            let output = flows.update(key) { flow -> Output? in
                guard let event = flow.recorder.observe(dissection, of: frame, on: interface, at: time) else {
                    return nil
                }
                if checksum != .bad, segment.flags.contains(.rst) { flow.wasReset = true }
                if case .segment(let observed) = event.kind, checksum != .bad, segment.flags.contains(.fin) {
                    flow.fins.insert(observed.origin)
                }
                return .event(flow.number, event)
            }
            if case .some(.some(let output)) = output { outputs.append(output) }
        case .icmpError(let error):
            let flow = error.quote.map { FourTuple(local: $0.source, remote: $0.destination) }
            guard let flow, take(frame, interface, of: .sockets(flow), nil) else { return otherCount += 1 }
        case .other: otherCount += 1
        }
    }

    /// The conversation of a segment: one that is followed, or a new one, in which the opener is "us".
    private mutating func key(_ segment: TCPSegment, _ flow: FourTuple) -> Key {
        let opens = segment.flags.intersection([.syn, .ack, .rst]) == .syn
        for key in [Key.sockets(flow), .sockets(flow.reversed)] {
            guard let isOver = flows.update(key, { $0.isOver }) else { continue }
            guard opens, isOver else { return key }
            // The same sockets again: another connection.
            if let former = flows.remove(key) { outputs.append(.ended(former.number)) }
        }
        let answers = segment.flags.isSuperset(of: [.syn, .ack])
        let flow = answers ? flow.reversed : flow
        begin(.sockets(flow), flow, .observe)
        return .sockets(flow)
    }

    /// What a foreign capture says it lost may have been part of any conversation that is followed.
    private mutating func take(losses statistics: PCAPNGStatistics) {
        let (sum, overflow) = (statistics.dropped ?? 0).addingReportingOverflow(statistics.droppedBySystem ?? 0)
        let total = overflow ? UInt64.max : sum
        let known = losses[statistics.interface] ?? 0
        guard total > known, losses.count < PCAPNGFormat.mostInterfaces else { return }
        losses[statistics.interface] = total
        let event = Event(time: lastTime, kind: .captureLoss(frames: Int(clamping: total - known)))
        outputs += flows.values.map(\.number).sorted().map { .event($0, event) }
    }
}

extension Dissection {
    /// Takes a frame of a file apart.
    fileprivate init(_ frame: PCAPNGFrame, _ interface: PCAPNGInterface) {
        self.init(frame: frame.octets.span, linkType: interface.linkType, originalLength: frame.originalLength)
    }
}

extension FlowRecorder {
    fileprivate mutating func observe(
        _ dissection: Dissection,
        of frame: PCAPNGFrame,
        on interface: PCAPNGInterface,
        at time: Timestamp
    ) -> Event? {
        let captured = CapturedFrame(
            range: 0..<frame.octets.count,
            linkType: interface.linkType,
            time: time,
            originalLength: frame.originalLength,
            interface: interface.name
        )
        return observe(dissection, of: captured, octets: frame.octets)
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
            observed.rewritten = mark.rewritten
            kind = .segment(observed)
        case .icmpError(var observed):
            observed.quotesOurs = mark.quotesOurs
            kind = .icmpError(observed)
        default: break
        }
    }
}
