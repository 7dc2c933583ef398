import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire
import Testing

@Suite("A run's own file gives the same transcript and verdict as the run")
struct TranscriptFileTests {
    static let stories: [LiveStory] = {
        let told: [(Story?, HandprobeJudge.Expectation)] = [
            (try? .fourWayClose(), .close), (try? .fourWayClose(), .observe),
            (try? .retransmittedSyn(), .open(end: .rst)),
            (try? .refused(), .open(end: .fin)), (try? .filtered(), .open(end: .fin)),
            (try? .silent(), .open(end: .fin)),
            (try? .resetClose(), .close), (try? .refused(), .answer),
        ]
        let spoiled = (try? Story.retransmittedSyn()).map { LiveStory($0, .answer, spoilsIP: true) }
        return told.compactMap { story, expectation in story.map { LiveStory($0, expectation) } }
            + [spoiled].compactMap(\.self)
    }()

    @Test(arguments: stories.indices) func roundTrip(index: Int) throws {
        let story = Self.stories[index]
        let (conversations, problem) = TranscriptFile.read(story.file(settledAt: story.events.count))
        #expect(problem == nil)
        let read = try #require(conversations.first)
        #expect(conversations.count == 1)
        #expect(read.flow == story.flow)
        #expect(read.expectation == story.expectation)
        #expect(read.events == story.events)
        #expect(read.settledAt == story.events.count)
        #expect(read.verdict == story.verdict)
    }

    @Test func theStoriesHaveWhatTheFileMustKeep() {
        #expect(Self.stories.count == 9)
        let observed = Self.stories.flatMap(\.events).compactMap { event -> ObservedSegment? in
            if case .segment(let observed) = event.kind { observed } else { nil }
        }
        #expect(observed.contains { $0.origin == .kernel })
        #expect(observed.contains { !$0.rewritten.isEmpty })
        #expect(observed.contains { $0.checksum == .bad })
        #expect(observed.contains { $0.isIPChecksumWrong })
        #expect(Self.stories.contains { $0.verdict.outcome == .degraded })
        #expect(Self.stories.contains { $0.events.contains { if case .icmpError = $0.kind { true } else { false } } })
    }

    /// What comes after the result was known is in the file and changes nothing.
    @Test func afterTheResult() throws {
        let story = Self.stories[0]
        for settledAt in 0...story.events.count {
            let read = try #require(TranscriptFile.read(story.file(settledAt: settledAt)).conversations.first)
            #expect(read.settledAt == settledAt)
            #expect(read.events == story.events)
            var judge = Judge(flow: story.flow, expectation: .close)
            for event in story.events.prefix(settledAt) { _ = judge.observe(event) }
            #expect(read.verdict == judge.conclude())
        }
    }

    /// Everything without a frame, in a file that has none, and around one.
    @Test(arguments: [false, true]) func eventsWithoutFrame(withFrames: Bool) throws {
        var random = SplitMix64(seed: 0x5EED_0091)
        var story = LiveStory(flow: Self.stories[0].flow, .close)
        let segment = Self.stories[0].events[3]
        for index in 0..<400 {
            let event = random.event()
            switch event.kind {
            case .segment, .icmpError:
                if withFrames, index % 9 == 0, case .segment(let observed) = segment.kind {
                    story.add(observed, at: segment.time)
                }
            case .manual(let text) where text.utf8.count > 2000: continue
            case .sendFailure(let failure) where failure.reason.utf8.count > 2000: continue
            default: story.take(event)
            }
        }
        #expect(story.events.count > 100)
        #expect(story.frames.isEmpty == !withFrames)
        let statistics = PCAPNGStatistics(interface: 0, received: 9, dropped: 0)
        for file in [story.file(), story.file(statistics: [statistics])] {
            let read = try #require(TranscriptFile.read(file).conversations.first)
            #expect(read.events == story.events)
        }
    }

    /// Two conversations at once, the second between the same sockets as the first.
    @Test func severalConversations() throws {
        let stories = [Self.stories[0], Self.stories[0], Self.stories[2]]
        var writer = TranscriptWriter(PCAPNGSection())
        for (number, story) in stories.enumerated() { writer.begin(number + 1, story.flow, story.expectation) }
        for index in 0..<stories.map(\.events.count).max()! {
            for (number, story) in stories.enumerated() where index < story.events.count {
                writer.add(story.events[index], story.readings[index], of: number + 1)
            }
        }
        writer.end([])
        let (conversations, problem) = TranscriptFile.read(writer.take())
        #expect(problem == nil)
        #expect(conversations.map(\.events) == stories.map(\.events))
        #expect(conversations.map(\.verdict) == stories.map(\.verdict))
    }

