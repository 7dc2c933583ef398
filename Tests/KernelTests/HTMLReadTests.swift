import FoundationEssentials
import HandprobeTestKit
import HandprobeWire
import Testing

/// `read --html` and `listen --html`: what clients and servers of the kernel did, as a page.
@Suite(.blocks, Needs.namespaces)
struct HTMLReadTests {
    private let folder: TemporaryFolder
    private var path: String { "\(folder.path)/page.html" }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The page, which must be well-formed, and shown whole by a browser where there is one.
    private func page(isLookedAt: Bool = true) throws -> String {
        let page = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        let (count, problems) = try PageJudge.parse(page)
        #expect(count > 10)
        #expect(problems.isEmpty, "\(problems)")
        if isLookedAt, PageJudge.hasBrowser {
            let look = try PageJudge.look(at: path, in: folder.path)
            #expect(look.contains(#""problems": []"#), "\(look)")
        }
        return page
    }

    private func rows(of page: String) throws -> [Substring] {
        let begin = try #require(page.firstRange(of: "<tbody>"))
        let end = try #require(page.firstRange(of: "</nav>"))
        return page[begin.upperBound..<end.lowerBound].split(separator: "\n").filter { $0.hasPrefix("<tr>") }
    }

    /// How many segments of a conversation are in the list of its events.
    private func segments(_ number: Int, in page: String) -> Int {
        page.ranges(of: "<li id=\"c\(number)e").count
    }

    // MARK: listen

    /// The client says what wants out of the page.
    @Test(arguments: Place.allCases) func aClientThatWasServed(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--html", path)
        let client = try scene.connect()
        try client.send(Array("</code><script>alert('x')</script>\u{0}\u{1B}[2J".utf8) + [0xFF])
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let page = try page()
        #expect(page.contains(">\(run.conclusion.replacing("'", with: "&#39;"))</h1>"))
        #expect(page.contains(">\(scene.address) ← \(client.local)</dd>"))
        #expect(!page.contains("<script"))
        #expect(page.contains(#"&lt;/code&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\x00\x1b[2J\xff"#))
        // The witness saw as many segments each way.
        #expect(page.ranges(of: "<span class=\"who\">us →</span>").count == scene.ours.count)
        #expect(page.ranges(of: "<span class=\"who\">peer →</span>").count == scene.theirs.count)
    }

    @Test func clientsOneAfterTheOther() throws {
        let scene = try ListenScene(.veth4)
        let program = try scene.listen("--count", "2", "--close", "second", "--html", path)
        var clients: [SocketAddress] = []
        for _ in 0..<2 {
            let client = try scene.connect()
            client.endSending()
            #expect(try client.receiveAll().ending == .eof)
            clients.append(client.local)
        }
        #expect(try program.wait().exitCode == 0)
        let page = try page()
        #expect(page.contains(">2 conversations, 2 as expected</h1>"))
        let rows = try rows(of: page)
        #expect(rows.count == 2)
        for (row, client) in zip(rows, clients) { #expect(row.contains("\(scene.address) ← \(client)</a>"), "\(row)") }
    }

    // MARK: read

    /// Between kernels: two closed, one refused; a table of the three, each leading to its own part of the page.
    @Test(Needs.program("tcpdump"), Needs.program("tshark"), arguments: bothFamilies)
    func connectionsOfAFile(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, TestServer.Behavior())
        // A name that wants out of the page as well.
        let file = "\(folder.path)/<img src=x>&\".pcap"
        let dump = try Dump(file, on: "veth0", in: scene.us)
        var flows: [String] = []
        for text in ["<script>alert(1)</script>", "\u{202E}<b>"] {
            let client = try TestClient(to: scene.target, in: scene.us)
            flows.append("\(client.local) → \(scene.target)")
            try client.send(Array(text.utf8))
            client.endSending()
            #expect(try client.receiveAll().ending == .eof)
        }
        #expect(throws: TestKitError.self) {
            _ = try TestClient(to: SocketAddress(scene.target.address, port: 9), in: scene.us)
        }
        try dump.end(when: 5, flags: [.rst, .fin])
        let frames = try (0..<3).map { stream in
            try Subprocess.check("tshark", ["-r", file, "-Y", "tcp.stream == \(stream)"]).lines.count
        }

