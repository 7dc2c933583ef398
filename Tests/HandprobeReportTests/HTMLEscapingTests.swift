import HandprobeJudge
import HandprobeTestKit
import HandprobeWire
import Testing

@testable import HandprobeReport

/// Text from the network and from the command line is text in a document, whatever it is.
@Suite struct HTMLEscapingTests {
    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (#"" onload="x"#, "&quot; onload=&quot;x"),
        ("' & &amp; '", "&#39; &amp; &amp;amp; &#39;"),
        ("\u{0}\u{1B}[2J\u{7F}\r\n", #"\x00\x1b[2J\x7f\r\n"#),
        ("\u{202E}evil\u{2066}", #"\xe2\x80\xaeevil\xe2\x81\xa6"#),
        ("é → 漢", "é → 漢"),
    ]) func text(_ text: String, _ markup: String) {
        let html: HTML = #"<p title="\#(text)">\#(text)</p>"#
        #expect(html.markup == #"<p title="\#(markup)">\#(markup)</p>"#)
    }

    @Test func markupInMarkupIsMarkup() {
        let inner: HTML = "<b>\("<")</b>"
        let outer: HTML = "<p>\(inner)\([inner, inner])\(7)</p>"
        #expect(outer.markup == "<p><b>&lt;</b><b>&lt;</b><b>&lt;</b>7</p>")
    }

    /// Every place of a document that shows text of others, with text that wants out of it.
    @Test func nothingGetsOut() throws {
        let attack = "\"'><script>alert(1)</script><svg/onload=x>\u{202E}\u{0}&lt;"
        var story = try Story.everything()
        story.happens(10, .manual(attack))
        story.happens(10, .answerElsewhere(try TCPSegment(notation: "R. 7:7(0) ack 9 win 0"), interface: attack))
        story.verdict.headline = attack
        story.verdict.ledger.ourSyn = RequestRecord(made: 0, because: attack)
        var conversation = story.conversation(name: attack)
        conversation.header?.interface = attack
        conversation.circumstances = RunCircumstances(
            time: Story.start, guards: [attack],
            captures: [RunCircumstances.Capture(interface: attack, received: 1, dropped: 1)])
        var report = HTMLReport(command: attack, target: attack, commandLine: attack, application: attack)
        for conversations in [[conversation], [conversation, conversation]] {
            report.conversations = conversations
            let page = report.document
            #expect(!page.contains("<script"))
            #expect(!page.contains("<svg/"))
            #expect(!page.contains("\u{202E}"))
            #expect(page.contains("&lt;script&gt;alert(1)"))
        }
    }

    /// Octets of a payload: a script, quotes, controls, what is no UTF-8.
    @Test func payload() throws {
        var story = LiveStory(flow: FourTuple(local: Story.v4.us, remote: Story.v4.peer), .close)
        var told = Story.v4
        let payload = Array("<script>'\"".utf8) + [0x00, 0x1B, 0x80, 0xFF, 0xE2, 0x80, 0xAE]
        try told.us(0, "P. 1:2(1) ack 1 win 1", []) { $0.segment.payload = payload[...] }
        story.add(try #require(told.segments.first), at: Story.start)
        let page = story.report.document
        #expect(page.contains(#"&quot;&lt;script&gt;&#39;&quot;\x00\x1b\x80\xff\xe2\x80\xae&quot;"#))
        #expect(page.contains("3c 73 63 72 69 70 74 3e 27 22 00 1b 80 ff e2 80 ae"))
    }
}
