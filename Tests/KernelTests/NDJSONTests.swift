import HandprobeTestKit
import HandprobeWire
import Testing

/// `--json` of the program itself: what programs behind a pipe get.
@Suite(.blocks, Needs.namespaces, Needs.program("jq"))
struct NDJSONTests {
    /// What jq says of every line, through the program that everybody has.
    private func jq(_ filter: String, _ run: Subprocess.Result) throws -> [String] {
        try Subprocess.check("jq", ["-c", filter], stdin: run.stdout).lines
    }

    /// Objects and nothing else; events, then their summary; one run, and the exit code of the process.
    private func expectObjects(_ run: Subprocess.Result, conversations: Int = 1) throws {
        #expect(run.stderr.isEmpty, "\(run.stderr)")
        if SchemaValidator.isInstalled {
            let (count, problems) = try SchemaValidator.validate(run.lines)
            #expect(problems.isEmpty, "\(problems)")
            #expect(count == run.lines.count)
        }
        #expect(Set(try jq(".run_id", run)).count == 1)
        // Of several, each is summed up when nothing more follows in it: not always in their order.
        let summedUp = try jq("select(.type == \"summary\") | .conversation", run)
        #expect(summedUp.sorted() == (1...conversations).map { "\($0)" })
        if conversations == 1 {
            #expect(try jq(".type", run).dropLast().allSatisfy { $0 == "\"event\"" })
            #expect(try jq("select(.type == \"event\") | .event", run) == (0..<run.lines.count - 1).map { "\($0)" })
            #expect(try jq("select(.type == \"summary\") | .exit_code", run) == ["\(run.exitCode ?? -1)"])
        }
    }

    @Test(arguments: Place.allCases)
    func opens(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("open", "--json")
        #expect(run.exitCode == 0, "\(run.stdout)")
        try expectObjects(run)
        // The octets on the wire, by a witness that is not the program.
        let sent = try jq("select(.from == \"us\") | .segment.seq", run)
        #expect(sent == scene.ours.map { "\($0.seq)" })
        #expect(try jq("select(.type == \"summary\") | .rtt_ns > 0 and .clock_error_ns >= 0", run) == ["true"])
        #expect(try jq("select(.type == \"summary\") | .captures[0].dropped", run) == ["0"])
        #expect(try jq("select(.type == \"summary\") | .guards | length > 0", run) == ["true"])
    }

    @Test func whatWasNotMeasuredIsAbsent() throws {
        let run = try Scene(.veth4, nil).run("open", "--json")
        #expect(run.exitCode == 1)
        try expectObjects(run)
        #expect(try jq("select(.type == \"summary\") | .findings[0].code", run) == ["\"refused\""])
        let absent = #"select(.type == "summary") | [has("open_proof", "closing", "half_closed_ns")]"#
        #expect(try jq(absent, run) == ["[false,false,false]"])
        #expect(try jq("select(.type == \"summary\") | .ledger | keys", run) == ["[\"our_syn\"]"])
    }

    @Test func everyCommandHasIt() throws {
        let scene = try Scene(.loopback6, .echo)
        let close = try scene.run("close", "--json", "--send", "\\x00\\xff\\x1b[2J\"\\\\")
        #expect(close.exitCode == 0, "\(close.stdout)")
        try expectObjects(close)
        let hex = #"select(.from == "us" and .segment.payload_length > 0) | .segment.payload_hex"#
        #expect(try jq(hex, close) == ["\"00ff1b5b324a225c\""])
        let send = try scene.run("send", "--json", "--wait", "200ms")
        #expect(send.exitCode == 0, "\(send.stdout)")
        try expectObjects(send)
        try expectObjects(Program.run(["demo", "--json"], in: scene.us))
        let doctor = try Program.run(["doctor", "--json"], in: scene.us)
        #expect(Set(try jq("[.type, .command]", doctor)) == ["[\"check\",\"doctor\"]"])
        let series = try scene.run("open", "--json", "-c", "3", "-i", "20ms")
        try expectObjects(series, conversations: 3)
        #expect(
            try jq("select(.type == \"statistics\") | [.runs, .answered, .rtt_ns.min > 0]", series) == ["[3,3,true]"])
    }

    /// Each event leaves at once: jq shows the SYN while a person is still asked about the next segment.
    @Test func jqFollowsLive() throws {
        let scene = try Scene(.loopback4, .echo)
        let pipe = "set -o pipefail; \"$0\" \"$@\" | jq --unbuffered -c '[.type, .from]'"
        let arguments = ["-c", pipe, Program.path, "close", "--json", "--step", scene.target.description]
        let probe = try Subprocess(
            "bash", arguments, keepsInputOpen: true, in: scene.us, environment: Program.environment)
        try probe.waitForText("next: S ", .stderr)
        #expect(probe.text().isEmpty)
        probe.write("\n")
        _ = try probe.waitForLine { $0 == "[\"event\",\"peer\"]" }
        #expect(probe.lines() == ["[\"event\",\"us\"]", "[\"event\",\"peer\"]"])
        #expect(probe.status == nil)
        probe.write("g\n")
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion == "[\"summary\",null]")
        #expect(run.lines.filter { $0.contains("summary") }.count == 1)
    }

    /// A signal ends it with a goodbye, and the summary still comes.
    @Test func interruptedItStillSumsUp() throws {
        let scene = try Scene(.loopback4, .neverCloses)
        let probe = try scene.start("close", ["--json", "--wait", "60s"])
        _ = try probe.waitForLine { $0.contains("\"FIN-WAIT-2\"") }
        probe.signal(2)
        let run = try probe.wait()
        #expect(run.exitCode == 130)
        try expectObjects(run)
        #expect(try jq("select(.kind == \"interrupted\") | .signal", run) == ["2"])
    }

    @Test func itContradictsTheWordsForPeople() throws {
        for words in [["open", "--json", "-q", "127.0.0.1:9"], ["send", "--json", "--dry-run", "127.0.0.1:9"]] {
            let run = try Program.run(words, in: nil)
            #expect(run.exitCode == 3)
            #expect(run.stdout.isEmpty)
            #expect(run.stderr.contains("leave "), "\(run.stderr)")
        }
    }
}
