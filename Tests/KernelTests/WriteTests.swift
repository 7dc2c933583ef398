import FoundationEssentials
import Glibc
import HandprobeJudge
import HandprobeReport
import HandprobeTestKit
import HandprobeWire
import Testing

/// `--write`: the file is whole however the run ends, and holds the run's frames and nothing else.
@Suite(.blocks, Needs.namespaces)
struct WriteTests {
    private let folder: TemporaryFolder
    private var path: String { "\(folder.path)/run.pcapng" }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The conversations of the file, which must be whole.
    private func conversations() throws -> [TranscriptFile] {
        let (conversations, problem) = TranscriptFile.read([UInt8](try Data(contentsOf: URL(filePath: path))))
        #expect(problem == nil)
        return conversations
    }

    /// The octets of the segments that are in a transcript, from their IP header on.
    private func segments(_ conversation: TranscriptFile, from origin: Origin) -> [TCPSegment] {
        conversation.events.compactMap { event in
            guard case .segment(let observed) = event.kind, observed.origin == origin else { return nil }
            return observed.segment
        }
    }

    @Test(arguments: Place.allCases) func theFileIsTheRun(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("close", "--send", "hello\\n", "--write", path)
        #expect(run.exitCode == 0, "\(run.stderr)")
        let conversation = try #require(try conversations().first)
        #expect(try conversations().count == 1)
        #expect(conversation.expectation == .close)
        #expect(conversation.verdict.outcome == .asExpected)
        #expect(conversation.verdict.headline == run.conclusion)
        // A witness of its own saw the same segments of ours.
        let witnessed = scene.ours.filter { $0.source.port == conversation.flow.local.port }
        #expect(segments(conversation, from: .us).map(\.seq) == witnessed.map(\.seq))
        #expect(segments(conversation, from: .us).map(\.flags) == witnessed.map(\.flags))
    }

    @Test func aSeriesIsOneFile() throws {
        let scene = try Scene(.veth4, .echo)
        let run = try scene.run("open", "-c", "3", "-i", "20ms", "--write", path)
        #expect(run.exitCode == 0, "\(run.stderr)")
        #expect(try conversations().map(\.verdict.outcome) == [.asExpected, .asExpected, .asExpected])
    }

    @Test func aCraftedSegmentAndItsAnswer() throws {
        let scene = try Scene(.veth6, nil)
        let run = try scene.run("send", "--flags", "syn", "--wait", "100ms", "--write", path)
        #expect(run.exitCode != 4, "\(run.stderr)")
        let conversation = try #require(try conversations().first)
        #expect(conversation.expectation == .answer)
        #expect(segments(conversation, from: .peer).map(\.flags) == [[.rst, .ack]])
    }

    /// Ctrl-C, the last reader gone: what happened until then and the goodbye are in the file, and why it ended.
    @Test(arguments: [true, false]) func endedEarly(byInterrupt: Bool) throws {
        let scene = try Scene(.veth4, .neverCloses)
        let probe = try scene.start("close", ["--wait", "60s", "--write", path])
        _ = try probe.waitForLine { $0.contains("half-closed from here") }
        if byInterrupt { probe.signal(SIGINT) } else { probe.closeOutput() }
        let run = try probe.wait()
        #expect(run.exitCode == (byInterrupt ? 130 : 141))
        let conversation = try #require(try conversations().first)
        #expect(conversation.events.contains { $0.kind == .interrupted(signal: byInterrupt ? SIGINT : nil) })
        #expect(segments(conversation, from: .us).contains { $0.flags.contains(.rst) })
        #expect(conversation.settledAt != nil)
    }

    @Test func aFileThatCannotBeWritten() throws {
        let scene = try Scene(.veth4, .echo)
        for path in ["/dev/null", "/dev/full", "\(folder.path)/no/such", folder.path] {
            let run = try scene.run("open", "--write", path)
            #expect(run.exitCode == 4)
            #expect(run.stderr.hasPrefix("handprobe: cannot write to \(path): "), "\(run.stderr)")
        }
        try Subprocess.check("mkfifo", [path])
        let run = try scene.run("open", "--write", path)
        #expect(run.exitCode == 4)
        #expect(run.stderr.contains("no regular file"), "\(run.stderr)")
        #expect(scene.ours.isEmpty, "nothing may be sent when it cannot be kept")
        #expect(try scene.run("open", "--write", "-").exitCode == 3)
    }
}
