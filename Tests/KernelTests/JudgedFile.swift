import HandprobeJudge
import HandprobeReport
import HandprobeWire
import Testing

/// A file that the program wrote, read back and judged by the library.
final class JudgedFile: ConversationListener {
    /// One conversation of it.
    struct Conversation {
        var start: Timestamp?
        var wasInterrupted = false
        /// True when nobody read any more what was printed.
        var lostItsReader = false
        /// What it came to each time that the run knew a result: the first one, then what came after it.
        var verdicts: [Verdict] = []
        fileprivate var judge: Judge
        fileprivate var objects: NDJSON
    }

    private(set) var conversations: [Conversation] = []
    private(set) var problem: PCAPNGError?

    init(_ octets: [UInt8]) {
        problem = FileJudge(for: self).takeFile(octets)
    }

    func began(_ number: Int, _ flow: FourTuple, _ expectation: HandprobeJudge.Expectation, at time: Timestamp)
        -> Interest
    {
        let run = RunIdentity(octets: [], command: "", target: nil)
        conversations.append(
            Conversation(
                judge: Judge(flow: flow, expectation: expectation),
                objects: NDJSON(run: run, conversation: number, flow: flow)))
        return .followed
    }

    func observed(_ event: Event, reading: Reading, index: Int, of number: Int) {
        conversations[number - 1].take(event, index)
    }

    func settled(_ number: Int) {
        conversations[number - 1].verdicts.append(conversations[number - 1].judge.conclude())
    }

    /// What `handprobe read` makes of the conversation is its last result.
    func ended(_ conversation: EndedConversation) {
        guard let last = conversations[conversation.number - 1].verdicts.last else { return }
        #expect(conversation.conclude() == last)
    }

    /// The run has printed of each conversation what the file comes to, and ended with the exit code that follows from it.
    func expectAgreement(_ arguments: [String], _ output: String, _ code: Int32, _ isTerminal: Bool) {
        let words = "\(arguments.joined(separator: " "))\n\(output)"
        let measures = arguments.contains("--measure") || arguments.contains("--find-idle-timeout")
        if measures, !arguments.contains("--json") { return expectAnswers(output) }
        for conversation in conversations {
            guard let first = conversation.verdicts.first, let last = conversation.verdicts.last,
                !conversation.lostItsReader
            else { continue }
            if isTerminal {
                #expect(Self.words(output).contains(Self.words(last.headline)), "\(words)")
            } else if arguments.contains("--json") {
                expectSummary(of: conversation, last, output)
            } else if arguments.contains("-c") {
                #expect(conversation.verdicts.contains { output.contains($0.headline) }, "\(words)")
            } else {
                let block = Self.lines(first, conversation, arguments).joined(separator: "\n")
                #expect(output.contains("\(block)\n"), "not printed:\n\(block)\nof \(words)")
                #expect(output.contains("\(last.headline)\n"), "not printed: \(last.headline)\nof \(words)")
            }
        }
        guard !measures, conversations.count == 1, let only = conversations.first, let verdict = only.verdicts.last
        else { return }
        if !only.wasInterrupted {
            #expect(code == verdict.outcome.rawValue, "exit \(code), \(verdict.outcome): \(words)")
        }
    }

    /// Every answer that a measurement has printed is one that the file gives as well: a sentence with its code.
    private func expectAnswers(_ output: String) {
        let findings = conversations.compactMap(\.verdicts.last).flatMap(\.findings)
        let given = Self.words(findings.map { "\($0.sentence) [\($0.code.rawValue)]" }.joined(separator: "\n"))
        for line in output.split(separator: "\n") where line.hasSuffix("-kept]") || line.hasSuffix("-over]") {
            #expect(given.contains(Self.words(String(line.suffix(60)))), "\(line)\nis not in\n\(given)")
        }
    }

    /// What is printed of a verdict: no terminal, so lines are as long as they need to be.
    private static func lines(_ verdict: Verdict, _ conversation: Conversation, _ arguments: [String]) -> [String] {
        let isQuiet = arguments.contains("-q") || arguments.contains("--quiet")
        let isVerbose = arguments.contains("-v") || arguments.contains("--verbose")
        let style = TextStyle(
            width: TextStyle.unlimited, verbosity: isQuiet ? .quiet : isVerbose ? .verbose : .normal,
            explains: arguments.contains("--explain"))
        if arguments.first == "send" { return AnswerLines.end(verdict, style: style) }
        guard let start = conversation.start else { return Conclusion.lines(verdict, style: style) }
        return RunSummary.lines(verdict, start: start, style: style)
    }

    /// The summary object says the same, from the outcome to the last finding; the rest is about the machine.
    private func expectSummary(of conversation: Conversation, _ verdict: Verdict, _ output: String) {
        let circumstances = RunCircumstances(time: Timestamp(nanoseconds: 0), guards: [])
        let summary = Self.result(in: conversation.objects.summary(verdict, circumstances))
        let lines = output.split(separator: "\n").filter { $0.contains("\"type\":\"summary\"") }
        #expect(lines.contains { Self.result(in: String($0)) == summary }, "\(summary)\nis not in\n\(output)")
    }

    private static func result(in summary: String) -> Substring {
        let start = summary.firstRange(of: "\"outcome\":")?.lowerBound ?? summary.startIndex
        let machine = summary.firstRange(of: ",\"clock_error_ns\":") ?? summary.firstRange(of: ",\"guards\":")
        return summary[start..<(machine?.lowerBound ?? summary.endIndex)]
    }

    /// Words with one space between them, however the lines were broken.
    private static func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension JudgedFile.Conversation {
    fileprivate mutating func take(_ event: Event, _ index: Int) {
        start = start ?? event.time
        let reading = judge.observe(event)
        // What the summary says of times counts from the objects before it.
        _ = objects.line(for: event, reading: reading, index: index)
        if case .interrupted(let signal) = event.kind {
            wasInterrupted = true
            lostItsReader = signal == nil
        }
    }
}
