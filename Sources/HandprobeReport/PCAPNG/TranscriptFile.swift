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
        var reader = TranscriptReader()
        var conversations: [TranscriptFile] = []
        reader.append(octets)
        do throws(PCAPNGError) {
            while let output = try reader.next() {
                switch output {
                case .began(_, let flow, let expectation):
                    conversations.append(TranscriptFile(flow: flow, expectation: expectation))
                case .event(let number, let event): conversations[number - 1].events.append(event)
                case .settled(let number):
                    conversations[number - 1].settledAt = conversations[number - 1].events.count
                case .ended: break
                }
            }
        } catch {
            return (conversations, error)
        }
        return (conversations, reader.end().problem)
    }

    /// What the judge makes of it: of a live run what the run came to.
    public var verdict: Verdict {
        var judge = Judge(flow: flow, expectation: expectation)
        for event in events.prefix(settledAt ?? events.count) { _ = judge.observe(event) }
        return judge.conclude()
    }
}
