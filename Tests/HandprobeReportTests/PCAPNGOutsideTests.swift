import HandprobeJudge
import HandprobeReport
import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(
    "Wireshark's programs read what we write, and we what they write",
    .enabled(if: TestEnvironment.has("tshark"), "NOT TESTED: tshark is not installed, nobody else reads our pcapng"))
struct PCAPNGOutsideTests {
    /// What `program` makes of a file on its standard input.
    private func run(_ program: String, _ arguments: [String], _ file: [UInt8]) throws -> Subprocess.Result {
        let process = try Subprocess(program, arguments, keepsInputOpen: true)
        process.write(octets: file)
        process.closeInput()
        let result = try process.wait()
        #expect(result.exitCode == 0, "\(program): \(result.stderr)")
        return result
    }

    /// Root is told that it should not; anything else that a program says about our file is a complaint.
    private func complaints(_ result: Subprocess.Result) -> [Substring] {
        result.stderr.split(separator: "\n").filter { !$0.hasPrefix("Running as user") }
    }

    private func rows(_ file: [UInt8], _ fields: [String]) throws -> [[String]] {
        let arguments = ["-r", "-", "-n", "-T", "fields", "-E", "separator=|"] + fields.flatMap { ["-e", $0] }
        let result = try run("tshark", arguments, file)
        #expect(complaints(result).isEmpty)
        return result.stdout.split(separator: "\n").map {
            $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test(arguments: TranscriptFileTests.stories.indices) func commentsTimesAndLengths(index: Int) throws {
        let story = TranscriptFileTests.stories[index]
        let rows = try rows(
            story.file(settledAt: story.events.count),
            ["frame.comment", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.interface_name"])
        let frames = zip(story.events, story.readings).filter { event, _ in
            switch event.kind {
            case .segment, .icmpError: true
            default: false
            }
        }
        // A row a frame, and none for what is none.
        #expect(rows.count == frames.count)
        for (row, ((event, _), frame)) in zip(rows, zip(frames, story.frames)) {
            let (seconds, fraction) = event.time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            let time = "\(seconds).\(String(String(1_000_000_000 + fraction).dropFirst()))"
            #expect(row == [row[0], time, "\(frame.count)", "\(frame.count)", "veth0"])
            #expect(!row[0].isEmpty)
        }
    }

    @Test func commentsInWords() throws {
        let comments = try rows(TranscriptFileTests.stories[0].file(), ["frame.comment"]).map { $0[0] }
        #expect(comments[0] == "our SYN: asks to open")
        #expect(comments[6] == "confirms our FIN; half-closed from here")
        let again = try rows(TranscriptFileTests.stories[2].file(), ["frame.comment"]).map { $0[0] }
        #expect(again[1] == "repeats our SYN (attempt 2)")
    }

    @Test func capinfos() throws {
        let story = TranscriptFileTests.stories[0]
        let file = story.file(statistics: [PCAPNGStatistics(interface: 0, received: 11, dropped: 3)])
        let result = try run("capinfos", ["-M", "-"], file)
        #expect(complaints(result).isEmpty)
        for line in [
            "pcapng", "Number of packets:   11", "nanoseconds (9)", "Capture comment:     handprobe close",
            "Capture application: handprobe", "Name = veth0", "Number of stat entries = 1",
        ] { #expect(result.stdout.contains(line), "\(line) is not in \(result.stdout)") }
    }

    /// A program that copies the file keeps what we know beside the frames, and one that converts it is not in the way.
    @Test(arguments: TranscriptFileTests.stories.indices) func copiesByOthers(index: Int) throws {
        let story = TranscriptFileTests.stories[index]
        let file = story.file(settledAt: story.events.count)
        let copy = try run("editcap", ["-", "-"], file)
        let read = try #require(TranscriptFile.read(copy.outputOctets).conversations.first)
        #expect(read.events == story.events)
        #expect(read.verdict == story.verdict)
        let classic = try run("editcap", ["-F", "nsecpcap", "-", "-"], file)
        #expect(classic.outputOctets.starts(with: [0x4D, 0x3C, 0xB2, 0xA1]))
        #expect(TranscriptFile.read(classic.outputOctets).problem == .classicPcap)
        // Back again it is a stranger's capture, with equal frames.
        let back = try run("editcap", ["-F", "pcapng", "-", "-"], classic.outputOctets)
        var reader = PCAPNGReader()
        reader.append(back.outputOctets)
        var frames: [[UInt8]] = []
        var times: [Timestamp?] = []
        while let block = try reader.next() {
            if case .frame(let frame, let interface) = block {
                frames.append(frame.octets)
                times.append(frame.time)
                #expect(interface.linkType == .raw)
            }
        }
        #expect(reader.end() == nil)
        #expect(frames == story.frames)
        #expect(
            times
                == story.events.filter {
                    if case .segment = $0.kind { true } else if case .icmpError = $0.kind { true } else { false }
                }.map(\.time))
    }
}
