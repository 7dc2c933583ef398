import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// `--like`: a SYN copied from a capture, and what cannot be copied.
@Suite(.blocks, Needs.namespaces, Needs.scapy, Needs.program("editcap"))
struct LikenessTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Writes a capture with scapy, from frames in its own language.
    private func capture(_ frames: String..., name: String = "syn.pcap", snaplen: Int = 65535) throws -> String {
        let script = """
            import logging; logging.getLogger("scapy").setLevel(logging.ERROR)
            from scapy.all import Ether, IP, IPv6, TCP, wrpcap
            link = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
            wrpcap("\(folder.path)/whole.pcap", [link / frame for frame in [\(frames.joined(separator: ", "))]])
            """
        try Subprocess.check("/usr/bin/python3", ["-c", script])
        let path = "\(folder.path)/\(name)"
        let format = name.hasSuffix("pcapng") ? "pcapng" : "pcap"
        try Subprocess.check("editcap", ["-F", format, "-s", "\(snaplen)", "\(folder.path)/whole.pcap", path])
        return path
    }

    private static let v4 = #"IP(src="192.0.2.1", dst="192.0.2.2", ttl=57, tos=16, flags=0, id=7)"#
    private static let v6 = #"IPv6(src="2001:db8::1", dst="2001:db8::2", hlim=57, tc=16, fl=0)"#

    private static func syn(_ options: String) -> String {
        #"TCP(sport=1111, dport=2222, seq=0x01020304, flags="SEC", window=8191, options=[\#(options)])"#
    }

    private static let oddOptions =
        #"("MSS", 1234), ("NOP", None), ("WScale", 5), (253, b"\xf9\x89\xca\xfe"), ("SAckOK", b""), "#
        + #"("Timestamp", (0x11223344, 0)), ("EOL", None)"#

    /// The same in RFC 9293's octets, the clock as zero.
    private static let oddOctets: [UInt8] = [
        2, 4, 0x04, 0xD2, 1, 3, 3, 5, 253, 6, 0xF9, 0x89, 0xCA, 0xFE, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]

    @Test(arguments: Place.veth, ["syn.pcap", "syn.pcapng"])
    func aCopyLooksLikeTheCapturedSyn(place: Place, name: String) throws {
        let scene = try Scene(place, .echo)
        let ip = place.family == .v4 ? Self.v4 : Self.v6
        let other = #"TCP(sport=2222, dport=1111, flags="SA", seq=9, ack=8, options=[("MSS", 99)])"#
        let file = try capture("\(ip)/\(other)", "\(ip)/\(Self.syn(Self.oddOptions))", "\(ip)/\(other)", name: name)
        let run = try scene.run("open", "--like", file)
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let syn = try #require(scene.ourSyns.first)
        let shape = try #require(SynShape(scene.tap.frames, from: syn.source.port))
        #expect(shape.options == Self.oddOctets)
        #expect(shape.flags == [.syn, .ece, .cwr] && shape.window == 8191)
        #expect(shape.hopLimit == 57 && shape.trafficClass == 16)
        let octets = try #require(scene.tap.frames.first { $0.tcp?.flags.contains(.syn) == true }).octets
        if place.family == .v4 {
            #expect(octets[20] & 0xE0 == 0, "it may be fragmented")
        } else {
            #expect(octets[15] & 0x0F == 0 && octets[16] == 0 && octets[17] == 0, "no flow label")
        }
        // What belongs to the captured connection stays there.
        #expect(syn.seq != SequenceNumber(0x0102_0304) && syn.source.port != 1111)
        #expect(!syn.options.contains([0x11, 0x22, 0x33, 0x44]))
        #expect(run.stdout.contains("our SYN is that in frame 2 of \(file)"), "\(run.stdout)")
        #expect(run.stdout.contains("addresses, ports, sequence number, clock are ours"), "\(run.stdout)")
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }

    /// The SYN of a kernel, captured by tcpdump's library, and ours are the same but for what is ours.
    @Test(arguments: Place.veth) func aCopyOfAKernelsSyn(place: Place) throws {
        let scene = try Scene(place, .echo)
        try scene.us.sysctl("net.ipv4.tcp_rmem", "4096 131072 33554432")
        try scene.us.sysctl("net.ipv4.ip_default_ttl", "77")
        let dump = try Dump("\(folder.path)/kernel.pcap", on: "veth0", in: scene.us)
        let client = try TestClient(to: scene.target, in: scene.us)
        client.endSending()
        try dump.end(when: 1, flags: .syn)
        // Elsewhere: nothing of the settings that made it so.
        let there = try Scene(place, .echo)
        let run = try there.run("close", "--like", dump.path, "--send", "hello")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let ours = try #require(there.ourSyns.first)
        #expect(
            SynShape(there.tap.frames, from: ours.source.port) == SynShape(scene.tap.frames, from: client.local.port))
        let seen = try #require(there.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array("hello".utf8)])
        try there.expectGoodManners(run)
    }

    @Test func whatIsAskedForBesideGoesFirst() throws {
        let scene = try Scene(.veth4, .echo)
        let file = try capture("\(Self.v4)/\(Self.syn(Self.oddOptions))")
        let run = try scene.run(
            "open", "--like", file, "--ttl", "33", "--win", "1000", "--flags", "syn", "--tos", "0", "--tfo")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let syn = try #require(scene.ourSyns.first)
        let shape = try #require(SynShape(scene.tap.frames, from: syn.source.port))
        #expect(shape.flags == .syn && shape.window == 1000 && shape.hopLimit == 33 && shape.trafficClass == 0)
        #expect(shape.options == Self.oddOctets.dropLast(2) + [34, 2])
        try scene.expectGoodManners(run)
    }

    @Test func aSeriesSaysItOnce() throws {
        let scene = try Scene(.veth4, .echo)
        let file = try capture("\(Self.v4)/\(Self.syn(Self.oddOptions))")
        let run = try scene.run("open", "--like", file, "-c", "2", "-i", "10ms")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.lines.filter { $0.contains("our SYN is that in frame 1 of") }.count == 1, "\(run.stdout)")
        #expect(scene.ourSyns.map(\.window) == [8191, 8191])
        try scene.expectGoodManners(run)
    }

    /// What is in a file, and why that cannot be copied.
    private static let obstacles: [(frame: String, words: String)] = [
        (#"TCP(sport=1, dport=2, flags="SA")"#, "its one frame is no SYN without ACK"),
        (#"TCP(sport=1, dport=2, flags="S", chksum=0x1234)"#, "its one frame is no SYN without ACK"),
        (syn(#"(19, b"0123456789abcdef"), ("NOP", None), ("NOP", None)"#), "TCP MD5"),
        (syn(#"(29, b"\x01\x01abcdefghijkl"), ("NOP", None), ("NOP", None)"#), "TCP-AO"),
        (syn(#"(30, b"\x10\x01abcdefgh")"#), "Multipath"),
    ]

    @Test(arguments: obstacles.indices) func whatCannotBeCopiedIsSaid(index: Int) throws {
        let scene = try Scene(.veth4, .echo)
        let (frame, words) = Self.obstacles[index]
        let run = try scene.run("open", "--like", try capture("\(Self.v4)/\(frame)"))
        try expectRefusal(run, words, scene)
    }

    @Test func aFileThatIsNoneIsSaidToBe() throws {
        let scene = try Scene(.veth4, .echo)
        let good = try capture("\(Self.v4)/\(Self.syn(Self.oddOptions))")
        try folder.write("text.pcap", "this is no capture, whatever its name says")
        try folder.write("empty.pcap", "")
        try Subprocess.check("sh", ["-c", "head -c 70 '\(good)' > '\(folder.path)/broken.pcap'"])
        let cut = try capture("\(Self.v4)/\(Self.syn(Self.oddOptions))", name: "cut.pcap", snaplen: 60)
        for (file, words) in [
            ("\(folder.path)/none.pcap", "No such file"), (folder.path, "directory"),
            ("\(folder.path)/text.pcap", "cannot read"), ("\(folder.path)/empty.pcap", "cannot read"),
            ("\(folder.path)/broken.pcap", "none of its 0 frames is a SYN without ACK; after frame 0 the file cannot"),
            (cut, "cut it short"),
        ] {
            try expectRefusal(scene.run("open", "--like", file), words, scene)
        }
    }

    private func expectRefusal(_ run: Subprocess.Result, _ words: String, _ scene: Scene) throws {
        #expect(run.exitCode == 4 && run.stdout.isEmpty, "\(run.stdout)\(run.stderr)")
        #expect(run.stderr.contains(words), "\(run.stderr)")
        #expect(scene.tap.sent.isEmpty)
    }

    @Test func aPipeWillDo() throws {
        let scene = try Scene(.veth4, .echo)
        let file = try capture("\(Self.v4)/\(Self.syn(Self.oddOptions))")
        let command = "cat '\(file)' | '\(Program.path)' open --like - \(scene.target)"
        let run = try Subprocess("sh", ["-c", command], in: scene.us, environment: Program.environment).wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.stdout.contains("our SYN is that in frame 1 of standard input"), "\(run.stdout)")
        #expect(scene.ourSyns.map(\.window) == [8191])
        try scene.expectGoodManners(run)
    }

    /// A pipe that nobody writes to is waited for, and a signal ends that.
    @Test func waitingForAPipeEndsOnASignal() throws {
        let scene = try Scene(.veth4, .echo)
        let pipe = "\(folder.path)/pipe"
        try Subprocess.check("mkfifo", [pipe])
        let program = try scene.start("open", ["--like", pipe])
        try waitUntil("the pipe is open") {
            try Subprocess.run("sh", ["-c", "ls -l /proc/\(program.pid)/fd"]).stdout.contains(pipe)
        }
        // The signals are asked for behind the pipe.
        try waitUntil("signals are waited for") {
            try Subprocess.run("sh", ["-c", "ls -l /proc/\(program.pid)/fd"]).stdout.ranges(of: "signalfd").count == 2
        }
        program.signal(SIGINT)
        let run = try program.wait()
        #expect(run.exitCode == 130 && run.stdout.isEmpty, "\(run.stdout)\(run.stderr)")
        #expect(scene.tap.sent.isEmpty)
        #expect(try SocketTable.read(in: scene.us).rows.isEmpty)
    }

    @Test(arguments: [
        ["--as", "linux"], ["--mss", "536"], ["--options", "nop"], ["--no-sack"], ["--wscale", "3"],
    ])
    func contradictionsAreUsageErrors(options: [String]) throws {
        let run = try Program.run(["open", "--like", "any.pcap"] + options + ["127.0.0.1:9"], in: nil)
        #expect(run.exitCode == 3 && run.stdout.isEmpty, "\(run.stderr)")
    }

    @Test func theFileThatIsReadIsNotWrittenOver() throws {
        let scene = try Scene(.veth4, .echo)
        let file = try capture("\(Self.v4)/\(Self.syn(Self.oddOptions))")
        let before = try Subprocess.check("sha256sum", [file]).stdout
        for option in ["--write", "--html"] {
            let run = try scene.run("open", "--like", file, option, file)
            #expect(run.exitCode == 3 && run.stderr.contains("write over"), "\(run.stderr)")
        }
        #expect(try Subprocess.check("sha256sum", [file]).stdout == before)
        #expect(scene.tap.sent.isEmpty)
    }
}
