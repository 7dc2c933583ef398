import HandprobeJudge
import HandprobeTCP
public import HandprobeWire

/// Sorts the frames of a capture file into connections, and judges each: of handprobe's own files exactly what was
/// recorded, of any other what its frames show.
///
/// What it keeps is bounded: at most `Limits.open` connections at a time, and of each no more than recorder and judge do.
public final class FileJudge {
    /// How much is kept.
    public struct Limits: Hashable, Sendable {
        /// Connections looked at at the same time.
        public var open = 65_536
        /// Connections that may begin while an earlier one is still looked at; nil for any number.
        public var since: Int?
        /// How long after a connection's last frame it is still looked at when both ends have closed it.
        public var linger = Duration.seconds(60)

        /// The usual limits.
        public init() {}
    }

    /// What was counted so far.
    public private(set) var figures = FileFigures()

    private let listener: any ConversationListener
    private let limits: Limits
    private let local: IPAddress?
    private var table: ConversationTable
    private var lastTime = Timestamp(nanoseconds: 0)
    /// The latest time of a frame.
    public private(set) var latest = Timestamp(nanoseconds: 0)
    private var losses: [Int: UInt64] = [:]

    /// Judges for a listener. "Us" is the end at `local`, where there is one; else the end that opens.
    public init(for listener: any ConversationListener, local: IPAddress? = nil, limits: Limits = Limits()) {
        self.listener = listener
        self.local = local
        self.limits = limits
        table = ConversationTable(most: limits.open)
    }

    /// Takes the next frame.
    public func take(_ frame: FileFrame) {
        count(frame)
        guard !frame.records.isEmpty else { return takeUnmarked(frame) }
        var isTaken = false
        for octets in frame.records {
            guard let record = TranscriptRecord(octets: octets) else { continue }
            if case .frame(let conversation, let mark) = record, !isTaken {
                isTaken = take(frame, of: .recorded(conversation), mark)
            } else {
                take(record)
            }
        }
        if !isTaken { takeUnmarked(frame) }
    }

    /// Takes the next block of a pcapng file.
    public func take(_ block: PCAPNGBlock) {
        switch block {
        case .section: losses = [:]
        case .interface, .skipped: break
        case .malformed(let error):
            figures.malformed += 1
            figures.firstMalformed = figures.firstMalformed ?? error
        case .frame(let frame, let interface): take(FileFrame(frame, on: interface))
        case .statistics(let statistics):
            for octets in statistics.records { TranscriptRecord(octets: octets).map { take($0) } }
            take(losses: statistics)
        }
    }

    /// The file ends here, and with it every connection.
    public func end() {
        for place in table.all { end(at: place) }
    }

    private func count(_ frame: FileFrame) {
        figures.frames += 1
        if frame.originalLength > frame.octets.count { figures.cut += 1 }
        guard let time = frame.time else { return figures.timeless += 1 }
        if figures.frames > 1, time < lastTime { figures.backwards += 1 }
        lastTime = time
        latest = max(latest, time)
    }

    /// Takes what is recorded beside the frames.
    private func take(_ record: TranscriptRecord) {
        switch record {
        case .conversation(let number, let flow, let expectation):
            if let former = table.place(of: .recorded(number)) { end(at: former) }
            _ = begin(.recorded(number), flow, expectation)
        case .event(let number, let event):
            if let place = table.place(of: .recorded(number)) { take(event, at: place) }
        case .settled(let number):
            guard let place = table.place(of: .recorded(number)), table[place].interest != .counted else { return }
            table[place].settled = table[place].judge
            if table[place].interest == .followed { listener.settled(table[place].number) }
        case .frame: break
        }
    }

    private func begin(_ key: Conversation.Key, _ flow: FourTuple, _ expectation: Expectation) -> Int {
        endThoseOver()
        if table.isFull { makeRoom() }
        figures.connections += 1
        let number = figures.connections
        let interest = listener.began(number, flow, expectation, at: lastTime)
        return table.insert(Conversation(key, number, interest, flow, expectation, at: lastTime))
    }

    private func end(at place: Int) {
        let conversation = table.remove(at: place)
        guard conversation.interest != .counted else { return }
        listener.ended(
            EndedConversation(
                number: conversation.number,
                flow: conversation.flow,
                times: conversation.first...max(conversation.first, conversation.last),
                judge: conversation.settled ?? conversation.judge
            ))
    }

    /// Ends those that have been closed, and silent, for long.
    private func endThoseOver() {
        while let place = table.firstOver(), latest.since(table[place].overSince) > limits.linger {
            if latest.since(table[place].last) > limits.linger {
                end(at: place)
            } else {
                table[place].overSince = table[place].last
                table.postponeFirstOver()
            }
        }
        guard let since = limits.since else { return }
        while let place = table.firstBegun(), figures.connections - table[place].number >= since { giveUp(at: place) }
    }

    private func makeRoom() {
        giveUp(at: table.firstOver() ?? table.idle())
    }

