import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire
import Testing

@Suite("A capture that anybody made is sorted into connections, and judged as far as it goes")
struct FileJudgeTests {
    private static let story = TranscriptFileTests.stories[1]
    private static let refused = TranscriptFileTests.stories[3]

    /// What a file comes to.
    private final class Outcome: ConversationListener {
        var verdicts: [Int: Verdict] = [:]
        var outlines: [Int: Outline] = [:]
        var flows: [FourTuple] = []
        var ended: [Int] = []

        func began(
            _ number: Int, _ flow: FourTuple, _ expectation: HandprobeJudge.Expectation, at time: Timestamp
        ) -> Interest {
            flows.append(flow)
            return .judged
        }

        func observed(_ event: Event, reading: Reading, index: Int, of number: Int) {
            Issue.record("nobody asked for events")
        }

        func settled(_ number: Int) {}

        func ended(_ conversation: EndedConversation) {
            ended.append(conversation.number)
            verdicts[conversation.number] = conversation.judge.conclude()
            outlines[conversation.number] = conversation.judge.outline()
        }
    }

    private func read(_ file: PCAPNGOctets, local: IPAddress? = nil) throws -> (Outcome, FileFigures) {
        let outcome = Outcome()
        let judge = FileJudge(for: outcome, local: local)
        var reader = PCAPNGReader()
        reader.append(file.octets)
        while let block = try reader.next() { judge.take(block) }
        judge.end()
        return (outcome, judge.figures)
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

    @Test func cutAtEveryOctet() {
        var file = file()
        add(Self.story, to: &file)
        for length in 0..<file.octets.count {
            let (conversations, problem) = TranscriptFile.read(Array(file.octets.prefix(length)))
            #expect(problem != nil || length == 28 || conversations.allSatisfy { $0.events.count <= 11 })
            for conversation in conversations { _ = conversation.verdict }
        }
    }

    @Test func theSameSocketsAgain() throws {
        var file = file()
        add(Self.refused, to: &file)
        // The same SYN after the RST is another attempt, a SYN with another number another connection.
        file.frame(Self.refused.frames[0], ticks: UInt64(Self.refused.events[1].time.nanoseconds / 1000) + 500_000)
        #expect(try read(file).1.connections == 1)
        var other = Self.refused.frames[0]
        other[24] ^= 0x55
        var checksum = InternetChecksum()
        other[36] = 0
        other[37] = 0
        checksum.addPseudoHeader(
            source: Self.refused.flow.local.address, destination: Self.refused.flow.remote.address, protocol: 6,
            length: other.count - 20)
        checksum.add(other.span.extracting(20...))
        var span = other.mutableSpan
        span.store(checksum.value, at: 36)
        file.frame(other, ticks: UInt64(Self.refused.events[1].time.nanoseconds / 1000) + 900_000)
        #expect(try read(file).1.connections == 2)
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
