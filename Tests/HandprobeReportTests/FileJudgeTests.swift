import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire
import Testing

@Suite("A capture that anybody made is sorted into connections, and judged as far as it goes")
struct FileJudgeTests {
    private static let story = TranscriptFileTests.stories[1]
    private static let refused = TranscriptFileTests.stories[3]
    /// The one over IPv4: a SYN, and an ICMP error about it.
    private static let filtered = TranscriptFileTests.stories[4]

    /// What a file comes to.
    private final class Outcome: ConversationListener {
        var verdicts: [Int: Verdict] = [:]
        var outlines: [Int: Outline] = [:]
        var flows: [FourTuple] = []
        var ended: [Int] = []
        private let interest: Interest

        init(_ interest: Interest = .judged) { self.interest = interest }

        func began(
            _ number: Int, _ flow: FourTuple, _ expectation: HandprobeJudge.Expectation, at time: Timestamp
        ) -> Interest {
            flows.append(flow)
            return interest
        }

        func observed(_ event: Event, reading: Reading, index: Int, of number: Int) {
            #expect(interest == .followed, "nobody asked for events")
        }

        func settled(_ number: Int) {}

        func ended(_ conversation: EndedConversation) {
            ended.append(conversation.number)
            verdicts[conversation.number] = conversation.conclude()
            outlines[conversation.number] = conversation.outline()
        }
    }

    /// What each connection of a file comes to, and nothing else of it: what has judged one can judge another.
    private final class Digest: ConversationListener {
        var verdicts: [Int: Verdict] = [:]
        var ended: [Int] = []

        func began(
            _ number: Int, _ flow: FourTuple, _ expectation: HandprobeJudge.Expectation, at time: Timestamp
        ) -> Interest { .judged }

        func observed(_ event: Event, reading: Reading, index: Int, of number: Int) {}

        func settled(_ number: Int) {}

        func ended(_ conversation: EndedConversation) {}

        var summarize: @Sendable (EndedConversation) -> (Int, Verdict) { { ($0.number, $0.conclude()) } }

        func judged(_ summaries: [(Int, Verdict)]) {
            for (number, verdict) in summaries {
                ended.append(number)
                verdicts[number] = verdict
            }
        }
    }

    private func read(
        _ file: PCAPNGOctets, local: IPAddress? = nil, _ interest: Interest = .judged, limits: FileLimits = FileLimits()
    ) throws -> (Outcome, FileFigures) {
        let outcome = Outcome(interest)
        let judge = FileJudge(for: outcome, local: local, limits: limits)
        try feed(file, to: judge)
        return (outcome, judge.figures)
    }

    private func feed(_ file: PCAPNGOctets, to judge: FileJudge<some ConversationListener>) throws {
        var reader = PCAPNGReader()
        reader.append(file.octets)
        while let block = try reader.next() { judge.take(block) }
        judge.end()
    }

    private func file(_ linkTypes: [UInt16] = [101]) -> PCAPNGOctets {
        var file = PCAPNGOctets()
        file.section()
        for linkType in linkTypes { file.interface(linkType) }
        return file
    }

    private func add(_ story: LiveStory, to file: inout PCAPNGOctets, after microseconds: UInt64 = 0) {
        for (frame, event) in zip(story.frames, story.events) {
            file.frame(frame, ticks: UInt64(event.time.nanoseconds / 1000) + microseconds)
        }
    }

