import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// The TCP MD5 option against a kernel that signs and verifies (RFC 2385).
@Suite(.blocks, Needs.namespaces)
struct SignatureTests {
    private static let key = "a key of two ends"

    /// The digests that the peer's kernel found wrong, and those that it missed.
    private func failures(_ scene: Scene) throws -> (wrong: Int, missing: Int) {
        let counters = try KernelCounters.read(in: scene.peer)
        return (counters["TcpExt.TCPMD5Failure"] ?? -1, counters["TcpExt.TCPMD5NotFound"] ?? -1)
    }

    @Test(arguments: Place.allCases, ["open", "close"])
    func theRightKeyOpensAndCloses(place: Place, command: String) throws {
        let scene = try Scene(place, .signs(Array(Self.key.utf8)))
        // Longer than a segment, so that the option takes its room from the text.
        let request = String(repeating: "x", count: 4000)
        let run = try scene.run(command, "--md5", Self.key, "--send", request)
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(try failures(scene) == (0, 0))
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array(request.utf8)])
        #expect(seen.map(\.sawEOF) == [true] && seen.map(\.sawReset) == [false])
        // Every segment of either end is signed, and none has too many octets for the path.
        #expect(
            (scene.ours + scene.theirs).allSatisfy { segment in
                SynShape.walk(segment.options).contains { $0.first == 19 && $0.count == 18 }
            })
        if !place.isLoopback {
            // Without timestamps, which Linux does not sign with.
            let room = place.family == .v4 ? 1440 : 1420
            #expect(scene.ours.map(\.payload.count).max() == room)
        }
        #expect(run.stdout.contains("<nop,nop,md5,"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    /// As the kernel's own client signs it: the option in front, behind two NOPs.
    @Test(arguments: Place.veth) func aSignedSynLooksLikeThisKernelsOwn(place: Place) throws {
        let scene = try Scene(place, .signs(Array(Self.key.utf8)))
        let client = try TestClient(to: scene.target, in: scene.us, key: Array(Self.key.utf8))
        client.endSending()
        let run = try scene.run("open", "--md5", Self.key)
        #expect(run.exitCode == 0, "\(run.stdout)")
        let syns = scene.ourSyns
        try #require(syns.count == 2)
        let shapes = syns.map { syn in
            SynShape.walk(syn.options).map { [8, 19].contains($0.first) ? Array($0.prefix(2)) : $0 }
        }
        #expect(shapes[0] == shapes[1])
    }

    @Test(arguments: Place.veth, ["another key", ""])
    func anotherKeyOrNoneIsSilence(place: Place, key: String) throws {
        let scene = try Scene(place, .signs(Array(Self.key.utf8)))
        let signature = key.isEmpty ? [] : ["--md5", key]
        let run = try scene.start("open", signature + ["--retries", "1"]).wait()
        #expect(run.exitCode == 2, "\(run.stdout)\(run.stderr)")
        #expect(run.stdout.contains("no-answer: "), "\(run.stdout)")
        let caution = "it is signed, and a peer with another key is silent"
        #expect(run.conclusion.contains(caution) == !key.isEmpty, "\(run.stdout)")
        let failed = try failures(scene)
        // Both SYNs, and the RST that would release a peer that has heard one.
        #expect(key.isEmpty ? failed.missing == 3 && failed.wrong == 0 : failed.wrong == 3 && failed.missing == 0)
        #expect(scene.theirs.isEmpty && scene.server?.accepted == 0)
    }

    /// A firewall that rejects has no key: its RST is not believed.
    @Test(Needs.program("nft"), arguments: Place.veth) func anUnsignedAnswerIsShownAndNotBelieved(place: Place) throws {
        let scene = try Scene(place, nil)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) reject with tcp reset")
        let run = try scene.run("open", "--md5", Self.key, "--retries", "1")
        #expect(run.exitCode == 1, "\(run.stdout)\(run.stderr)")
        #expect(scene.theirs.contains { $0.flags.contains(.rst) })
        #expect(scene.ourSyns.count == 2, "it goes on asking")
        #expect(run.stdout.contains("signature-missing: the peer's RST,ACK has no MD5 digest"), "\(run.stdout)")
        #expect(!run.stdout.contains("refused: "))
    }

    /// Somebody who knows ports and numbers, but not the key, answers in the peer's name.
    @Test(Needs.program("python3"), arguments: Place.veth) func aDigestOfAnotherKeyIsNotBelieved(place: Place) throws {
        let scene = try Scene(place, .signs(Array(Self.key.utf8)))
        let key = try #require(SignatureKey(Array("another".utf8)))
        let us = SocketAddress(try #require(scene.testbed).ours.address(place.family), port: 40_001)
        let them = scene.target
        var answer = TCPSegment(seq: SequenceNumber(9), ack: SequenceNumber(1001), flags: .syn, wnd: 1000)
        (answer.header.sourcePort, answer.header.destinationPort) = (them.port, us.port)
        key.sign(&answer, from: them.address, to: us.address)
        let forged = SegmentTemplate(segment: answer).packet(from: them, to: us)
        let probe = try scene.start(
            "open",
            ["--md5", Self.key, "--isn", "1000", "--source-port", "40001", "--withhold-ack", "--wait", "3s"])
        try waitUntil("our SYN has left") { !scene.ourSyns.isEmpty }
        let family = place.family == .v4 ? "AF_INET" : "AF_INET6"
        let script =
            "import socket, sys; s = socket.socket(socket.\(family), "
            + "socket.SOCK_RAW, socket.IPPROTO_RAW); s.sendto(bytes.fromhex(sys.argv[1]), (sys.argv[2], 0))"
        try Subprocess.check(
            "python3", ["-c", script, forged.hexadecimal, us.address.description], in: scene.peer)
        let run = try probe.wait()
        // The answer that is signed with the key counts.
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(
            run.stdout.contains("signature-wrong: the peer's SYN,ACK has an MD5 digest of another key"), "\(run.stdout)"
        )
        #expect(run.stdout.contains("disregarded: its MD5 digest is not made with our key"), "\(run.stdout)")
        #expect(try failures(scene) == (0, 0))
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth) func aCraftedSegmentIsSigned(place: Place) throws {
        let scene = try Scene(place, .signs(Array(Self.key.utf8)))
        let run = try scene.run("send", "--md5", Self.key, "--flags", "syn", "--options", "mss=1000,sackok,nop,nop")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(try failures(scene) == (0, 0))
        let answer = try #require(scene.theirs.first)
        #expect(answer.flags == [.syn, .ack])
        // The RST that ends it is signed as well, or the kernel would go on asking.
        #expect(scene.ours.map(\.flags) == [.syn, .rst])
        try scene.expectGoodManners(run, resets: 1)
    }

    /// The passive side, whatever the answer: Linux sends and takes nothing that is not signed.
    @Test(arguments: Place.allCases, ["syn-ack", "split", "simultaneous", "wrong-ack"])
    func aClientWithTheKeyIsServed(place: Place, answer: String) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen(
            "--md5", Self.key, "--answer", answer, "--speak", "first", "--send", "hi", "--close", "second")
        let client = try scene.connect(key: Self.key)
        #expect(try client.receive(2) == Array("hi".utf8))
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(
            (scene.ours + scene.theirs).allSatisfy { segment in
                SynShape.walk(segment.options).contains { $0.first == 19 && $0.count == 18 }
            })
        // On loopback our own guard refuses what is signed with a key that is not its.
        if !place.isLoopback {
            let counters = try KernelCounters.read(in: scene.client)
            #expect(counters["TcpExt.TCPMD5Failure"] == 0 && counters["TcpExt.TCPMD5NotFound"] == 0)
        }
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("jq"), arguments: Place.veth, ["another key", ""])
    func aClientWithoutTheKeyGetsNothing(place: Place, key: String) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--json", "--md5", Self.key, "--wait", "4s")
        let refusal = #expect(throws: TestKitError.self) { _ = try scene.connect(key: key) }
        guard case .system(_, ETIMEDOUT, _) = refusal else {
            Issue.record("not timed out: \(String(describing: refusal))")
            return
        }
        let run = try program.wait()
        #expect(run.exitCode == 2, "\(run.stdout)\(run.stderr)")
        if SchemaValidator.isInstalled { #expect(try SchemaValidator.validate(run.lines).problems.isEmpty) }
        let reasons = try Subprocess.check("jq", ["-c", "[.type, .reason]"], stdin: run.stdout).lines
        #expect(reasons.count == scene.theirs.count && reasons.count >= 2)
        #expect(reasons.allSatisfy { $0 == #"["unanswered","unsigned"]"# }, "\(run.stdout)")
        #expect(run.stderr.contains("gets no answer: it is not signed with the key of --md5"), "\(run.stderr)")
        #expect(scene.ours.isEmpty)
        try scene.expectGoodManners(run)
    }

    @Test func theKeyComesFromAFile() throws {
        let scene = try Scene(.veth4, .signs(Array(Self.key.utf8)))
        let folder = try TemporaryFolder()
        try folder.write("key", Self.key + "\n")
        let kept = "\(folder.path)/run.pcapng"
        let run = try scene.run("open", "--md5-key-file", "\(folder.path)/key", "--write", kept)
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        try scene.expectGoodManners(run)
        try folder.write("empty", "")
        try folder.write("long", String(repeating: "k", count: 81))
        for (name, code) in [("empty", 3), ("long", 3), ("none", 4)] {
            let run = try scene.run("open", "--md5-key-file", "\(folder.path)/\(name)")
            #expect(run.exitCode == Int32(code) && run.stdout.isEmpty, "\(run.stderr)")
        }
    }

    /// The file of a run names the command, but not the key; and reading it gives what the run has said.
    @Test(Needs.program("nft")) func theKeyIsInNoFile() throws {
        let scene = try Scene(.veth4, nil)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) reject with tcp reset")
        let folder = try TemporaryFolder()
        let (kept, page) = ("\(folder.path)/run.pcapng", "\(folder.path)/run.html")
        let run = try scene.run("open", "--md5", Self.key, "--retries", "0", "--write", kept, "--html", page)
        #expect(run.exitCode == 1)
        for file in [kept, page] {
            let hits = try Subprocess.run("grep", ["-c", "-a", Self.key, file]).stdout
            #expect(hits == "0\n")
        }
        let read = try Program.run(["read", kept], in: nil)
        #expect(read.exitCode == 1 && read.lines.dropFirst() == run.lines.dropFirst(), "\(read.stdout)")
        #expect(read.stdout.contains("signature-missing: "))
    }

    @Test(arguments: [
        ["--md5", ""], ["--md5", "a", "--md5-key-file", "b"], ["--md5-key-file", "-", "--step"],
        ["--md5", "a", "--options", "mss=1,ts,sackok,ws=1,kind-9=010203040506"],
        ["--md5", "a", "--as", "macos", "--tfo"],
    ])
    func contradictionsAreUsageErrors(options: [String]) throws {
        let scene = try Scene(.veth4, .echo)
        let run = try scene.start("open", options).wait()
        #expect(run.exitCode == 3 && run.stdout.isEmpty, "\(run.stderr)")
        #expect(scene.tap.sent.isEmpty)
    }
}