        let run = try Program.run(["read", "--html", path, file], in: nil)
        #expect(run.exitCode == 1, "one was refused: \(run.stdout)")
        let whole = try page()
        #expect(whole.contains("<b>handprobe</b> read \(file.escapedInHTML)</p>"))
        #expect(whole.contains(">3 conversations, 2 as expected</h1>"))
        #expect(
            !whole.contains("<script") && !whole.contains("<img") && !whole.contains("<b>&")
                && !whole.contains("\u{202E}"))
        #expect(whole.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(whole.contains(#"\xe2\x80\xae&lt;b&gt;"#))
        let rows = try rows(of: whole)
        #expect(rows.count == 3)
        for (index, row) in rows.enumerated() {
            #expect(row.contains("<a href=\"#c\(index + 1)\">"), "\(row)")
            #expect(segments(index + 1, in: whole) == frames[index])
            // The heading of its part is what `read` says of it alone.
            let alone = try Program.run(["read", "-q", "--flow", "\(index + 1)", file], in: nil)
            #expect(whole.contains("</span> \(alone.conclusion.escapedInHTML)</h2>"), "\(alone.stdout)")
        }
        for (row, flow) in zip(rows, flows) { #expect(row.contains(">\(flow)</a>"), "\(row)") }

        let one = try Program.run(["read", "--flow", "2", "--html", path, file], in: nil)
        #expect(one.exitCode == 0)
        let page = try page()
        #expect(page.contains(">\(one.conclusion.escapedInHTML)</h1>"))
        #expect(page.contains("<dd>\(flows[1])</dd>"))
        #expect(segments(1, in: page) == frames[1])
        #expect(!page.contains("<nav"))
    }

    /// More than a page shows: the first ones are there, and of the others it says how many they are.
    @Test(Needs.program("tcpdump")) func aPageHasAnEnd() throws {
        let scene = try Scene(.veth4, nil)
        let file = "\(folder.path)/many.pcap"
        // Of short frames more have room in what tcpdump has not written yet.
        let dump = try Dump(file, on: "veth0", in: scene.us, options: ["-s", "128"])
        for _ in 0..<203 {
            #expect(throws: TestKitError.self) {
                _ = try TestClient(to: SocketAddress(scene.target.address, port: 9), in: scene.us)
            }
        }
        try dump.end(when: 203, flags: .rst)
        let run = try Program.run(["read", "-q", "--html", path, file], in: nil)
        #expect(run.exitCode == 1)
        let page = try page(isLookedAt: false)
        #expect(page.contains(">200 of 203 conversations, 0 as expected</h1>"))
        #expect(page.contains("3 more conversations are left out: a page shows the first 200."))
        #expect(try rows(of: page).count == 200)
        #expect(segments(200, in: page) == 2)
        #expect(segments(201, in: page) == 0)
    }

    /// A connection that is not there, and a file that ends in the middle.
    @Test(Needs.program("tcpdump")) func filesWithLittleInThem() throws {
        let scene = try Scene(.veth4, .echo)
        let file = "\(folder.path)/run.pcapng"
        _ = try scene.run("close", "--write", file)
        let none = try Program.run(["read", "--flow", "9", "--html", path, file], in: nil)
        #expect(none.exitCode == 2)
        #expect(try page(isLookedAt: false).contains("<h1>no conversation</h1>"))
        let octets = try Data(contentsOf: URL(filePath: file))
        try octets.prefix(octets.count * 2 / 3).write(to: URL(filePath: file))
        let cut = try Program.run(["read", "--html", path, file], in: nil)
        #expect(cut.exitCode == 5)
        #expect(segments(1, in: try page()) > 2)
    }
}

extension String {
    /// As it stands between the tags of a page.
    fileprivate var escapedInHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