    /// IEEE 802.3 and 802.1Q, BSD's loopback, Linux's cooked captures: the headers by hand, each around an IPv6 packet.
    @Test func everyLinkTypeInOneFile() throws {
        let ethernet: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
        let headers: [(linkType: UInt16, octets: [UInt8])] = [
            (1, ethernet + [0x86, 0xDD]),
            (1, ethernet + [0x81, 0, 0, 7, 0x86, 0xDD]),
            (1, ethernet + [0x88, 0xA8, 0, 9, 0x81, 0, 0, 7, 0x86, 0xDD]),
            (101, []),
            (229, []),
            (0, [30, 0, 0, 0]),
            (108, [0, 0, 0, 24]),
            (113, [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x86, 0xDD]),
            (276, [0x86, 0xDD, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]),
        ]
        var file = file(headers.map(\.linkType))
        for (index, (frame, event)) in zip(Self.story.frames, Self.story.events).enumerated() {
            let place = index % headers.count
            file.frame(
                headers[place].octets + frame, interface: UInt32(place),
                ticks: UInt64(event.time.nanoseconds / 1000))
        }
        #expect(Self.story.frames.count > headers.count)
        let (outcome, figures) = try read(file)
        #expect(figures.connections == 1)
        #expect(figures.frames == Self.story.frames.count)
        #expect(figures.otherFrames == 0)
        #expect(outcome.verdicts[1]?.closing == Self.story.verdict.closing)
        #expect(outcome.verdicts[1]?.outcome == .asExpected)
        // One that nobody reads: counted, and said.
        file.interface(147)
        file.frame([1, 2, 3], interface: UInt32(headers.count), ticks: 0)
        #expect(try read(file).1.remarks.contains("1 frame with link type 147, which cannot be read"))
    }

    @Test func cutAtEveryOctet() {
        var file = file()
        add(Self.story, to: &file)
        for length in 0..<file.octets.count {
            let (conversations, problem) = TranscriptFile.read(Array(file.octets.prefix(length)))
            #expect(problem != nil || length == 28 || conversations.allSatisfy { $0.events.count <= 11 })
            for conversation in conversations { _ = conversation.verdict }
        }
    }

    /// What the snaplen cut away was there all the same: the same sequence numbers, the same octets.
    @Test func cutBySnaplen() throws {
        for snaplen in [60, 72, 80] {
            var file = file()
            for (frame, event) in zip(Self.story.frames, Self.story.events) {
                let kept = Array(frame.prefix(snaplen))
                let ticks = UInt64(event.time.nanoseconds / 1000)
                let head =
                    file.number(0 as UInt32) + file.number(UInt32(ticks >> 32))
                    + file.number(UInt32(truncatingIfNeeded: ticks))
                file.block(
                    6,
                    head + file.number(UInt32(kept.count)) + file.number(UInt32(frame.count)) + file.padded(kept))
            }
            let (outcome, figures) = try read(file)
            #expect(figures.cut == Self.story.frames.count { $0.count > snaplen })
            #expect(outcome.verdicts[1]?.opening == Self.story.verdict.opening)
            #expect(outcome.verdicts[1]?.closing == Self.story.verdict.closing)
            #expect(outcome.verdicts[1]?.halfClosedOctets == Self.story.verdict.halfClosedOctets)
            #expect(outcome.verdicts[1]?.findings.allSatisfy { $0.outcome == .asExpected } == true)
        }
    }

    /// A packet in two fragments: the first has the TCP header, the other is no segment.
    @Test func fragments() throws {
        let packet = Self.filtered.frames[0]
        try #require(packet.count == 60)
        var (first, second) = (packet, Array(packet.prefix(20)) + [UInt8](repeating: 0x2E, count: 16))
        (first[6], first[7]) = (0x20, 0)
        (second[6], second[7]) = (0, 40 / 8)
        (first[3], second[3]) = (UInt8(first.count), UInt8(second.count))
        var file = file()
        file.frame(first, ticks: 1)
        file.frame(second, ticks: 2)
        let (outcome, figures) = try read(file)
        #expect(figures.fragments == 2)
        #expect(figures.connections == 1)
        #expect(figures.otherFrames == 1)
        #expect(outcome.outlines[1]?.opening == .unanswered)
    }

