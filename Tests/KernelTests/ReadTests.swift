import FoundationEssentials
import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// `handprobe read`: files that other programs wrote of connections between kernels, and our own.
@Suite(.blocks, Needs.namespaces, Needs.program("tcpdump"), Needs.program("tshark"))
struct ReadTests {
    private let folder: TemporaryFolder
    private var path: String { "\(folder.path)/capture.pcap" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func read(_ arguments: String..., file: String? = nil) throws -> Subprocess.Result {
        try Program.run(["read"] + arguments + [file ?? path], in: nil)
    }

    /// What Wireshark's programs count in a file: TCP connections, and frames.
    private func counts(_ path: String) throws -> (connections: Int, frames: Int) {
        let streams = try Subprocess.check("tshark", ["-r", path, "-T", "fields", "-e", "tcp.stream", "tcp"]).lines
        let frames = try Subprocess.check("capinfos", ["-c", "-M", "-T", "-r", path]).lines
        return (Set(streams).count, frames.first.flatMap { Int($0.split(separator: "\t").last ?? "") } ?? -1)
    }

    private func expectCounts(_ path: String, location: SourceLocation = #_sourceLocation) throws {
        let run = try read("--json", file: path)
        let own = try Subprocess.check(
            "jq", ["-c", "select(.type == \"file\") | [.connections, .frames]"], stdin: run.stdout
        ).lines
        let (connections, frames) = try counts(path)
        #expect(own == ["[\(connections),\(frames)]"], sourceLocation: location)
        if SchemaValidator.isInstalled {
            let (count, problems) = try SchemaValidator.validate(run.lines)
            #expect(problems.isEmpty, "\(problems)", sourceLocation: location)
            #expect(count == run.lines.count, sourceLocation: location)
        }
    }

    /// Everything but where it took place is as the live run showed it.
    @Test(arguments: Place.allCases) func ourOwnFile(place: Place) throws {
        let scene = try Scene(place, .echo)
        let file = "\(folder.path)/run.pcapng"
        for command in [["close", "--send", "hello\\n"], ["open"], ["open", "--end", "rst"]] {
            let live = try scene.start(command[0], Array(command.dropFirst()) + ["--write", file]).wait()
            let again = try read(file: file)
            #expect(again.exitCode == live.exitCode)
            #expect(again.lines.dropFirst() == live.lines.dropFirst())
            #expect(again.stderr.isEmpty, "\(again.stderr)")
        }
        try expectCounts(file)
    }

    /// Kernel to kernel: opened, half-closed by the client, more said by the server, closed; and a port without listener.
    @Test(arguments: bothFamilies) func kernelToKernel(family: IPAddress.Family) throws {
        var behavior = TestServer.Behavior()
        behavior.farewell = Array("after your FIN\n".utf8)
        let scene = try Scene(try Testbed.veth(), family, behavior)
        let dump = try Dump(path, on: "veth0", in: scene.us)
        let client = try TestClient(to: scene.target, in: scene.us)
        try client.send(Array("hello\n".utf8))
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        #expect(throws: TestKitError.self) {
            _ = try TestClient(to: SocketAddress(scene.target.address, port: 9), in: scene.us)
        }
        try dump.end(when: 2, flags: [.rst, .fin])
        try expectCounts(path)

        let table = try read()
        #expect(table.exitCode == 1, "one was refused: \(table.stdout)")
        let rows = table.lines.dropFirst().dropLast().map { $0.split(separator: " ").map(String.init) }
        #expect(rows.count == 2, "\(table.stdout)")
        #expect(
            rows[0].starts(with: ["1", "\(client.local)", "→", "\(scene.target)", "3", "segments", "4", "segments"]))
        #expect(rows[1].suffix(4) == ["refused", "never", "open", "refused"])

        let one = try read("--flow", "\(scene.target)")
        #expect(one.exitCode == 0)
        #expect(one.conclusion.hasPrefix("orderly: opened in three segments"), "\(one.stdout)")
        #expect(one.conclusion.hasSuffix("in which the peer sent 15 octets"), "\(one.stdout)")
        // From the other side it is the server who tells.
        let other = try read("--flow", "1", "--local", "\(scene.target.address)")
        #expect(other.conclusion.contains("opened by the peer"), "\(other.stdout)")
        #expect(other.conclusion.hasSuffix("in which we sent 15 octets"), "\(other.stdout)")
        #expect(try read("--flow", "\(client.local)-\(scene.target)").lines == one.lines)
        #expect(try read("--flow", "7").exitCode == 2)

