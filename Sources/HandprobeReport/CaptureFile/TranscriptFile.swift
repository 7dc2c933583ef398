public import HandprobeJudge
public import HandprobeWire

/// One conversation of a capture file, whole.
public struct TranscriptFile: Hashable, Sendable {
    /// The connection, `local` being us.
    public var flow: FourTuple
    /// What it is measured by.
    public var expectation: Expectation
    /// Everything that happened in it.
    public var events: [Event] = []
    /// How many of the events the result of a live run rests on; nil when the file does not say.
    public var settledAt: Int?

    /// The conversations of a whole file that is in memory, and what is wrong with the file.
    public static func read(_ octets: [UInt8]) -> (conversations: [TranscriptFile], problem: PCAPNGError?) {
        let collector = Collector()
        let judge = FileJudge(for: collector)
        var reader = PCAPNGReader()
        reader.append(octets)
        do throws(PCAPNGError) {
            while let block = try reader.next() { judge.take(block) }
        } catch {
            return (collector.conversations, error)
        }
        return (collector.conversations, reader.end())
    }

    /// Keeps every event of every conversation.
    private final class Collector: ConversationListener {
        var conversations: [TranscriptFile] = []

        func began(_ number: Int, _ flow: FourTuple, _ expectation: Expectation, at time: Timestamp) -> Interest {
            conversations.append(TranscriptFile(flow: flow, expectation: expectation))
            return .followed
        }

        func observed(_ event: Event, reading: Reading, index: Int, of number: Int) {
            conversations[number - 1].events.append(event)
        }

        func settled(_ number: Int) {
            conversations[number - 1].settledAt = conversations[number - 1].events.count
        }

        func ended(_ conversation: EndedConversation) {}
    }

    /// What the judge makes of it: of a live run what the run came to.
    public var verdict: Verdict {
        var judge = Judge(flow: flow, expectation: expectation)
        for event in events.prefix(settledAt ?? events.count) { _ = judge.observe(event) }
        return judge.conclude()
    }
}
