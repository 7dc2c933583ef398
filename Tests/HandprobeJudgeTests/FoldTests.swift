import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// The judge is a fold: it may be asked at any time, anywhere, as often as one likes.
struct FoldTests {
    @Test(arguments: Example.all)
    func concludingChangesNothing(_ example: Example) throws {
        let conversation = try example.conversation()
        var asked = Judge(flow: conversation.flow, expectation: example.expectation)
        for event in conversation.events {
            _ = asked.observe(event)
            #expect(asked.conclude() == asked.conclude())
        }
        #expect(asked.conclude() == conversation.verdict(example.expectation))
    }

    @Test(arguments: Example.all)
    func foldsInParts(_ example: Example) throws {
        let conversation = try example.conversation()
        let whole = conversation.judged(example.expectation)
        for cut in conversation.events.indices {
            var judge = Judge(flow: conversation.flow, expectation: example.expectation)
            var readings = conversation.events[..<cut].map { judge.observe($0) }
            var copy = judge
            readings += conversation.events[cut...].map { copy.observe($0) }
            #expect(copy.conclude() == whole.verdict)
            #expect(readings == whole.readings)
        }
    }

    /// The same run a century later is the same run.
    @Test(arguments: Example.all)
    func absoluteTimeDoesNotMatter(_ example: Example) throws {
        let early = try example.conversation()
        var late = Conversation(start: early.start + 3_155_760_000 * 1_000_000_000, v6: example.v6)
        try example.build(&late)
        let (first, second) = (early.verdict(example.expectation), late.verdict(example.expectation))
        #expect(first.findings == second.findings)
        #expect(first.headline == second.headline)
        #expect(first.handshakeRTT == second.handshakeRTT)
        #expect(first.halfClosed == second.halfClosed)
        #expect(first.opening == second.opening)
        #expect(first.closing == second.closing)
    }
}
