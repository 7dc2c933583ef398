import FoundationEssentials
import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire

/// A conversation in every reading: lines that a terminal can be given, JSON that is JSON, and a file that is read back as
/// what was written.
enum RenderFuzz {
    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        let conversation = ConversationFuzz(octets)
        let (events, flow) = (conversation.events, conversation.flow)
        let (readings, verdict) = try VerdictRules.check(events, flow, conversation.expectation)
        let choices = FuzzInput(octets).isEmpty ? 0 : octets[octets.count - 1]
        let style = TextStyle(
            width: [80, 100, 40, 0, 3][Int(choices) % 5],
            colour: choices & 32 != 0,
            unicode: choices & 64 != 0,
            verbosity: choices & 128 == 0 ? .normal : .verbose
        )
        try checkText(events, readings, verdict, style)
        try checkJSON(events, readings, verdict, flow)
        try checkRewriting(events, flow, conversation.expectation, settledAt: events.count)
    }

    private static func checkText(
        _ events: [Event],
        _ readings: [Reading],
        _ verdict: Verdict,
        _ style: TextStyle
    ) throws(BrokenRule) {
        var ladder = Ladder(peer: "192.0.2.2", style: style)
        var list = CompactList(style: style)
        var lines = style.hasRoomForLadder ? ladder.header() : []
        for (index, (event, reading)) in zip(events, readings).enumerated() {
            lines += list.lines(for: event, reading: reading, index: index)
            if style.hasRoomForLadder { lines += ladder.lines(for: event, reading: reading, index: index) }
        }
        lines += RunSummary.lines(verdict, start: events.first?.time ?? Timestamp(nanoseconds: 0), style: style)
        for line in lines {
            let scalars = line.unicodeScalars
            let controls = scalars.filter { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
            try expect(
                controls.allSatisfy { style.colour && $0.value == 0x1B },
                "a line steers the terminal: \(Array(scalars))")
            try expect(style.unicode || scalars.allSatisfy(\.isASCII), "a line is not ASCII: \(line)")
        }
    }

    /// What a reader of any NDJSON line looks at first.
    private struct Head: Decodable {
        var schema: String
        var type: String
    }

    private static func checkJSON(
        _ events: [Event],
        _ readings: [Reading],
        _ verdict: Verdict,
        _ flow: FourTuple
    ) throws(BrokenRule) {
        let run = RunIdentity(octets: Array(0..<16), command: "fuzz", target: "192.0.2.2:80")
        var json = NDJSON(run: run, conversation: 1, flow: flow)
        var lines: [String] = []
        for (index, (event, reading)) in zip(events, readings).enumerated() {
            lines.append(json.line(for: event, reading: reading, index: index))
        }
        lines.append(json.summary(verdict, RunCircumstances(time: Timestamp(nanoseconds: 0), guards: [])))
        for (index, line) in lines.enumerated() {
            try expect(!line.contains("\n"), "an object on two lines: \(line)")
            do {
                let head = try JSONDecoder().decode(Head.self, from: Data(line.utf8))
                let type = index == events.count ? "summary" : "event"
                try expect(head.schema == RunIdentity.schema && head.type == type, "\(head) of \(line)")
            } catch let error as BrokenRule {
                throw error
            } catch {
                throw BrokenRule("not JSON: \(line)")
            }
        }
    }

    /// Written into a file and read back, a conversation is the same and comes to the same.
    static func checkRewriting(
        _ events: [Event],
        _ flow: FourTuple,
        _ expectation: Expectation,
        settledAt: Int?
    ) throws(BrokenRule) {
        var writer = TranscriptWriter(PCAPNGSection())
        var judge = Judge(flow: flow, expectation: expectation)
        var verdict: Verdict?
        writer.begin(1, flow, expectation)
        for place in 0...events.count {
            if place == settledAt {
                writer.settle(1)
                verdict = judge.conclude()
            }
            if place < events.count { writer.add(events[place], judge.observe(events[place]), of: 1) }
        }
        writer.end([])
        let (read, problem) = TranscriptFile.read(writer.take())
        try expect(problem == nil, "what was written is wrong: \(String(describing: problem))")
        guard read.count == 1 else { throw BrokenRule("\(read.count) conversations were read, one was written") }
        try expect(read[0].flow == flow, "another flow was read")
        try expect(read[0].expectation == expectation, "another expectation was read")
        for (index, (written, again)) in zip(events, read[0].events).enumerated() {
            try expect(written == again, "event \(index) was \(written), is \(again)")
        }
        try expect(read[0].events.count == events.count, "\(read[0].events.count) events were read")
        try expect(read[0].verdict == verdict ?? judge.conclude(), "another verdict was read")
    }
}
