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
    private let table: ConversationTable
    private var lastTime = Timestamp(nanoseconds: 0)
    /// The latest time of a frame.
    public private(set) var latest = Timestamp(nanoseconds: 0)
    private var losses: [Int: UInt64] = [:]
    /// What the latest event means, kept so that its storage is used again.
    private var reading = Reading()

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
        figures.count(frame, after: lastTime)
        guard let time = frame.time else { return }
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
            if let place = table.place(of: .recorded(number)) { take(event, of: table[place]) }
        case .settled(let number):
            guard let place = table.place(of: .recorded(number)) else { return }
            let conversation = table[place]
            guard conversation.interest != .counted else { return }
            conversation.settle()
            if conversation.interest == .followed { listener.settled(conversation.number) }
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
                judge: conversation.finalJudge
            ))
    }

    /// Ends those that have been closed, and silent, for long.
    private func endThoseOver() {
        while let place = table.firstOver() {
            let conversation = table[place]
            guard latest.since(conversation.overSince) > limits.linger else { break }
            if latest.since(conversation.last) > limits.linger {
                end(at: place)
            } else {
                conversation.overSince = conversation.last
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
        return observe(dissection, of: frame, in: table[place], mark)
    }

    private func observe(
        _ dissection: Dissection,
        of frame: FileFrame,
        in conversation: Conversation,
        _ mark: TranscriptRecord.FrameMark?
    ) -> Bool {
        conversation.isRecent = true
        guard conversation.interest != .counted else { return true }
        guard let event = conversation.event(of: dissection, frame, at: lastTime, mark) else { return false }
        take(event, of: conversation)
        return true
    }

    private func take(_ event: Event, of conversation: Conversation) {
        guard conversation.interest != .counted else { return }
        let index = conversation.take(event, into: &reading)
        if conversation.interest == .followed {
            listener.observed(event, reading: reading, index: index, of: conversation.number)
        }
    }

    /// Takes a frame that nothing is recorded with: its sockets say where it belongs.
    private func takeUnmarked(_ frame: FileFrame) {
        let dissection = Dissection(frame)
        count(dissection)
        guard let ip = dissection.ip else { return figures.otherFrames += 1 }
        switch dissection.transport {
        case .tcp(let segment, let checksum)?: take(segment, ip, checksum, dissection, of: frame)
        case .icmpError(let error)?:
            let flow = error.quote.map { FourTuple(local: $0.source, remote: $0.destination) }
            guard let flow, let place = table.place(of: .sockets(FlowKey(flow))),
                observe(dissection, of: frame, in: table[place], nil)
            else { return figures.otherFrames += 1 }
        case .other?, nil: figures.otherFrames += 1
        }
    }

    private func take(
        _ segment: TCPSegment,
        _ ip: IPHeader,
        _ checksum: ChecksumVerdict,
        _ dissection: Dissection,
        of frame: FileFrame
    ) {
        let source = SocketAddress(ip.source, port: segment.header.sourcePort)
        let destination = SocketAddress(ip.destination, port: segment.header.destinationPort)
        let place = place(of: segment, FourTuple(local: source, remote: destination))
        let conversation = table[place]
        conversation.isRecent = true
        if conversation.interest != .counted,
            let event = conversation.event(of: segment, ip, checksum, dissection, frame, at: lastTime)
        {
            take(event, of: conversation)
        }
        guard checksum != .bad else { return }
        let wasOver = conversation.isOver
        conversation.follow(segment, isOurs: conversation.flow.local == source)
        if !wasOver, conversation.isOver {
            conversation.overSince = lastTime
            table.noteOver(at: place)
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
        for place in table.all where table[place].isForeign { take(event, of: table[place]) }
    }
}

extension Dissection {
    /// Takes a frame of a file apart.
    fileprivate init(_ frame: FileFrame) {
        self.init(frame: frame.octets, linkType: frame.linkType, originalLength: frame.originalLength)
    }
}