    /// A capture that somebody else made: the first opener is "us", and what no frame shows is not there.
    @Test func foreignCapture() throws {
        let story = Self.stories[0]
        var file = PCAPNGOctets(isBigEndian: true)
        file.section()
        file.interface(101)
        // The same sockets once more, when the first connection is over.
        for seconds in 0...1 {
            for (frame, event) in zip(story.frames, story.events) {
                file.frame(frame, ticks: UInt64(event.time.nanoseconds / 1000 + Int64(seconds) * 1_000_000))
            }
        }
        let conversations = TranscriptFile.read(file.octets).conversations
        #expect(conversations.count == 2)
        for conversation in conversations {
            #expect(conversation.flow == story.flow)
            #expect(conversation.expectation == .observe)
            #expect(conversation.settledAt == nil)
            #expect(conversation.events.count == story.frames.count)
            #expect(conversation.verdict.closing == story.verdict.closing)
        }
        // Of a capture that begins in the middle, a SYN-ACK still tells who opened.
        var middle = PCAPNGOctets()
        middle.section()
        middle.interface(101)
        for frame in story.frames.dropFirst() { middle.frame(frame, ticks: 0) }
        #expect(TranscriptFile.read(middle.octets).conversations.map(\.flow) == [story.flow])
    }

    /// Many connections are given up oldest first, and never more than so many are kept.
    @Test func manyConversations() throws {
        let frame = Self.stories[2].frames[0]
        var file = PCAPNGOctets()
        file.section()
        file.interface(101)
        for port in 0..<1000 as Range<UInt16> {
            var frame = frame
            var span = frame.mutableSpan
            span.store(port, at: 20)
            file.frame(frame, ticks: UInt64(port))
        }
        var limits = FileLimits()
        limits.open = 100
        let counter = Counter()
        let judge = FileJudge(for: counter, limits: limits)
        var reader = PCAPNGReader()
        reader.append(file.octets)
        while let block = try reader.next() { judge.take(block) }
        #expect(counter.live.count == 100)
        #expect(judge.figures.givenUp == 900)
        judge.end()
        #expect(counter.began == 1000)
        #expect(counter.live.isEmpty)
        #expect(counter.most == 100)
    }

    /// Knows which conversations are being looked at.
    private final class Counter: ConversationListener {
        var (live, most, began) = (Set<Int>(), 0, 0)

        func began(
            _ number: Int, _ flow: FourTuple, _ expectation: HandprobeJudge.Expectation, at time: Timestamp
        ) -> Interest {
            live.insert(number)
            most = max(most, live.count)
            began += 1
            return .followed
        }

        func observed(_ event: Event, reading: Reading, index: Int, of number: Int) {
            #expect(live.contains(number))
            #expect(index == 0)
        }

        func settled(_ number: Int) { #expect(live.contains(number)) }

        func ended(_ conversation: EndedConversation) { #expect(live.remove(conversation.number) != nil) }
    }

    /// Records are a stranger's octets like any others.
    @Test func hostileRecords() {
        var random = SplitMix64(seed: 0x5EED_0092)
        let story = Self.stories[6]
        let frame = story.frames[0]
        for _ in 0..<3000 {
            var file = PCAPNGOctets()
            file.section()
            file.interface(101)
            let records = (0..<4).flatMap { kind -> [UInt8] in
                let head: [UInt8] = file.number(32473 as UInt32) + [0x48, 0x50, 1, UInt8(kind), 0, 0, 0, 1]
                let rest = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                    UInt8.random(in: Bool.random(using: &random) ? 0...10 : 0...255, using: &random)
                }
                return file.option(2989, head + (kind == 0 ? Self.conversation : []) + rest)
            }
            file.frame(frame, ticks: 1, options: records)
            for conversation in TranscriptFile.read(file.octets).conversations { _ = conversation.verdict }
        }
    }

    /// A conversation record behind its number: 192.0.2.1:1 to 192.0.2.2:2, close.
    private static let conversation: [UInt8] =
        [4, 192, 0, 2, 1, 0, 1, 0, 0, 0, 0, 4, 192, 0, 2, 2, 0, 2, 0, 0, 0, 0, 2]
}
