import HandprobeTestKit
import HandprobeWire

extension HandshakeLadder {
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
        .client("late", "listen", "--answer", "late", "--close", "second"),
        .client("wrong-syn-ack", "listen", "--answer", "wrong-ack", "--close", "second"),
        .client("refuse", "listen", "--answer", "rst"),
        .client("drop", "listen", "--answer", "drop", "--timeout", "1500ms"),
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

    /// Linux as the server of TCP Fast Open, for every listener (0x2 and 0x400), with a key that makes the cookie always the same.
    private static let fastOpen = [
        "net.ipv4.tcp_fastopen": "1026", "net.ipv4.tcp_fastopen_key": "00000000-00000000-00000000-00000001",
    ]

    /// What we do on purpose while opening.
    private static let otherOpenings: [HandshakeLadder] = [
        .linux("as", "open", "--as", "windows", "--end", "rst", behavior: .neverCloses),
        .like("like", "open", "--like", "client.pcap", "--end", "rst"),
        .linux(
            "unknown-option", "open", "--options", "mss=1460,sackok,nop,nop,kind-253=f989cafe0102", "--end", "rst",
            behavior: .neverCloses),
        .linux(
            "ecn", "open", "--ecn", "--end", "rst", behavior: .neverCloses, settings: ["net.ipv4.tcp_ecn": "1"]),
        .scripted("accecn", "open", "--accecn", "--end", "rst", behavior: .accurateECN),
        .linux("mptcp", "open", "--mptcp", "--end", "rst", behavior: .neverCloses),
        .linux("tfo", "open", "--tfo", "--end", "rst", behavior: .neverCloses, settings: fastOpen),
        .linux(
            "tfo-data", "open", "--tfo-cookie", "078f3470916050b0", "--data-on", "syn", "--send", "hello\\n", "--end",
            "rst",
            behavior: .neverCloses, settings: fastOpen),
        .linux("md5", "open", "--md5", "secret", "--end", "rst", behavior: .signs(Array("secret".utf8))),
        .linux("twice-syn", "open", "--twice", "syn", "--end", "rst", behavior: .neverCloses),
        .linux("data-on-ack", "open", "--data-on", "ack", "--send", "hello\\n", "--end", "rst", behavior: .neverCloses),
        .linux("withheld-ack", "open", "--withhold-ack", "--wait", "5s", "--end", "rst", behavior: .neverCloses),
        .linux("wrong-ack", "open", "--wrong-ack", "1", "--end", "rst", behavior: .neverCloses),
        .linux(
            "data-on-syn", "open", "--data-on", "syn", "--send", "hello\\n", "--end", "rst", behavior: .neverCloses),
        .linux("fin-on-ack", "open", "--fin-on", "ack", behavior: .closesLate, told: "half-closed from here"),
    ]

    /// What we do on purpose while closing.
    private static let otherClosings: [HandshakeLadder] = [
        .lwip("first-peer", "close", "--first", "peer", "--send", "hello\\n", service: .answersAndCloses),
        .linux(
            "crossed", "close", "--simultaneous", "--send", "hello\\n", behavior: .closesLate,
            told: "confirms 6 octets",
            after: .milliseconds(100)),
        .lwip("fin-on-data", "close", "--fin-on", "data", "--send", "hello\\n", service: .echo),
        .linux("twice-fin", "close", "--twice", "fin", behavior: .closesLate, told: "half-closed from here"),
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
        .client(
            "close-crossed", "listen", "--speak", "first", "--send", "bye\\n", "--close", "simultaneous",
            hears: "bye\n",
            told: "withheld: "),
        .client(
            "close-rst", "listen", "--speak", "first", "--send", "bye\\n", "--close", "rst", hears: "bye\n",
            closes: false),
        .linux("abort-exact", "close", "--abort", "exact", behavior: .neverCloses),
        .linux("abort-window", "close", "--abort", "window", behavior: .closesLate, told: "half-closed from here"),
        .linux("abort-outside", "close", "--abort", "outside", behavior: .closesLate, told: "half-closed from here"),
    ]

    /// How long somebody remembers.
    private static let memories: [HandshakeLadder] = [
        .linux("hold", "open", "--hold", "1s", "--end", "rst", behavior: .neverCloses),
        .linux(
            "find-idle-timeout", "open", "--find-idle-timeout", "2s", "--end", "rst", behavior: .neverCloses),
        .linux(
            "idle-closed", "open", "--hold", "30s", behavior: .closesLate, told: "left alone for",
            after: .milliseconds(500)),
        .linux("fin-wait-2", "close", "--measure", "fin-wait-2", "--wait", "2s", behavior: .closesAtOnce),
        .linux(
            "same-sockets", "open", "-c", "2", "-i", "100ms", "--same-port", "--end", "peer", "--send", "hello\\n",
            behavior: .closesFirst(after: Array("bye\n".utf8))),
        .linux(
            "same-sockets-challenged", "open", "-c", "2", "-i", "100ms", "--same-port", "--end", "peer", "--send",
            "hello\\n", "--no-timestamps", "--isn", "1000",
            behavior: .closesFirst(after: Array("bye\n".utf8))),
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

extension EdgeBehavior {
    /// Agrees to accurate ECN: CWR alone says that the SYN arrived as not ECN-capable (RFC 9768 §3.1.1, table 2).
    fileprivate static let accurateECN = EdgeBehavior.synAck("accurateECN") { template in
        template.flags = [.syn, .ack, .cwr]
    }
}