        // Kept alone it is the same, each frame with a comment.
        let kept = "\(folder.path)/kept.pcapng"
        #expect(try read("--flow", "1", "--write", kept).lines == one.lines)
        #expect(try read(file: kept).lines.dropFirst() == one.lines.dropFirst())
        let comments = try Subprocess.check("tshark", ["-r", kept, "-T", "fields", "-e", "frame.comment"]).lines
        #expect(comments.first == "our SYN: asks to open")
        #expect(comments.count == one.lines.count { $0.contains("us →") || $0.contains("peer →") })
    }

    /// What Wireshark's programs make of a capture is read as the capture itself is.
    @Test func convertedByOthers() throws {
        let scene = try Scene(.veth4, .echo)
        let dump = try Dump(path, on: "veth0", in: scene.us, options: ["--time-stamp-precision=nano"])
        let other = try Dump("\(folder.path)/other.pcap", on: "veth0", in: scene.peer)
        let client = try TestClient(to: scene.target, in: scene.us)
        try client.send(Array("hello\n".utf8))
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        try dump.end(when: 2, flags: .fin)
        try other.end(when: 2, flags: .fin)
        let original = try read()
        #expect(original.exitCode == 0)
        for format in ["nsecpcap", "pcapng"] {
            let converted = "\(folder.path)/\(format)"
            try Subprocess.check("editcap", ["-F", format, path, converted])
            #expect(try read(file: converted).lines.dropFirst() == original.lines.dropFirst())
            try expectCounts(converted)
        }
        // Both ends' captures in one file are two interfaces of one section; every segment is there twice.
        let merged = "\(folder.path)/merged.pcapng"
        try Subprocess.check("mergecap", ["-w", merged, path, other.path])
        try expectCounts(merged)
        // Two sections, one behind the other: the interfaces of each count from 0.
        let own = "\(folder.path)/own.pcapng"
        _ = try scene.run("open", "--write", own)
        let both = "\(folder.path)/both.pcapng"
        try Subprocess.check("sh", ["-c", "cat \(merged) \(own) > \(both)"])
        try expectCounts(both)
        // Cut by the snaplen to less than the payload begins: its length still counts.
        let cut = "\(folder.path)/cut.pcap"
        try Subprocess.check("editcap", ["-s", "66", path, cut])
        let short = try read(file: cut)
        #expect(short.conclusion == original.conclusion)
        #expect(short.exitCode == 0)
        #expect(short.stderr.contains("cut short by the snaplen"), "\(short.stderr)")
    }

    /// A pipe is followed; what is there is shown before the rest has come, and an end in the middle is said.
    @Test func aPipeIsFollowed() throws {
        let scene = try Scene(.veth4, .echo)
        let file = "\(folder.path)/run.pcapng"
        let live = try scene.run("close", "--send", "hello\\n", "--write", file)
        let octets = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let run = try Program.start(["read", "--flow", "1", "-"], in: nil, keepsInputOpen: true)
        run.write(octets: Array(octets.prefix(octets.count / 2)))
        _ = try run.waitForLine { $0.contains("their SYN: asks to open") }
        #expect(run.status == nil)
        run.write(octets: Array(octets.dropFirst(octets.count / 2)))
        run.closeInput()
        #expect(try run.wait().lines.dropFirst() == live.lines.dropFirst())

        let broken = try Program.start(["read", "-"], in: nil, keepsInputOpen: true)
        broken.write(octets: octets.dropLast(octets.count / 3))
        broken.closeInput()
        let end = try broken.wait()
        #expect(end.exitCode == 5, "\(end.stdout)")
        #expect(end.stderr.contains("the file ends in the middle of the block at octet"), "\(end.stderr)")
    }

    /// tcpdump at the other end of the pipe, and Ctrl-C for both, as in a terminal.
    @Test(arguments: [true, false]) func endedEarly(byInterrupt: Bool) throws {
        let scene = try Scene(.veth4, .neverCloses)
        // Its client is the kernel's, and closes when the test ends.
        scene.leaves("ESTAB", "CLOSE-WAIT")
        // It says which process it is: another test may run the same command line.
        let read = "sh -c 'echo $$ >&2; exec \(Program.path) read --flow 1 -'"
        let run = try Subprocess(
            "bash",
            ["-c", "tcpdump -i veth0 -w - -U --immediate-mode -Z root tcp | (\(read); echo code $?)"],
            in: scene.us, environment: Program.environment)
        let reader = try #require(Int32(run.waitForLine(.stderr) { Int32($0) != nil }))
        _ = try run.waitForLine(.stderr) { $0.contains("listening on") }
        let client = try TestClient(to: scene.target, in: scene.us)
        try client.send([65])
        _ = try run.waitForLine { $0.contains("confirms 1 octet") }
        if byInterrupt {
            kill(reader, SIGINT)
            _ = try run.waitForLine { $0 == "code 130" }
            #expect(run.lines().contains { $0.hasPrefix("opened in three segments") }, "\(run.text())")
        } else {
            kill(reader, SIGKILL)
            _ = try run.waitForLine { $0 == "code 137" }
        }
        let writer = try Subprocess.check("pgrep", ["-P", "\(run.pid)", "-x", "tcpdump"]).lines.first
        if let pid = writer.flatMap({ Int32($0) }) { kill(pid, SIGTERM) }
        try run.wait()
    }

    @Test func nobodyReadsTheOutput() throws {
        let run = try Program.start(["read", "-"], in: nil, keepsInputOpen: true)
        run.closeOutput()
        #expect(try run.wait().exitCode == 141)
    }

    @Test func whatIsNoCapture() throws {
        for (name, octets, clause) in [
            ("empty", [], "it is empty"),
            ("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0], "compressed with gzip: `gzip -dc FILE | handprobe read -` reads it"),
            ("zstd", [0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0], "compressed with zstd"),
            ("text", Array("{\"a\": 1}\n".utf8), "neither pcap nor pcapng"),
            ("short", [0xD4, 0xC3, 0xB2, 0xA1, 2, 0], "truncated dump file"),
        ] as [(String, [UInt8], String)] {
            let file = "\(folder.path)/\(name)"
            try Data(octets).write(to: URL(filePath: file))
            let run = try read(file: file)
            #expect(run.exitCode == 4)
            #expect(run.stderr.hasPrefix("handprobe: cannot read \(file): "), "\(run.stderr)")
            #expect(run.stderr.contains(clause), "\(run.stderr)")
            #expect(run.stdout.isEmpty)
        }
        for file in ["\(folder.path)/none", folder.path] {
            let run = try read(file: file)
            #expect(run.exitCode == 4)
            #expect(run.stderr.hasPrefix("handprobe: cannot read \(file): "), "\(run.stderr)")
        }
        #expect(try read("--write", "\(folder.path)/text", file: "\(folder.path)/text").exitCode == 3)
        #expect(try read("--flow", "nonsense").exitCode == 3)
        #expect(try read("--local", "nonsense").exitCode == 3)
    }
}