    private func giveUp(at place: Int) {
        if !table[place].isOver, !table[place].isUnanswered { figures.givenUp += 1 }
        end(at: place)
    }

    /// Takes a frame whose connection is known; false when it does not belong there after all.
    private func take(_ frame: FileFrame, of key: Conversation.Key, _ mark: TranscriptRecord.FrameMark?) -> Bool {
        guard let place = table.place(of: key) else { return false }
        let dissection = Dissection(frame)
        count(dissection)
        return observe(dissection, of: frame, at: place, mark)
    }

    private func observe(
        _ dissection: Dissection,
        of frame: FileFrame,
        at place: Int,
        _ mark: TranscriptRecord.FrameMark?
    ) -> Bool {
        table[place].isRecent = true
        guard table[place].interest != .counted else { return true }
        let captured = CapturedFrame(
            range: 0..<frame.octets.count,
            linkType: frame.linkType,
            time: lastTime,
            originalLength: frame.originalLength,
            interface: frame.interface
        )
        if mark?.isHidden == true, let start = frame.linkType.headerLength(of: frame.octets.span) {
            table[place].recorder.willSend(packet: Array(frame.octets[start...]), at: Instant(nanoseconds: 0))
        }
        guard var event = table[place].recorder.observe(dissection, of: captured, octets: frame.octets) else {
            return false
        }
        if let mark { event.apply(mark) }
        take(event, at: place)
        return true
    }

    private func take(_ event: Event, at place: Int) {
        table[place].last = max(table[place].last, event.time)
        guard table[place].interest != .counted else { return }
        let reading = table[place].judge.observe(event)
        let index = table[place].eventCount
        table[place].eventCount += 1
        if table[place].interest == .followed {
            listener.observed(event, reading: reading, index: index, of: table[place].number)
        }
    }

    /// Takes a frame that nothing is recorded with: its sockets say where it belongs.
    private func takeUnmarked(_ frame: FileFrame) {
        let dissection = Dissection(frame)
        count(dissection)
        guard let ip = dissection.ip, let transport = dissection.transport else { return figures.otherFrames += 1 }
        switch transport {
        case .tcp(let segment, let checksum):
            let source = SocketAddress(ip.source, port: segment.header.sourcePort)
            let destination = SocketAddress(ip.destination, port: segment.header.destinationPort)
            let place = place(of: segment, FourTuple(local: source, remote: destination))
            _ = observe(dissection, of: frame, at: place, nil)
            guard checksum != .bad else { return }
            let wasOver = table[place].isOver
            table[place].follow(segment, isOurs: table[place].flow.local == source)
            if !wasOver, table[place].isOver {
                table[place].overSince = lastTime
                table.noteOver(at: place)
            }
        case .icmpError(let error):
            let flow = error.quote.map { FourTuple(local: $0.source, remote: $0.destination) }
            guard let flow, let place = table.place(of: .sockets(FlowKey(flow))),
                observe(dissection, of: frame, at: place, nil)
            else { return figures.otherFrames += 1 }
        case .other: figures.otherFrames += 1
        }
    }

    private func count(_ dissection: Dissection) {
        if dissection.fragment != nil { figures.fragments += 1 }
        if case .unsupportedLinkType(let type)? = dissection.problem {
            figures.unreadable += 1
            figures.unreadableType = figures.unreadableType ?? LinkType(rawValue: type)
        }
    }

    /// The place of a segment's connection: one that is there, or a new one.
    private func place(of segment: TCPSegment, _ flow: FourTuple) -> Int {
        let key = Conversation.Key.sockets(FlowKey(flow))
        if let place = table.place(of: key) {
            guard table[place].isSucceeded(by: segment) else { return place }
            end(at: place)
        }
        let answers = segment.flags.isSuperset(of: [.syn, .ack])
        var flow = answers ? flow.reversed : flow
        if let local, flow.remote.address == local, flow.local.address != local { flow = flow.reversed }
        return begin(key, flow, .observe)
    }

    /// What a foreign capture says it lost may have been part of any connection that is looked at.
    private func take(losses statistics: PCAPNGStatistics) {
        let (sum, overflow) = (statistics.dropped ?? 0).addingReportingOverflow(statistics.droppedBySystem ?? 0)
        let total = overflow ? UInt64.max : sum
        let known = losses[statistics.interface] ?? 0
        guard total > known, losses.count < PCAPNGFormat.mostInterfaces else { return }
        losses[statistics.interface] = total
        figures.lost = figures.lost.addingReportingOverflow(total - known).partialValue
        let event = Event(time: lastTime, kind: .captureLoss(frames: Int(clamping: total - known)))
        for place in table.all where table[place].isForeign { take(event, at: place) }
    }
}

extension Dissection {
    /// Takes a frame of a file apart.
    fileprivate init(_ frame: FileFrame) {
        self.init(frame: frame.octets, linkType: frame.linkType, originalLength: frame.originalLength)
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
