import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire
import Testing

@Suite struct NDJSONGoldenTests {
    @Test func fourWayClose() throws {
        try Golden.expect(Story.fourWayClose().ndjson(), "four-way-close", kind: "ndjson")
    }

    @Test func incidents() throws {
        try Golden.expect(Story.resetClose().ndjson(), "incidents", kind: "ndjson")
    }

    @Test func filtered() throws {
        try Golden.expect(Story.filtered().ndjson(), "filtered", kind: "ndjson")
    }

    @Test func silent() throws {
        let nobodyCounted = RunCircumstances(time: Story.at(7_001), guards: [])
        try Golden.expect(Story.silent().ndjson(nobodyCounted), "silent", kind: "ndjson")
    }
}

/// What a program can rely on.
@Suite struct NDJSONTests {
    @Test func aLineIsALine() throws {
        for line in try Story.everything().ndjson() {
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
            #expect(!line.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{2028}" })
        }
    }

    @Test func membersStandInTheSameOrder() throws {
        let begin = #"{"schema":"handprobe/1","type":"event","run_id":"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf","time":"2023-"#
        for line in try Story.everything().ndjson().dropLast() { #expect(line.hasPrefix(begin)) }
    }

    @Test func anyOctetsOfAPayloadComeBack() throws {
        var story = Story.v4
        let octets = Array(UInt8.min ... .max)
        for start in stride(from: 0, to: 256, by: 64) {
            try story.us(Double(start), ". 1:65(64) ack 1 win 1", []) {
                $0.segment.payload = octets[start..<start + 64]
            }
        }
        try story.us(300, ". 1:257(256) ack 1 win 1", []) { $0.segment.payload = octets[...] }
        let segments = try story.ndjson().dropLast().map { try #require(try JSONTree($0)["segment"]) }
        let hex = segments.prefix(4).compactMap { $0["payload_hex"]?.string }.joined()
        #expect(try [UInt8](hex: hex) == octets)
        #expect(segments[0]["payload_text"]?.string?.hasPrefix(#"\x00\x01\x02"#) == true)
        #expect(segments[2]["payload_text"]?.string?.hasPrefix(#"\x80\x81"#) == true)
        // An excerpt, and how long the whole is.
        #expect(segments[4]["payload_length"] == .integer(256))
        #expect(segments[4]["payload_hex"]?.string?.count == 128)
    }

    @Test func whatWasNotMeasuredIsAbsent() throws {
        let lines = try Story.silent().ndjson(RunCircumstances(time: Story.at(7_001), guards: []))
        let summary = try JSONTree(try #require(lines.last))
        for name in [
            "rtt_ns", "opening", "closing", "open_proof", "half_closed_ns", "half_closed_octets", "clock_error_ns",
            "captures",
        ] {
            #expect(summary[name] == nil, "\(name)")
        }
        #expect(summary["ledger"]?["their_syn"] == nil)
        #expect(summary["ledger"]?["our_fin"] == nil)
        let syn = try #require(summary["ledger"]?["our_syn"])
        #expect(syn["attempt_count"] == .integer(3))
        #expect(syn["confirmed_at"] == nil)
        #expect(syn["confirmed_by"] == nil)
        #expect(syn["credited_attempt"] == nil)
        #expect(summary["findings"]?[0]?["source"] == nil)
        // What was measured to be nothing is there.
        #expect(summary["guards"] == .array([]))
        let everything = try JSONTree(try #require(try Story.everything().ndjson().last))
        #expect(everything["half_closed_octets"] == .integer(0))
        #expect(everything["half_closed_ns"] == .integer(0))
    }

    @Test func aSYNHasNoAcknowledgmentAndNoText() throws {
        let first = try JSONTree(try #require(try Story.refused().ndjson().first))
        let segment = try #require(first["segment"])
        for name in ["ack", "ack_relative", "payload_hex", "payload_text", "urgent_pointer", "vlans", "rewritten"] {
            #expect(segment[name] == nil, "\(name)")
        }
        #expect(segment["seq"] == .integer(0x1234_5678))
        #expect(segment["seq_relative"] == .integer(0))
        #expect(first["states"]?["peer"] == nil)
    }

    @Test func numbersAreAbsoluteAndRelative() throws {
        let lines = try Story.fourWayClose().ndjson()
        let fin = try #require(try JSONTree(lines[9])["segment"])
        // The peer's initial number is 0xFFFFFFFE, so 613 octets on it has wrapped.
        #expect(fin["seq"] == .integer(611))
        #expect(fin["seq_relative"] == .integer(613))
        #expect(fin["ack"] == .integer(0x1234_5678 + 61))
        #expect(fin["ack_relative"] == .integer(61))
    }

    @Test func offsetsAreMonotonicAcrossAStep() throws {
        let story = try Story.steppedClock()
        let lines = try story.ndjson().map(JSONTree.init)
        #expect(lines.prefix(3).map { $0["offset_ns"] } == [.integer(0), .integer(10_000_000), .integer(20_000_000)])
        #expect(lines[2]["time"]?.string == "2023-11-14T21:13:20.020000000Z")
        // On which side of the step a time of the ledger lies cannot be told.
        #expect(lines[3]["ledger"]?["our_syn"]?["confirmed_at"]?["offset_ns"] == nil)
    }

    @Test func theExitCodeIsThatOfTheProcess() throws {
        func exitCode(_ story: Story) throws -> JSONTree? {
            try JSONTree(try #require(story.ndjson().last))["exit_code"]
        }
        #expect(try exitCode(.fourWayClose()) == .integer(0))
        #expect(try exitCode(.filtered()) == .integer(1))
        #expect(try exitCode(.silent()) == .integer(2))
        #expect(try exitCode(.resetClose()) == .integer(130))
        var story = try Story.refused()
        story.happens(9, .interrupted(signal: nil))
        #expect(try exitCode(story) == .integer(141))
    }

    @Test func figuresOfSeveralRuns() throws {
        var figures = RunFigures()
        #expect(try JSONTree(RunIdentity.test.line(for: figures, at: Story.start))["rtt_ns"] == nil)
        for rtt in [90, 41, 50, 60] {
            figures.add(
                PingRun(isAnswered: true, rtt: .microseconds(rtt), cause: nil, headline: "", outcome: .asExpected))
        }
        figures.add(PingRun(isAnswered: false, rtt: nil, cause: .noAnswer, headline: "", outcome: .noAnswer))
        #expect(
            RunIdentity.test.line(for: figures, at: Story.start)
                == #"{"schema":"handprobe/1","type":"statistics","run_id":"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf","#
                + #""time":"2023-11-14T22:13:20.000000000Z","command":"open","target":"www.example.net:8080","#
                + #""runs":5,"answered":4,"rtt_ns":{"min":41000,"median":55000,"max":90000},"as_expected":4,"#
                + #""causes":[{"cause":"no-answer","runs":1}]}"#
        )
    }
}

/// Every object, against the published schema, by a validator that is not ours.
@Suite(Schema.hasValidator) struct NDJSONSchemaTests {
    private func everyObject() throws -> [String] {
        var lines = try (Story.all() + [Story.steppedClock()]).flatMap { $0.ndjson() }
        lines += try Story.silent().ndjson(
            RunCircumstances(time: Story.start, guards: ["filter"], likeness: "our SYN is that in frame 2 of a.pcap"))
        let empty = NDJSON(run: .test, conversation: 2, flow: FourTuple(local: Story.v6.us, remote: Story.v6.peer))
        lines.append(empty.summary(Story.v6.verdict, .test))
        for (index, state) in ConnectionState.allCases.enumerated() {
            var objects = empty
            let event = Event(time: Story.start, kind: .captureLoss(frames: 1))
            let reading = Reading(meanings: [], ourState: state, peerState: state)
            lines.append(objects.line(for: event, reading: reading, index: index))
        }
        var figures = RunFigures()
        lines.append(RunIdentity.test.line(for: figures, at: Story.start))
        figures.add(PingRun(try Story.fourWayClose().verdict))
        figures.add(PingRun(try Story.refused().verdict))
        var run = PingRun(try Story.silent().verdict)
        run.rtt = .seconds(1)
        figures.add(run)
        run.cause = nil
        figures.add(run)
        lines.append(RunIdentity.test.line(for: figures, at: Story.start))
        for (kept, over) in [(Duration.seconds(2), Duration?.none), (.seconds(2), .milliseconds(2200))] {
            let lifetime = Lifetime(
                subject: .timeWait, kept: kept, over: over, isExact: over == nil, connections: 9, isComplete: true)
            let close = RunIdentity(octets: Array(0...15), command: "close", target: "h:1")
            lines.append(close.line(for: lifetime, at: Story.start))
        }
        let reuse = TupleReuse(
            peerState: .timeWait, answer: .accepted, isOpened: true, isTimestampLater: true, isSequenceLater: false)
        let open = RunIdentity(octets: Array(0...15), command: "open", target: "h:1")
        lines.append(open.line(for: reuse, conversation: 2, at: Story.start))
        let doctor = RunIdentity(octets: Array(0...15), command: "doctor", target: nil)
        for status in DoctorRow.Status.allCases {
            lines.append(doctor.line(for: DoctorRow(name: "n", status: status, detail: "\u{7}"), at: Story.start))
        }
        let listen = RunIdentity(octets: Array(0...15), command: "listen", target: "192.0.2.1:80")
        let syn = UnansweredSyn(
            flow: FourTuple(local: Story.v4.us, remote: Story.v4.peer), interface: "eth\u{7}", reason: "outside",
            words: "it is not from 192.0.2.0/24", count: 1)
        lines.append(listen.line(for: syn, at: Story.start))
        let read = RunIdentity(octets: Array(0...15), command: "read", target: "a.pcap")
        for problem in [nil, "the file ends"] {
            let summary = FileSummary(name: "a.pcap", format: "pcap", figures: FileFigures(), problem: problem)
            lines.append(read.line(for: summary, at: Story.start))
        }
        let advised = DoctorRow(name: "n", status: .failed, detail: "d", advice: "a")
        return lines + [doctor.line(for: advised, at: Story.start)]
    }

    @Test func everyObjectIsDescribed() throws {
        try Schema.expectValid(everyObject())
    }

    @Test func anythingIsDescribed() throws {
        var random = SplitMix64(seed: 0x9E37)
        var lines: [String] = []
        for number in 1...60 {
            var objects = NDJSON(
                run: .test, conversation: number, flow: FourTuple(local: Story.v4.us, remote: Story.v4.peer))
            for index in 0..<40 {
                lines.append(objects.line(for: random.event(), reading: random.reading(), index: index))
            }
            lines.append(objects.summary(random.verdict(), .test))
        }
        try Schema.expectValid(lines)
    }

    /// The other way round: what the schema describes is what is written, neither more nor other names.
    @Test func nothingElseIsDescribed() throws {
        let schema = try Schema.read()
        let objects = try everyObject().map(JSONTree.init)
        let written = objects.reduce(into: Set<String>()) { $0.formUnion($1.names) }
        let described = schema.all("properties").reduce(into: Set<String>()) {
            if case .object(let members) = $1 { $0.formUnion(members.keys) }
        }
        #expect(described.subtracting(written).isEmpty)
        let kinds = try #require(schema["$defs"]?["event"]?["properties"]?["kind"]?["enum"]).strings
        #expect(Set(kinds) == Set(objects.compactMap { $0["kind"]?.string }))
        let meanings = try #require(schema["$defs"]?["meaning"]).all("name").compactMap { $0["const"]?.string }
        #expect(
            Set(meanings) == Set(objects.flatMap { $0.all("meanings") }.flatMap { $0.all("name") }.compactMap(\.string))
        )
    }

    @Test func closedListsAreThoseOfTheCode() throws {
        let schema = try Schema.read()
        func names(_ definition: String) -> [String] { schema["$defs"]?[definition]?["enum"]?.strings ?? [] }
        #expect(Set(names("finding_code")) == Set(FindingCode.allCases.map(\.rawValue)))
        #expect(names("state") == ConnectionState.allCases.map(\.rawValue))
        #expect(names("proof") == OpenProof.allCases.map(\.rawValue))
        #expect(schema["$defs"]?["event"]?["properties"]?["schema"]?["const"]?.string == RunIdentity.schema)
    }
}
