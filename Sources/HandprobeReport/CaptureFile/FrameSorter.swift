import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What a `FileJudge` is made of: where each frame belongs, and what waits for being judged.
struct FrameSorter<Listener: ConversationListener> {
    private(set) var figures = FileFigures()

    private let listener: Listener
    private let limits: FileLimits
    private let local: IPAddress?
    private var table: ConversationTable
    private var lastTime = Timestamp(nanoseconds: 0)
    /// The latest time of a frame.
    private(set) var latest = Timestamp(nanoseconds: 0)
    private var losses: [Int: UInt64] = [:]
    /// What the latest event means, kept so that its storage is used again.
    private var reading = Reading()
    /// The frames that are to be judged together, and an empty batch whose storage can be used for the next ones.
    private var batch = FrameBatch()
    private var spare = FrameBatch()
    private let batchJudge: any BatchJudging<Listener.Summary>

    init(
        for listener: Listener,
        local: IPAddress?,
        limits: FileLimits,
        batchJudge: any BatchJudging<Listener.Summary>
    ) {
        self.listener = listener
        self.local = local
        self.limits = limits
        self.batchJudge = batchJudge
        table = ConversationTable(most: limits.open)
    }

    /// Takes the next frame.
    mutating func take(_ frame: FileFrame) {
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
    mutating func take(_ block: PCAPNGBlock) {
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
    mutating func end() {
        for place in table.all { end(at: place) }
        catchUp()
    }

    /// Judges everything that was taken so far.
    mutating func catchUp() {
        if !batch.isEmpty { handOver() }
        while let judged = batchJudge.next() { hear(judged) }
    }

    private mutating func handOver() {
        var next = FrameBatch()
        swap(&next, &spare)
        next.reuse(after: batch.number)
        swap(&next, &batch)
        next.sort()
        if let judged = batchJudge.take(next) { hear(judged) }
    }

    private mutating func hear(_ judged: consuming JudgedBatch<Listener.Summary>) {
        listener.judged(judged.summaries)
        spare = judged.batch
    }

    private mutating func count(_ frame: FileFrame) {
        figures.count(frame, after: lastTime)
        guard let time = frame.time else { return }
        lastTime = time
        latest = max(latest, time)
    }

    /// Takes what is recorded beside the frames.
    private mutating func take(_ record: TranscriptRecord) {
        switch record {
        case .conversation(let number, let flow, let expectation):
            if let former = table.place(of: .recorded(number)) { end(at: former) }
            _ = begin(.recorded(number), flow, expectation)
        case .event(let number, let event):
            if let place = table.place(of: .recorded(number)) { take(event, at: place) }
        case .settled(let number):
            guard let place = table.place(of: .recorded(number)) else { return }
            guard case .atOnce(let judging) = table.conversations[place].judging else { return }
            judging.settle()
            if judging.isFollowed { listener.settled(table.conversations[place].number) }
        case .frame: break
        }
    }

    private mutating func begin(_ key: Conversation.Key, _ flow: FourTuple, _ expectation: Expectation) -> Int {
        endThoseOver()
        if table.isFull { makeRoom() }
        figures.connections += 1
        let number = figures.connections
        let interest = listener.began(number, flow, expectation, at: lastTime)
        return table.insert(Conversation(key, number, interest, flow, expectation, at: lastTime))
    }

    private mutating func end(at place: Int) {
        let conversation = table.remove(at: place)
        switch conversation.judging {
        case .not: break
        case .later:
            batch.end(conversation, at: place)
            if batch.isFull(limits.batch) { handOver() }
        case .atOnce(let judging):
            // Those that ended before it are told of before it.
            catchUp()
            let ended = EndedConversation(
                number: conversation.number, flow: conversation.flow, times: conversation.times, judging: judging)
            if judging.isFollowed { listener.ended(ended) } else { listener.judged([listener.summarize(ended)]) }
        }
    }

    /// Ends those that have been closed, and silent, for long.
    private mutating func endThoseOver() {
        while let place = table.firstOver() {
            guard latest.since(table.conversations[place].overSince) > limits.linger else { break }
            let last = table.conversations[place].last
            if latest.since(last) > limits.linger {
                end(at: place)
            } else {
                table.conversations[place].overSince = last
                table.postponeFirstOver()
            }
        }
        guard let since = limits.since else { return }
        while let place = table.firstBegun(), figures.connections - table.conversations[place].number >= since {
            giveUp(at: place)
        }
    }

    private mutating func makeRoom() {
        giveUp(at: table.firstOver() ?? table.idle())
    }

    private mutating func giveUp(at place: Int) {
        if !table.conversations[place].isOver, !table.conversations[place].isUnanswered { figures.givenUp += 1 }
        end(at: place)
    }

    /// Takes a frame whose connection is known; false when it does not belong there after all.
    private mutating func take(
        _ frame: FileFrame, of key: Conversation.Key, _ mark: TranscriptRecord.FrameMark?
    ) -> Bool {
        guard let place = table.place(of: key) else { return false }
        let dissection = Dissection(frame)
        count(dissection)
        return observe(frame, dissection, at: place, mark)
    }

    /// Takes a frame of the connection at `place`, of which it may be known what it is made of, or only what the checksum of
    /// the segment in it is; false when it does not belong there.
    private mutating func observe(
        _ frame: FileFrame, _ dissection: Dissection?, _ checksum: ChecksumVerdict? = nil, at place: Int,
        _ mark: TranscriptRecord.FrameMark?
    ) -> Bool {
        switch table.conversations[place].judging {
        case .not: table.conversations[place].isRecent = true
        case .later:
            batch.add(frame, checksum, at: lastTime, of: &table.conversations[place], at: place)
            if batch.isFull(limits.batch) { handOver() }
        case .atOnce(let judging):
            table.conversations[place].isRecent = true
            guard let event = judging.event(of: dissection ?? Dissection(frame), frame, at: lastTime, mark) else {
                return false
            }
            take(event, at: place)
        }
        return true
    }

    private mutating func take(_ event: Event, at place: Int) {
        guard case .atOnce(let judging) = table.conversations[place].judging else { return }
        table.conversations[place].last = max(table.conversations[place].last, event.time)
        let index = judging.take(event, into: &reading)
        if judging.isFollowed {
            listener.observed(event, reading: reading, index: index, of: table.conversations[place].number)
        }
    }

    /// Takes a frame that nothing is recorded with: its sockets say where it belongs.
    private mutating func takeUnmarked(_ frame: FileFrame) {
        let glance = SegmentGlance(
            frame: frame.octets.span, linkType: frame.linkType, originalLength: frame.originalLength)
        if let glance { return take(glance, of: frame) }
        let dissection = Dissection(frame)
        count(dissection)
        guard let ip = dissection.ip else { return figures.otherFrames += 1 }
        switch dissection.transport {
        case .tcp(let segment, let checksum)?: take(SegmentGlance(segment, ip, checksum), of: frame)
        case .icmpError(let error)?:
            guard let quote = error.quote,
                let place = table.place(
                    of: .sockets(FourTuple(local: quote.source, remote: quote.destination))),
                table.conversations[place].hasSent(quote),
                observe(frame, dissection, at: place, nil)
            else { return figures.otherFrames += 1 }
        case .other?, nil: figures.otherFrames += 1
        }
    }

    private mutating func take(_ segment: SegmentGlance, of frame: FileFrame) {
        let place = place(of: segment)
        _ = observe(frame, nil, segment.checksum, at: place, nil)
        guard segment.checksum != .bad, table.conversations[place].follow(segment, at: lastTime) else { return }
        table.noteOver(at: place)
    }

    private mutating func count(_ dissection: Dissection) {
        if dissection.fragment != nil { figures.fragments += 1 }
        if case .unsupportedLinkType(let type)? = dissection.problem {
            figures.unreadable += 1
            figures.unreadableType = figures.unreadableType ?? LinkType(rawValue: type)
        }
    }

    /// The place of a segment's connection: one that is there, or a new one.
    private mutating func place(of segment: SegmentGlance) -> Int {
        let sockets = FourTuple(local: segment.source, remote: segment.destination)
        let key = Conversation.Key.sockets(sockets)
        if let place = table.place(of: key) {
            guard table.conversations[place].isSucceeded(by: segment) else { return place }
            end(at: place)
        }
        let answers = segment.flags.isSuperset(of: [.syn, .ack])
        var flow = answers ? sockets.reversed : sockets
        if let local, flow.remote.address == local, flow.local.address != local { flow = flow.reversed }
        return begin(key, flow, .observe)
    }

    /// What a foreign capture says it lost may have been part of any connection that is looked at.
    private mutating func take(losses statistics: PCAPNGStatistics) {
        let (sum, overflow) = (statistics.dropped ?? 0).addingReportingOverflow(statistics.droppedBySystem ?? 0)
        let total = overflow ? UInt64.max : sum
        let known = losses[statistics.interface] ?? 0
        guard total > known, losses.count < PCAPNGFormat.mostInterfaces else { return }
        losses[statistics.interface] = total
        figures.lost = figures.lost.addingReportingOverflow(total - known).partialValue
        let loss = Int(clamping: total - known)
        for place in table.all where table.conversations[place].isForeign {
            switch table.conversations[place].judging {
            case .not: break
            case .later:
                batch.add(loss: loss, at: lastTime, of: &table.conversations[place], at: place)
                if batch.isFull(limits.batch) { handOver() }
            case .atOnce: take(Event(time: lastTime, kind: .captureLoss(frames: loss)), at: place)
            }
        }
    }
}
