import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `handprobe listen`: what clients of the kernel see, and what is said of them.
@Suite(.blocks, Needs.namespaces)
struct ListenTests {
    private static let page = "HTTP/1.0 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nhello\\n"

    // MARK: Opening

    @Test(arguments: Place.allCases)
    func threeSegmentsOpenAndTheClientCloses(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen()
        let client = try scene.connect()
        try scene.waitForClient(.established)
        #expect(try scene.acceptQueue() == 0)
        try client.send(Array("hello".utf8))
        client.endSending()
        let (octets, ending) = try client.receiveAll()
        #expect(octets.isEmpty)
        #expect(ending == .eof)
        try scene.waitForClient(.timeWait)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion.hasPrefix("orderly: opened by the peer in three segments, "), "\(run.stdout)")
        #expect(run.conclusion.contains("the peer closed first"), "\(run.stdout)")
        #expect(scene.flags.prefix(3) == ["peer S", "us S.", "peer ."])
        #expect(scene.ours.allSatisfy { $0.checksumIsGood })
        #expect(run.lines[0].contains("\(scene.address) ← "), "\(run.lines[0])")
        try scene.expectGoodManners(run)
    }

    /// Linux drops an ACK in SYN-SENT, as RFC 9293 §3.10.7.3 has it (fifth), and takes the SYN after it for a crossing one.
    @Test(arguments: Place.allCases)
    func anAnswerInTwoMakesLinuxOpenInFiveSegments(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--answer", "split", "--send", "hi", "--speak", "first", "--close", "second")
        let client = try scene.connect()
        #expect(try client.receive(2) == Array("hi".utf8))
        #expect(try scene.clientStates() == [.established])
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(scene.flags.prefix(5) == ["peer S", "us .", "us S", "peer S.", "us ."])
        #expect(run.conclusion.contains("opened by the peer in five segments: our ACK of its SYN"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases)
    func aCrossingSynOpensSimultaneously(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen(
            "--answer", "simultaneous", "--send", "hi", "--speak", "first", "--close", "second")
        let client = try scene.connect()
        #expect(try client.receive(2) == Array("hi".utf8))
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(scene.ours.prefix(2).map(\.flags) == [.syn, [.syn, .ack]])
        #expect(scene.theirs.prefix(2).map(\.flags) == [.syn, [.syn, .ack]])
        #expect(run.conclusion.contains("opened simultaneously: the two SYNs crossed"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aLateAnswerIsLate(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--answer", "late", "--delay", "1300ms")
        let curl = try scene.curl()
        try scene.waitForClient(.synSent)
        try scene.waitForClient(.established)
        curl.signal(SIGTERM)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let frames = scene.tap.frames
        let syn = try #require(frames.first { $0.tcp?.flags == .syn })
        let answer = try #require(frames.first { $0.tcp?.flags == [.syn, .ack] })
        #expect(answer.time.since(syn.time) >= .milliseconds(1300))
        #expect(scene.theirs.filter { $0.flags == .syn }.count == 2)
        #expect(run.stdout.contains("the SYN-ACK is held back for 1.300 s"), "\(run.stdout)")
        // What came again was the client's SYN, which is no SYN-ACK.
        #expect(!run.stdout.contains("syn-ack-schedule"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases)
    func aWrongAcknowledgmentIsRefusedAndMadeGood(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--answer", "wrong-ack")
        let client = try scene.connect()
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let first = try #require(scene.theirs.first)
        let wrong = try #require(scene.ours.first)
        #expect(wrong.ack == first.seq + 1001)
        // RFC 9293 §3.10.7.3, first: <SEQ=SEG.ACK><CTL=RST>.
        let refusal = try #require(scene.theirs.first { $0.flags.contains(.rst) })
        #expect(refusal.seq == wrong.ack)
        #expect(scene.ours[1].flags == [.syn, .ack])
        #expect(scene.ours[1].ack == first.seq + 1)
        #expect(
            run.stdout.contains("wrong-ack-refused: "), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases)
    func aRefusalIsConnectionRefused(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--answer", "rst")
        let refusal = #expect(throws: TestKitError.self) { _ = try scene.connect() }
        guard case .system(_, ECONNREFUSED, _) = refusal else {
            Issue.record("not refused: \(String(describing: refusal))")
            return
        }
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion == "orderly: refused by us, as a closed port refuses", "\(run.stdout)")
        let reset = try #require(scene.ours.first)
        #expect(reset.flags == [.rst, .ack])
        #expect(reset.seq == SequenceNumber(0))
        #expect(reset.ack == scene.theirs[0].seq + 1)
        try scene.expectGoodManners(run, resets: 1)
    }

    @Test(arguments: Place.veth)
    func aDroppedSynTimesOut(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--answer", "drop", "--timeout", "4s")
        let timeout = #expect(throws: TestKitError.self) { _ = try scene.connect() }
        guard case .system(_, ETIMEDOUT, _) = timeout else {
            Issue.record("not timed out: \(String(describing: timeout))")
            return
        }
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let syns = scene.theirs.filter { $0.flags == .syn }.count
        #expect(syns >= 2)
        #expect(run.conclusion.hasPrefix("orderly: the peer's SYN came \(syns) times within "), "\(run.stdout)")
        #expect(scene.ours.isEmpty)
        try scene.expectGoodManners(run)
    }

    @Test(arguments: [
        ("syn-ack", "Opening needed three segments and not four"),
        ("split", "Opening needed a segment for each request and each confirmation: none was shared."),
    ])
    func whySoManySegmentsIsExplained(answer: String, words: String) throws {
        let scene = try ListenScene(.veth4)
        let program = try scene.listen("--explain", "--answer", answer)
        let client = try scene.connect()
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let text = run.lines.joined(separator: " ")
        #expect(text.contains(words), "\(run.stdout)")
    }

    // MARK: Closing

    @Test(arguments: Place.allCases)
    func weCloseFirstAndTheClientLater(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--speak", "first", "--send", "bye")
        let client = try scene.connect()
        let (octets, ending) = try client.receiveAll()
        #expect(octets == Array("bye".utf8))
        #expect(ending == .eof)
        try scene.waitForClient(.closeWait)
        _ = try program.waitForLine { $0.contains("half-closed from here") }
        // Our direction is closed, the client's is not: what it says now is read.
        try client.send(Array("one more thing".utf8))
        client.endSending()
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion.contains("in which the peer sent 14 octets"), "\(run.stdout)")
        // Who closes first waits: that was us, so nothing is left at the client.
        #expect(try scene.clientStates() == [])
        try scene.expectGoodManners(run)
    }

    /// The client's FIN is here when ours leaves, and ours does not confirm it: RFC 9293 §3.6, figure 13.
    @Test(arguments: Place.allCases)
    func finsCross(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--speak", "first", "--send", "hi", "--close", "simultaneous")
        let client = try scene.connect()
        #expect(try client.receive(2) == Array("hi".utf8))
        client.endSending()
        #expect(try client.receiveAll().ending == .eof)
        // Both close first, so both wait.
        try scene.waitForClient(.timeWait)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion.contains("closed simultaneously: the two FINs crossed"), "\(run.stdout)")
        let ours = try #require(scene.ours.first { $0.flags.contains(.fin) })
        let theirs = try #require(scene.theirs.first { $0.flags.contains(.fin) })
        #expect(ours.ack == theirs.seq)
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth, [["simultaneous"], ["first"]])
    func withoutOurLastAckTheClientWaits(place: Place, way: [String]) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen(
            "--speak", "first", "--send", "hi", "--close", way[0], "--withhold-last-ack", "--timeout", "1500ms")
        let client = try scene.connect()
        // Our FIN is made once the greeting is here: a client that closes sooner would cross nothing.
        #expect(try client.receive(2) == Array("hi".utf8))
        if way == ["first"] {
            #expect(try client.receiveAll().ending == .eof)
            try scene.waitForClient(.closeWait)
        }
        client.endSending()
        try scene.waitForClient(way == ["first"] ? .lastAck : .closing)
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        // Linux repeats a FIN after 200 ms and more (RFC 6298 has one second as the least, Linux TCP_RTO_MIN).
        let fins = scene.theirs.filter { $0.flags.contains(.fin) }.count
        #expect(fins > 1)
        #expect(run.stdout.contains("without our ACK the peer sent its FIN \(fins) times"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aServerThatNeverClosesResetsInTheEnd(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--close", "never", "--timeout", "700ms")
        let client = try scene.connect()
        client.endSending()
        try scene.waitForClient(.finWait2)
        #expect(try client.receiveAll().ending == .error(ECONNRESET))
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion.hasSuffix("reset by us at exactly SND.NXT, confirmed"), "\(run.stdout)")
        try scene.expectGoodManners(run, resets: 1)
    }

    @Test(arguments: Place.allCases)
    func aResetIsAResetToTheClient(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--speak", "first", "--send", "bye", "--close", "rst")
        let client = try scene.connect()
        #expect(try client.receive(3) == Array("bye".utf8))
        #expect(try client.receiveAll().ending == .error(ECONNRESET))
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        try scene.expectGoodManners(run, resets: 1)
    }

    @Test func aClientThatNeverClosesIsNamedAndReset() throws {
        let scene = try ListenScene(.veth4)
        let program = try scene.listen("--close", "first", "--timeout", "500ms")
        let client = try scene.connect()
        #expect(try client.receiveAll().ending == .eof)
        let run = try program.wait()
        #expect(run.exitCode == 1, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion.contains("[peer-never-closed, closing]"), "\(run.stdout)")
        try scene.expectGoodManners(run, resets: 1)
    }

    // MARK: Programs

    @Test(
        Needs.program("curl"), arguments: Place.allCases,
        [
            ["syn-ack", "first"], ["syn-ack", "second"], ["split", "first"], ["split", "second"],
            ["simultaneous", "first"],
        ])
    func curlGetsAWholePage(place: Place, way: [String]) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--answer", way[0], "--close", way[1], "--send", Self.page)
        let curl = try scene.curl().wait()
        #expect(curl.exitCode == 0, "\(curl.stderr)")
        #expect(curl.stdout == "hello\n")
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion.hasPrefix("orderly: opened "), "\(run.stdout)")
        let request = String(decoding: scene.theirs.flatMap(\.payload), as: UTF8.self)
        #expect(request.hasPrefix("GET / HTTP/1.1\r\n"))
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("nc"), arguments: Place.veth)
    func netcatHalfClosesAndHearsTheRest(place: Place) throws {
        let scene = try ListenScene(place)
        let program = try scene.listen("--send", "you said it\\n", "--close", "second")
        let host = scene.address.address.description
        let netcat = try Subprocess.run("nc", ["-N", host, "8080"], stdin: "all I have to say\n", in: scene.client)
        #expect(netcat.stdout == "you said it\n", "\(netcat.stderr)")
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(String(decoding: scene.theirs.flatMap(\.payload), as: UTF8.self) == "all I have to say\n")
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("python3"), arguments: bothFamilies)
    func pythonReadsAGreeting(family: IPAddress.Family) throws {
        let scene = try ListenScene(family == .v4 ? .veth4 : .veth6)
        let program = try scene.listen("--speak", "first", "--send", "220 ready\\r\\n", "--close", "second")
        let script = """
            import socket
            with socket.create_connection(("\(scene.address.address)", 8080), 15) as peer:
                print(peer.recv(100))
                peer.sendall(b"QUIT")
                peer.shutdown(socket.SHUT_WR)
                print(peer.recv(100))
            """
        let python = try Subprocess.check("python3", ["-c", script], in: scene.client)
        #expect(python.lines == [#"b'220 ready\r\n'"#, "b''"])
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("curl"), arguments: bothFamilies)
    func severalClientsAtATimeHaveEachTheirReport(family: IPAddress.Family) throws {
        let scene = try ListenScene(family == .v4 ? .veth4 : .loopback6)
        let program = try scene.listen("-c", "5", "--send", Self.page)
        let clients = try (0..<5).map { _ in try scene.curl() }
        #expect(try clients.map { try $0.wait().stdout } == Array(repeating: "hello\n", count: 5))
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.lines.filter { $0.hasPrefix("orderly: opened by the peer in three segments") }.count == 5)
        #expect(run.lines.filter { $0.hasPrefix("handprobe: \(scene.address) ← ") }.count == 5)
        #expect(run.conclusion == "5 clients served, 5 as expected")
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("curl"), Needs.program("jq"))
    func severalClientsAsObjects() throws {
        let scene = try ListenScene(.loopback4)
        let program = try scene.listen("--json", "-c", "3", "--send", Self.page)
        let clients = try (0..<3).map { _ in try scene.curl() }
        #expect(try clients.map { try $0.wait().stdout } == Array(repeating: "hello\n", count: 3))
        let run = try program.wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        if SchemaValidator.isInstalled { #expect(try SchemaValidator.validate(run.lines).problems.isEmpty) }
        let filter = #"select(.type == "summary") | [.conversation, .command, .open_proof.proof, .outcome]"#
        let summaries = try Subprocess.check("jq", ["-c", filter], stdin: run.stdout).lines
        #expect(
            summaries.sorted()
                == (1...3).map { #"[\#($0),"listen","our-octets-acknowledged","as-expected"]"# })
    }
}