    @Test func theSameSocketsAgain() throws {
        var file = file()
        add(Self.refused, to: &file)
        // The same SYN after the RST is another attempt, a SYN with another number another connection.
        file.frame(Self.refused.frames[0], ticks: UInt64(Self.refused.events[1].time.nanoseconds / 1000) + 500_000)
        #expect(try read(file).1.connections == 1)
        var other = Self.refused.frames[0]
        other[44] ^= 0x55
        var checksum = InternetChecksum()
        other[56] = 0
        other[57] = 0
        checksum.addPseudoHeader(
            source: Self.refused.flow.local.address, destination: Self.refused.flow.remote.address, protocol: 6,
            length: other.count - 40)
        checksum.add(other.span.extracting(40...))
        var span = other.mutableSpan
        span.store(checksum.value, at: 56)
        file.frame(other, ticks: UInt64(Self.refused.events[1].time.nanoseconds / 1000) + 900_000)
        #expect(try read(file).1.connections == 2)
    }

    /// A minute after its last frame a closed connection is let go, when the next one begins.
    @Test func closedOnesAreLetGo() throws {
        for (seconds, isGone) in [(59, false), (61, true)] as [(UInt64, Bool)] {
            var file = file()
            add(Self.story, to: &file)
            add(Self.filtered, to: &file, after: seconds * 1_000_000)
            let outcome = Outcome()
            let judge = FileJudge(for: outcome)
            var reader = PCAPNGReader()
            reader.append(file.octets)
            while let block = try reader.next() { judge.take(block) }
            judge.catchUp()
            #expect(outcome.ended == (isGone ? [1] : []))
            judge.end()
            #expect(outcome.ended == [1, 2])
            #expect(judge.figures.givenUp == 0)
        }
    }

    /// An IPv6 frame of a connection whose local port is `steps` below that of `flow` and whose address is as much above:
    /// so its checksum, which is over both, stays right.
    private func moved(_ frame: [UInt8], by steps: Int, of flow: FourTuple) -> [UInt8] {
        guard steps > 0 else { return frame }
        var frame = frame
        let isOurs = frame[40] == UInt8(flow.local.port >> 8) && frame[41] == UInt8(flow.local.port & 0xFF)
        frame[(isOurs ? 8 : 24) + 15] += UInt8(steps)
        frame[isOurs ? 41 : 43] -= UInt8(steps)
        return frame
    }

    /// However many frames are judged together, and however few connections there is room for: each connection comes to
    /// what it comes to when every frame is judged at once, and they end in the same order.
    @Test(arguments: [1, 2, 7, 1000], [1, 2, 100]) func framesJudgedTogether(frames: Int, open: Int) throws {
        var file = file()
        for index in 0..<Self.story.frames.count {
            for (story, steps) in [(Self.story, 0), (Self.refused, 1), (Self.story, 2), (Self.filtered, 0)]
            where index < story.frames.count {
                file.frame(
                    moved(story.frames[index], by: steps, of: story.flow),
                    ticks: UInt64(story.events[index].time.nanoseconds / 1000))
            }
            if index == 2 {
                file.block(
                    5, file.number(0 as UInt32) + file.number(0 as UInt64) + file.option(5, file.number(7 as UInt64)))
            }
        }
        // The same sockets again, so that a place is taken by another connection within a batch.
        add(Self.story, to: &file, after: 5_000_000)
        var limits = FileLimits()
        limits.open = open
        let (atOnce, figures) = try read(file, .followed, limits: limits)
        limits.batch.frames = frames
        let (together, same) = try read(file, .judged, limits: limits)
        #expect(together.verdicts == atOnce.verdicts)
        #expect(together.outlines == atOnce.outlines)
        #expect(together.ended == atOnce.ended)
        #expect(same == figures)
        let digest = Digest()
        try feed(file, to: FileJudge(for: digest, limits: limits))
        #expect(digest.verdicts == atOnce.verdicts)
        #expect(digest.ended == atOnce.ended)
        #expect(open < 100 || Set(together.flows).count == 4)
        #expect(together.ended.count >= 5)
        #expect(open == 1 || together.verdicts.values.contains { $0.findings.contains { $0.code == .captureLoss } })
    }

