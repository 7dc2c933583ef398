import HandprobeJudge
import HandprobeTestKit
import HandprobeWire
import Testing

@testable import HandprobeReport

/// Whole documents, their style sheets left out.
@Suite struct HTMLGoldenTests {
    private func expect(_ document: String, _ name: String) throws {
        let begin = try #require(document.firstRange(of: "<style>\n"))
        let end = try #require(document.firstRange(of: "</style>"))
        let lines = (document[..<begin.upperBound] + document[end.lowerBound...]).split(
            separator: "\n", omittingEmptySubsequences: false)
        try Golden.expect(lines.dropLast().map(String.init), name, kind: "html")
    }

    @Test func refusedWithItsOctets() throws {
        try expect(LiveStory(Story.refused(), .open(end: .fin)).report.document, "refused")
    }

    @Test func incidents() throws {
        try expect(Story.resetClose().document(name: "www.example.net"), "incidents")
    }
}

@Suite struct HTMLReportTests {
    /// A conversation of so many segments.
    private func long(_ count: Int) throws -> HTMLConversation {
        var conversation = HTMLConversation(FourTuple(local: Story.v4.us, remote: Story.v4.peer))
        var told = Story.v4
        try told.us(0, ". 1:1(0) ack 1 win 1", [])
        for index in 0..<count {
            var event = told.events[0]
            event.time = Story.at(Double(index))
            conversation.add(event, told.readings[0])
        }
        conversation.verdict = told.verdict
        return conversation
    }

    @Test func whatIsLeftOutIsSaid() throws {
        var report = HTMLReport.test
        report.conversations = [try long(1234)]
        let page = report.document
        #expect(page.contains("Of 1234 events the first 400 and the last 100 are shown; 734 between them are left out"))
        #expect(page.contains(#"id="c1e399""#))
        #expect(!page.contains(#"id="c1e400""#))
        #expect(!page.contains(#"id="c1e1133""#))
        #expect(page.contains(#"id="c1e1134""#))
        #expect(page.contains(#"id="c1e1233""#))
        report.conversations = [try long(500)]
        #expect(!report.document.contains("left out"))
    }

    @Test func severalConversationsHaveATableOfContents() throws {
        var report = HTMLReport.test
        report.conversations = try [Story.fourWayClose(), .refused(), .silent()].map { $0.conversation() }
        report.omittedConversations = 7
        let page = report.document
        #expect(page.contains("3 of 10 conversations, 1 as expected"))
        #expect(page.contains("7 more conversations are left out: a page shows the first 200."))
        for number in 1...3 { #expect(page.contains(##"<a href="#c\##(number)">"##)) }
    }

    @Test func theExitCodeIsThatOfTheProcess() throws {
        for (story, code) in try [(Story.fourWayClose(), 0), (.filtered(), 1), (.silent(), 2), (.resetClose(), 130)] {
            #expect(story.document().contains(">exit code \(code)<"))
        }
    }

    /// What a frame that was cut says of its length is not held against it.
    @Test func cutFrames() throws {
        var conversation = HTMLConversation(FourTuple(local: Story.v4.us, remote: Story.v4.peer))
        let whole = try LiveStory(Story.fourWayClose(), .close)
        guard case .segment(var observed) = whole.events[7].kind else { return }
        observed.originalLength = observed.frame.count
        observed.frame.removeLast(500)
        observed.checksum = .unverifiable
        conversation.add(Event(time: Story.start, kind: .segment(observed)), whole.readings[7])
        var report = HTMLReport.test
        report.conversations = [conversation]
        #expect(report.document.contains("cannot be told: the frame was not captured whole"))
        #expect(!report.document.contains("wrong:"))
        report.conversations[0] = whole.conversation
        #expect(!report.document.contains("cannot be told"))
    }

    /// A parser that is not ours, over every story, over random ones, and over very many events.
    @Test(.enabled(if: PageJudge.hasParser, "NOT TESTED: there is no python3 to parse the documents"))
    func documentsAreWellFormed() throws {
        var pages = try Story.all().map { $0.document(name: "www.example.net") }
        pages += TranscriptFileTests.stories.map(\.report.document)
        pages.append(try Story.steppedClock().document())
        var random = SplitMix64(seed: 0xD0C5)
        for count in [0, 1, 2, 30, 700] {
            var report = HTMLReport.test
            for _ in 0..<2 {
                var conversation = HTMLConversation(FourTuple(local: Story.v4.us, remote: Story.v4.peer))
                for _ in 0..<count { conversation.add(random.event(), random.reading()) }
                conversation.verdict = random.verdict()
                report.conversations.append(conversation)
            }
            pages.append(report.document)
        }
        for page in pages {
            let (count, problems) = try PageJudge.parse(page)
            #expect(count > 40)
            #expect(problems.isEmpty, "\(problems)")
        }
    }
}
