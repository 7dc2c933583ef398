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
        #expect(printed.first?.hasPrefix("handprobe: ") == true, "\(printed)")
        let words = (["handprobe"] + arguments).map { $0.contains("\\") ? "'\($0)'" : $0 }
        return ["$ \(words.joined(separator: " "))"] + printed.drop { $0.isEmpty || $0.hasPrefix("handprobe: ") }
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
        // What stays on the screen: a line that says what is waited for is erased before the next one is written.
        return program.lines().map { $0.split(separator: "\u{1B}[K", omittingEmptySubsequences: false).last ?? "" }
            .map(String.init)
    }

    /// Linux at the other end of a link that takes 5 ms each way. Where `told` is given, the server closes once the program
    /// has printed that.
    static func linux(
        _ name: String,
        _ command: String...,
        behavior: TestServer.Behavior?,
        told: String? = nil,
        rules: @escaping @Sendable () -> [LinkRule] = { [] }
    ) -> HandshakeLadder {
        HandshakeLadder(name: name, command: command, target: "10.77.0.2:7") { arguments in
            let distant = Impairment(delay: .milliseconds(5))
            let testbed = try Testbed.impaired(towardsPeer: distant, towardsUs: distant, rules: rules())
            try testbed.peer.sysctl("net.ipv4.tcp_rmem", "4096 131072 6291456")
            let server = try behavior.map { try TestServer($0, in: testbed, port: 7) }
            return try watch(arguments, in: testbed.us) { program in
                guard let told else { return }
                _ = try program.waitForLine { $0.contains(told) }
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

    /// A client of Linux on loopback, which connects and closes when it is connected.
    static func client(_ name: String, _ command: String...) -> HandshakeLadder {
        HandshakeLadder(name: name, command: command, target: "8080") { arguments in
            let namespace = try NetworkNamespace()
            return try watch(arguments, in: namespace) { program in
                _ = try program.waitForLine { $0.contains("waiting for a client") }
                let client = try TestClient(to: SocketAddress(.v4(.loopback), port: 8080), in: namespace)
                client.endSending()
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

    /// Those of the document.
    static let all = usual + otherOpenings + otherClosings + memories

    /// What peers and links do by themselves.
    private static let usual: [HandshakeLadder] = [
        .linux("open", "open", "--end", "rst", behavior: .neverCloses),
        .linux("lost-syn", "open", "--end", "rst", behavior: .neverCloses, rules: { [.dropSYN()] }),
        .linux("lost-syn-ack", "open", "--end", "rst", behavior: .neverCloses, rules: LinkRule.loseSYNACK),
        .linux("lost-ack", "open", "--end", "rst", behavior: .neverCloses, rules: { [.dropThirdACK(2)] }),
        .linux("deferred-accept", "open", behavior: .defersAcceptAndClosesLate, told: "half-closed from here"),
        .client("simultaneous-open", "listen", "--answer", "simultaneous", "--close", "second"),
        .client("split", "listen", "--answer", "split", "--close", "second"),
        .linux("refused", "open", behavior: nil),
        .scripted("silent", "open", behavior: .silent),
        .linux("close-four", "close", behavior: .closesLate, told: "half-closed from here"),
        .lwip("close-three", "close", service: .echo),
        .lwip("half-closed", "close", "--send", "hello\\n", service: .closesLate),
        .lwip("peer-first", "close", "--send", "hello\\n", service: .answersAndCloses),
        .scripted("simultaneous-close", "close", behavior: .simultaneousClose),
        .lwip("reset", "close", service: .resets),
        .linux("never-closes", "close", "--wait", "500ms", behavior: .neverCloses),
        .linux(
            "lost-fin", "close", behavior: .closesLate, told: "half-closed from here",
            rules: { [.dropFIN(.towardsPeer)] }),
        .linux(
            "lost-last-ack", "close", behavior: .closesLate, told: "half-closed from here", rules: { [.dropLastACK()] }),
    ]

    /// What we do on purpose while opening.
    private static let otherOpenings: [HandshakeLadder] = [
        .linux("withheld-ack", "open", "--withhold-ack", "--wait", "5s", "--end", "rst", behavior: .neverCloses),
        .linux("wrong-ack", "open", "--wrong-ack", "1", "--end", "rst", behavior: .neverCloses),
        .linux(
            "data-on-syn", "open", "--data-on", "syn", "--send", "hello\\n", "--end", "rst", behavior: .neverCloses),
        .linux("fin-on-ack", "open", "--fin-on", "ack", behavior: .closesLate, told: "half-closed from here"),
    ]

    /// What we do on purpose while closing.
    private static let otherClosings: [HandshakeLadder] = [
        .lwip("half-close", "close", "--half-close", "--send", "hello\\n", service: .closesLate),
        .linux(
            "fin-before-data", "close", "--fin-before-data", "--send", "hello\\n", behavior: .closesLate,
            told: "half-closed from here"),
        .linux(
            "withheld-last-ack", "close", "--withhold-last-ack", "--wait", "1s", behavior: .closesLate,
            told: "half-closed from here"),
        .linux("data-after-fin", "close", "--data-after-fin", "more\\n", behavior: .closesAtOnce),
        .linux(
            "data-after-rst", "close", "--data-after-fin", "more\\n", "--data-after-rst", "still\\n",
            behavior: .hangsUpAtOnce),
        .linux("abort-exact", "close", "--abort", "exact", behavior: .neverCloses),
        .linux("abort-window", "close", "--abort", "window", behavior: .closesLate, told: "half-closed from here"),
        .linux("abort-outside", "close", "--abort", "outside", behavior: .closesLate, told: "half-closed from here"),
    ]

    /// How long somebody remembers.
    private static let memories: [HandshakeLadder] = [
        .linux("hold", "open", "--hold", "1s", "--end", "rst", behavior: .neverCloses),
        .linux(
            "find-idle-timeout", "open", "--find-idle-timeout", "2s", "--end", "rst", behavior: .neverCloses),
        .linux("time-wait", "close", "--measure", "time-wait", "--wait", "2s", behavior: .closesAtOnce),
    ]
}

extension TestServer.Behavior {
    /// Closes both directions at once after accepting.
    fileprivate static let hangsUpAtOnce = {
        var behavior = TestServer.Behavior.closesAtOnce
        behavior.hangsUp = true
        return behavior
    }()

    /// Is told of a connection only when something comes on it, and closes when it is told to.
    fileprivate static let defersAcceptAndClosesLate = {
        var behavior = TestServer.Behavior.defersAccept
        behavior.closing = .whenTold
        return behavior
    }()
}
