import FoundationEssentials
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// A ladder of `Docs/handshakes.md`: a command, who answers it, and how it is played.
struct HandshakeLadder: Sendable {
    /// What the document calls it.
    var name: String
    /// The command as a person types it, without the target.
    var command: [String]
    /// What is probed.
    var target: String
    /// Plays it at a terminal and returns the lines that were printed.
    var play: @Sendable (_ arguments: [String]) throws -> [String]

    /// The lines of the document: the command, then what it printed, without the first lines, which name this machine.
    func lines() throws -> [String] {
        let arguments = [command[0], target] + command.dropFirst()
        let printed = try play(arguments)
        #expect(printed.first.map(Self.namesMachine) == true, "\(printed)")
        let words = (["handprobe"] + arguments).map { $0.contains("\\") ? "'\($0)'" : $0 }
        return ["$ \(words.joined(separator: " "))"] + printed.drop { $0.isEmpty || Self.namesMachine($0) }
    }

    /// True for the line with our port, the interface and the guard, and for those that say where it listens.
    private static func namesMachine(_ line: String) -> Bool {
        line.hasPrefix("handprobe: ") && !line.hasPrefix("handprobe: our SYN ")
    }

    private static func watch(
        _ arguments: [String],
        in namespace: NetworkNamespace,
        _ during: (Subprocess) throws -> Void = { _ in }
    ) throws -> [String] {
        // What both kernels offer does not depend on this machine's memory.
        try namespace.sysctl("net.ipv4.tcp_rmem", "4096 131072 6291456")
        let program = try Program.start(arguments, in: namespace, streams: .terminal(columns: 100, rows: 60))
        try during(program)
        try program.wait(limit: .seconds(60))
        return shown(program)
    }

    /// What stays on the screen: a line that says what is waited for is erased before the next one is written.
    private static func shown(_ program: Subprocess) -> [String] {
        program.lines().map { $0.split(separator: "\u{1B}[K", omittingEmptySubsequences: false).last ?? "" }
            .map(String.init)
    }

    /// Linux at the other end of a link that takes 5 ms each way. Where `told` is given, the server closes a while
    /// after the program has printed that.
    static func linux(
        _ name: String,
        _ command: String...,
        behavior: TestServer.Behavior?,
        told: String? = nil,
        after pause: Duration = .zero,
        settings: [String: String] = [:],
        rules: @escaping @Sendable () -> [LinkRule] = { [] }
    ) -> HandshakeLadder {
        HandshakeLadder(name: name, command: command, target: "10.77.0.2:7") { arguments in
            let distant = Impairment(delay: .milliseconds(5))
            let testbed = try Testbed.impaired(towardsPeer: distant, towardsUs: distant, rules: rules())
            try testbed.peer.sysctl("net.ipv4.tcp_rmem", "4096 131072 6291456")
            for (name, value) in settings { try testbed.peer.sysctl(name, value) }
            let server = try behavior.map { try TestServer($0, in: testbed, port: 7) }
            return try watch(arguments, in: testbed.us) { program in
                guard let told else { return }
                _ = try program.waitForLine { $0.contains(told) }
                let since = Instant.now
                try waitUntil("some time has passed") { Instant.now.since(since) >= pause }
                server?.closeNow()
            }
        }
    }

    /// lwIP, whose application answers within TCP itself: what belongs together comes in one segment.
    static func lwip(_ name: String, _ command: String..., service: ForeignService) -> HandshakeLadder {
        HandshakeLadder(name: name, command: command, target: "10.77.0.2:\(service.lwipPort)") { arguments in
            let host = try LwipHost(try LwipServer.path)
            return try watch(arguments, in: host.us)
        }
    }

    /// A client of Linux on loopback, which connects if it can, hears `speech`, closes once the program has printed `told`,
    /// or leaves that to us, and waits for the end.
    static func client(
        _ name: String,
        _ command: String...,
        hears speech: String = "",
        told: String? = nil,
        closes: Bool = true
    ) -> HandshakeLadder {
        HandshakeLadder(name: name, command: command, target: "8080") { arguments in
            let namespace = try NetworkNamespace()
            return try watch(arguments, in: namespace) { program in
                _ = try program.waitForLine { $0.contains("waiting for a client") }
                let address = SocketAddress(.v4(.loopback), port: 8080)
                guard let client = try? TestClient(to: address, in: namespace, limit: .seconds(3)) else { return }
                _ = try client.receive(speech.utf8.count)
                if let told { _ = try program.waitForLine { $0.contains(told) } }
                if closes { client.endSending() }
                _ = try client.receiveAll()
            }
        }
    }

    /// A scripted peer, for what no kernel does when it is asked to.
    static func scripted(_ name: String, _ command: String..., behavior: EdgeBehavior) -> HandshakeLadder {
        HandshakeLadder(name: name, command: command, target: "10.77.0.2:7") { arguments in
            let peer = try EdgePeer(behavior)
            return try watch(arguments, in: peer.us)
        }
    }

    /// Linux as in `linux`, and beside it a capture of a SYN that an older Windows sends.
    static func like(_ name: String, _ command: String...) -> HandshakeLadder {
        var ladder = HandshakeLadder(name: name, command: command, target: "10.77.0.2:7", play: { _ in [] })
        ladder.play = { arguments in
            let distant = Impairment(delay: .milliseconds(5))
            let testbed = try Testbed.impaired(towardsPeer: distant, towardsUs: distant)
            for end in [testbed.us, testbed.peer] { try end.sysctl("net.ipv4.tcp_rmem", "4096 131072 6291456") }
            let server = try TestServer(.neverCloses, in: testbed, port: 7)
            let folder = try TemporaryFolder()
            try Data(capturedSyn).write(to: URL(filePath: "\(folder.path)/client.pcap"))
            let shell = ["-c", "cd '\(folder.path)' && exec \"$0\" \"$@\"", Program.path] + arguments
            let program = try Subprocess(
                "sh", shell, in: testbed.us, environment: Program.environment,
                streams: .terminal(columns: 100, rows: 60))
            try program.wait(limit: .seconds(60))
            withExtendedLifetime(server) {}
            return shown(program)
        }
        return ladder
    }

    /// A capture file with one frame, which begins with the IP header (link type 101).
    private static let capturedSyn: [UInt8] = {
        var syn = SegmentTemplate()
        syn.flags = .syn
        syn.window = 8192
        syn.options = TCPOptions(octets: [2, 4, 0x05, 0xB4, 1, 3, 3, 8, 1, 1, 4, 2])
        syn.ip.hopLimit = 128
        syn.ip.identification = 7
        // 192.0.2.1 and .2
        let client = SocketAddress(.v4(IPv4Address(0xC000_0201)), port: 49152)
        let packet = syn.packet(from: client, to: SocketAddress(.v4(IPv4Address(0xC000_0202)), port: 80))
        let length = [UInt8(packet.count), 0, 0, 0]
        let fileHeader: [UInt8] = [
            0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 101, 0, 0, 0,
        ]
        return fileHeader + [UInt8](repeating: 0, count: 8) + length + length + packet
    }()
}
