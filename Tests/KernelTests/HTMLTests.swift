import FoundationEssentials
import Glibc
import HandprobeReport
import HandprobeTestKit
import HandprobeWire
import Testing

/// `--html`: the page is whole however the run ends, takes its place at once, and is no page at all where it cannot be written.
@Suite(.blocks, Needs.namespaces)
struct HTMLTests {
    private let folder: TemporaryFolder
    private var path: String { "\(folder.path)/run.html" }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The page, which must be well-formed, and the only file in its folder.
    private func page(besides others: [String] = []) throws -> String {
        let page = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(page.hasSuffix("</html>\n"))
        let (count, problems) = try PageJudge.parse(page)
        #expect(count > 40)
        #expect(problems.isEmpty, "\(problems)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(names) == Set(["run.html"] + others))
        return page
    }

    /// How often something stands in it.
    private func count(_ text: String, in page: String) -> Int { page.ranges(of: text).count }

    @Test(arguments: Place.allCases) func thePageIsTheRun(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("close", "--send", "<script>\\n", "--html", path)
        #expect(run.exitCode == 0, "\(run.stderr)")
        let page = try page()
        #expect(page.contains(">\(run.conclusion.replacing("'", with: "&#39;"))</h1>"))
        #expect(!page.contains("<script"))
        #expect(page.contains("&quot;&lt;script&gt;\\n&quot;"))
        // A witness of its own saw as many segments of ours.
        let sent = scene.ours.count
        #expect(count("<li id=\"c1e", in: page) >= sent)
        #expect(count("<span class=\"who\">us →</span>", in: page) == sent)
        // Every octet of ours is right; the peer's kernel leaves the checksum to a card that is not there.
        #expect(!page.contains("✕ wrong"))
    }

    @Test func aSeriesIsOnePage() throws {
        let scene = try Scene(.veth4, .echo)
        let run = try scene.run("open", "-c", "3", "-i", "20ms", "--html", path, "--write", "\(folder.path)/run.pcapng")
        #expect(run.exitCode == 0, "\(run.stderr)")
        #expect(try page(besides: ["run.pcapng"]).contains("3 conversations, 3 as expected"))
    }

    @Test func aCraftedSegmentAndItsAnswer() throws {
        let scene = try Scene(.veth6, nil)
        let run = try scene.run("send", "--flags", "syn", "--wait", "100ms", "--html", path)
        #expect(try page().contains(">exit code \(run.exitCode ?? -1)<"))
    }

    /// Ctrl-C, a polite end, the last reader gone: the page is there, with the goodbye, and says why it ended.
    @Test(arguments: [SIGINT, SIGTERM, SIGPIPE]) func endedEarly(signal: Int32) throws {
        let scene = try Scene(.veth4, .neverCloses)
        let probe = try scene.start("close", ["--wait", "60s", "--html", path])
        _ = try probe.waitForLine { $0.contains("half-closed from here") }
        if signal == SIGPIPE { probe.closeOutput() } else { probe.signal(signal) }
        let run = try probe.wait()
        #expect(run.exitCode == 128 + signal)
        let page = try page()
        #expect(page.contains("ended early"))
        #expect(page.contains(">exit code \(128 + signal)<"))
        #expect(page.contains("<code class=\"what\">R"))
    }

    /// What was there stays until the new page is whole; a symbolic link stays one.
    @Test func whatWasThereIsReplacedAtOnce() throws {
        let scene = try Scene(.veth4, .neverCloses)
        try folder.write("run.html", "old")
        try folder.write("kept.html", "old")
        try Subprocess.check("ln", ["-s", "kept.html", "\(folder.path)/link.html"])
        let probe = try scene.start("close", ["--wait", "60s", "--html", path])
        _ = try probe.waitForLine { $0.contains("half-closed from here") }
        #expect(try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self) == "old")
        probe.signal(SIGINT)
        _ = try probe.wait()
        _ = try page(besides: ["kept.html", "link.html"])
        _ = try scene.run("send", "--flags", "rst", "--wait", "10ms", "--html", "\(folder.path)/link.html")
        #expect(try Subprocess.run("readlink", ["\(folder.path)/link.html"]).stdout == "kept.html\n")
        #expect(
            try String(decoding: Data(contentsOf: URL(filePath: "\(folder.path)/kept.html")), as: UTF8.self).hasSuffix(
                "</html>\n"))
    }

    @Test func aPageThatCannotBeWritten() throws {
        let scene = try Scene(.veth4, .echo)
        for path in ["/dev/null", "/dev/full", "\(folder.path)/no/such", folder.path] {
            let run = try scene.run("open", "--html", path)
            #expect(run.exitCode == 4)
            #expect(run.stderr.hasPrefix("handprobe: cannot write to \(path): "), "\(run.stderr)")
        }
        for arguments in [["--html", "-"], ["--html", path, "--write", path]] {
            #expect(try Program.run(["open"] + arguments + [scene.target.description], in: scene.us).exitCode == 3)
        }
        #expect(try scene.run("send", "--dry-run", "--html", path).exitCode == 3)
        // Nothing is left where the run could not begin.
        #expect(try scene.run("open", "--html", path, "--write", "/dev/null").exitCode == 4)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        #expect(scene.ours.isEmpty, "nothing may be sent when it cannot be kept")
    }
}