    /// Counts the batches that it judges.
    private final class Counting: BatchJudging {
        private let judge: BatchJudge<(Int, Verdict)>
        private(set) var batches = 0

        init(_ judge: BatchJudge<(Int, Verdict)>) { self.judge = judge }

        func take(_ batch: consuming FrameBatch) -> JudgedBatch<(Int, Verdict)>? {
            batches += 1
            return judge.take(batch)
        }

        func next() -> JudgedBatch<(Int, Verdict)>? { judge.next() }
    }

    /// A loss that may have been of any connection fills a batch as frames do: a file of hardly anything but losses is
    /// judged in no more memory than another.
    @Test func lossesFillABatch() throws {
        var file = file()
        for steps in 0..<4 {
            file.frame(
                moved(Self.story.frames[0], by: steps, of: Self.story.flow),
                ticks: UInt64(Self.story.events[0].time.nanoseconds / 1000))
        }
        for losses: UInt64 in 1...6 {
            file.block(
                5, file.number(0 as UInt32) + file.number(0 as UInt64) + file.option(5, file.number(losses)))
        }
        let digest = Digest()
        let counting = Counting(BatchJudge(keeping: digest.summarize))
        var limits = FileLimits()
        limits.batch.frames = 4
        try feed(file, to: FileJudge(for: digest, limits: limits, batchJudge: counting))
        // Four frames, six losses in four connections, and the end of these.
        #expect(counting.batches == 8)
        let losses = digest.verdicts.values.map { $0.findings.first { $0.code == .captureLoss }?.evidence }
        #expect(losses == [[Int]?](repeating: [1, 2, 3, 4, 5, 6], count: 4))
    }

    @Test func howItWentInAWord() throws {
        var file = file()
        add(Self.story, to: &file)
        add(Self.refused, to: &file)
        let (outcome, _) = try read(file)
        #expect(outcome.outlines[1]?.opening == .threeSegments)
        #expect(outcome.outlines[1]?.closing == .fourSegments(first: .us))
        #expect(outcome.outlines[1]?.codes == outcome.verdicts[1]?.findings.map(\.code))
        #expect(outcome.outlines[2]?.opening == .refused)
        #expect(outcome.outlines[2]?.closing == .neverOpen)
        #expect(outcome.outlines[2]?.outcome == .notAsExpected)
    }

    @Test func theOtherSide() throws {
        var file = file()
        add(Self.story, to: &file)
        let (outcome, _) = try read(file, local: Self.story.flow.remote.address)
        #expect(outcome.flows == [Self.story.flow.reversed])
        #expect(outcome.outlines[1]?.closing == .fourSegments(first: .peer))
        #expect(try read(file, local: .v4(.loopback)).0.flows == [Self.story.flow])
    }

    /// Out of order, without a time, and lost: judged, and said.
    @Test func whatIsWrongIsSaid() throws {
        var file = file()
        file.frame(Self.story.frames[1], ticks: 2_000_000)
        file.frame(Self.story.frames[0], ticks: 1_000_000)
        let simple = Self.story.frames[2]
        file.block(3, file.number(UInt32(simple.count)) + file.padded(simple))
        file.block(5, file.number(0 as UInt32) + file.number(0 as UInt64) + file.option(5, file.number(7 as UInt64)))
        file.block(6, file.number(9 as UInt32) + [UInt8](repeating: 0, count: 16))
        file.block(0x4000_0BAD, [1, 2, 3, 4])
        let (outcome, figures) = try read(file)
        #expect(figures.frames == 3)
        #expect(figures.backwards == 1)
        #expect(figures.timeless == 1)
        #expect(figures.lost == 7)
        #expect(figures.malformed == 1)
        #expect(figures.isDegraded)
        #expect(figures.remarks.count == 4)
        #expect(outcome.verdicts[1]?.findings.contains { $0.code == .captureLoss } == true)
        #expect(outcome.verdicts[1]?.findings.contains { $0.code == .captureStartsLate } == true)
    }
}
