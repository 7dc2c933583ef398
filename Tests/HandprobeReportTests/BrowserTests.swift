import FoundationEssentials
import HandprobeJudge
import HandprobeReport
import HandprobeTestKit
import HandprobeWire
import Testing

/// Documents in a real browser: in light and dark, on a phone and a desk, to scale, opened, spoken, and on paper.
@Suite(
    "A browser shows documents whole",
    .enabled(
        if: PageJudge.hasBrowser, "NOT TESTED: there is no chromium to show documents (`make test-full` installs it)"),
    .serialized
) struct BrowserTests {
    /// What the driver says.
    private struct Look: Decodable {
        var problems: [String]
        var looks: Int
        var texts: Int
        var opened_by_address: Bool?
        var highest_on_paper: Double
    }

    private func look(_ document: String) throws -> Look {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/page.html"
        try Data(document.utf8).write(to: URL(filePath: path))
        let text = try PageJudge.look(at: path, in: folder.path)
        return try JSONDecoder().decode(Look.self, from: Data(text.utf8))
    }

    @discardableResult
    private func expectShown(_ document: String, opens: Bool = true) throws -> Look {
        let look = try look(document)
        #expect(look.problems.isEmpty)
        #expect(look.looks == 9)
        #expect(look.texts > 20)
        #expect(look.opened_by_address == (opens ? true : nil))
        return look
    }

    @Test(arguments: TestEnvironment.isFull ? Array(TranscriptFileTests.stories.indices) : [0, 2]) func recordedStories(
        index: Int
    ) throws {
        // Several segments find room on a page, each with all its octets, 256 of a payload among them.
        let part = try expectShown(TranscriptFileTests.stories[index].report.document).highest_on_paper
        #expect(part > 0 && part < 0.34, "a segment takes \(part) of a page")
    }

    @Test func everythingAtOnce() throws {
        try expectShown(Story.everything().document(name: "www.example.net"))
    }

    @Test func severalConversations() throws {
        var report = HTMLReport.test
        report.conversations = try Story.all().map { $0.conversation() }
        try expectShown(report.document)
    }

    @Test func aHundredRandomEvents() throws {
        var random = SplitMix64(seed: 0xB0B0)
        var conversation = HTMLConversation(FourTuple(local: Story.v4.us, remote: Story.v4.peer))
        for _ in 0..<100 { conversation.add(random.event(), random.reading()) }
        conversation.verdict = random.verdict()
        var report = HTMLReport.test
        report.conversations = [conversation]
        try expectShown(report.document)
    }

    /// The judge itself: a page with a script, something loaded, something too wide and something too faint is not let pass.
    @Test func aBadPageIsNotLetPass() throws {
        let look = try look(
            """
            <!DOCTYPE html><meta name=viewport content="width=device-width"><main><img src="http://127.0.0.1:9/x.png">
            <p style="width:2000px;color:#bbb">faint and wide</p></main><script>console.log("here")</script>
            """)
        for word in ["asked for http", "the page is 20", "contrast", "consoleAPICalled"] {
            #expect(look.problems.contains { $0.contains(word) }, "\(word): \(look.problems)")
        }
    }
}
