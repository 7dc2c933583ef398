import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Firewalls, in the peer's own namespace or on the router before it.
@Suite(.blocks, Needs.namespaces, Needs.program("nft"))
struct FilterTests {
    @Test(arguments: bothFamilies)
    func aSilentHostIsNoAnswer(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, nil)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) drop")
        let run = try scene.run("open", "--timeout", "300ms")
        #expect(run.exitCode == 2, "\(run.stdout)")
        #expect(run.conclusion.contains("[no-answer, post-syn]"), "\(run.stdout)")
        #expect(scene.ourSyns.count == 1)
        #expect(scene.theirs.isEmpty)
        // A host that heard our SYN may hold a request for it, so we take it back.
        try scene.expectGoodManners(run, resets: 1)
    }

    @Test func aSilentHostGetsThreeSynsInSevenSeconds() throws {
        let scene = try Scene(.veth4, nil)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) drop")
        let run = try scene.run("open")
        #expect(run.exitCode == 2, "\(run.stdout)")
        #expect(run.conclusion.contains("[no-answer, post-syn]"), "\(run.stdout)")
        let sent = scene.tap.frames.filter { $0.outgoing && $0.tcp != nil }
        let syns = sent.filter { $0.tcp?.flags == .syn }
        try #require(syns.count == 3)
        #expect(syns[1].time.since(syns[0].time) >= .milliseconds(990))
        #expect(syns[2].time.since(syns[1].time) >= .milliseconds(1990))
        #expect(Set(syns.compactMap { $0.tcp?.seq }).count == 1)
        let clocks = syns.compactMap { $0.tcp?.timestamp }
        #expect(clocks.count == 3)
        #expect(clocks[1] &- clocks[0] >= 990 && clocks[2] &- clocks[1] >= 1990)
        let last = try #require(sent.last)
        #expect(last.time.since(syns[0].time) >= .milliseconds(6990))
        try scene.expectGoodManners(run, resets: 1)
    }

    static let rejections: [(IPAddress.Family, String, type: UInt8, code: UInt8)] = [
        (.v4, "icmp type net-unreachable", 3, 0), (.v4, "icmp type host-unreachable", 3, 1),
        (.v4, "icmp type prot-unreachable", 3, 2), (.v4, "icmp type port-unreachable", 3, 3),
        (.v4, "icmp type net-prohibited", 3, 9), (.v4, "icmp type host-prohibited", 3, 10),
        (.v4, "icmp type admin-prohibited", 3, 13), (.v6, "icmpv6 type no-route", 1, 0),
        (.v6, "icmpv6 type admin-prohibited", 1, 1), (.v6, "icmpv6 type addr-unreachable", 1, 3),
        (.v6, "icmpv6 type port-unreachable", 1, 4), (.v6, "icmpv6 type policy-fail", 1, 5),
        (.v6, "icmpv6 type reject-route", 1, 6),
    ]

    @Test(arguments: rejections)
    func aRejectionByThePeerIsNamed(family: IPAddress.Family, with: String, type: UInt8, code: UInt8) throws {
        let scene = try Scene(try Testbed.veth(), family, nil)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) reject with \(with)")
        let run = try scene.run("open", "--timeout", "1500ms")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[filtered-by-icmp, post-syn]"), "\(run.stdout)")
        #expect(run.conclusion.hasPrefix("the peer itself reports "), "\(run.stdout)")
        let errors = scene.tap.frames.compactMap(\.icmp).filter { $0.type == type && $0.code == code }
        #expect(!errors.isEmpty)
        try waitUntil("nothing is left") { try scene.leftAtPeer().isEmpty }
    }

    @Test(arguments: [
        (IPAddress.Family.v4, "icmp type admin-prohibited", "10.77.0.254"),
        (.v6, "icmpv6 type admin-prohibited", "fd77::fe"),
    ])
    func aRejectionByARouterNamesTheRouter(family: IPAddress.Family, with: String, router: String) throws {
        let scene = try Scene(try Testbed.routed(), family, .echo)
        try #require(scene.testbed?.router).filter(forward: "tcp dport \(scene.target.port) reject with \(with)")
        let run = try scene.run("open", "--timeout", "1500ms")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[filtered-by-icmp, post-syn]"), "\(run.stdout)")
        #expect(run.conclusion.contains(router), "\(run.stdout)")
        #expect(scene.server?.accepted == 0)
    }

    @Test(arguments: [(IPAddress.Family.v4, "10.77.0.254"), (.v6, "fd77::fe")])
    func aHopLimitThatRunsOutNamesTheRouter(family: IPAddress.Family, router: String) throws {
        let scene = try Scene(try Testbed.routed(), family, .echo)
        let run = try scene.run("open", "--ttl", "1", "--timeout", "1500ms")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[hop-limit-exceeded, post-syn]"), "\(run.stdout)")
        #expect(run.conclusion.contains(router), "\(run.stdout)")
        #expect(scene.server?.accepted == 0)
    }

    @Test(arguments: bothFamilies)
    func aRejectionByResetIsARefusal(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, nil)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) reject with tcp reset")
        let run = try scene.run("open")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[refused, post-syn]"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: bothFamilies)
    func anAnswerThatIsLostLeavesNoRequestAtThePeer(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, .echo)
        try scene.peer.filter(output: "tcp sport \(scene.target.port) tcp flags & (syn | ack) == syn | ack drop")
        let probe = try scene.start("open", ["--timeout", "1500ms"])
        try waitUntil("the peer holds a request") { try scene.leftAtPeer().map(\.state) == [.synReceived] }
        let run = try probe.wait()
        #expect(run.exitCode == 2, "\(run.stdout)")
        #expect(run.conclusion.contains("[no-answer, post-syn]"), "\(run.stdout)")
        #expect(scene.ourSyns.count == 2)
        try scene.expectGoodManners(run, resets: 1)
        #expect(scene.server?.accepted == 0)
    }

    /// A rule that drops only the first packet that matches.
    private static let once = "limit rate 1/day burst 1 packets drop"

    @Test(arguments: bothFamilies)
    func aLostThirdSegmentIsMadeUpFor(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, .echo)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) tcp flags == ack \(Self.once)")
        let run = try scene.run("open")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.lines.contains { $0.hasPrefix("finding  syn-ack-repeated: ") }, "\(run.stdout)")
        #expect(scene.theirs.filter { $0.flags == [.syn, .ack] }.count > 1)
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: bothFamilies)
    func aLostFinIsRepeated(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, .echo)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) tcp flags & fin == fin \(Self.once)")
        let run = try scene.run("close")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let fins = scene.ours.filter { $0.flags.contains(.fin) }
        #expect(fins.count == 2)
        #expect(Set(fins.map(\.seq)).count == 1)
        #expect(run.stdout.contains("our FIN    made at "))
        #expect(run.stdout.contains("ms, 2 attempts"), "\(run.stdout)")
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: bothFamilies)
    func aLostFinOfThePeerIsWaitedFor(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, .echo)
        try scene.peer.filter(output: "tcp sport \(scene.target.port) tcp flags & fin == fin \(Self.once)")
        let run = try scene.run("close")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.contains("closed in "), "\(run.stdout)")
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }

    @Test(Needs.patience)
    func aPeerThatFallsSilentIsLeftPolitely() throws {
        let scene = try Scene(.veth4, .closesLate)
        try scene.peer.filter(
            input: "tcp dport \(scene.target.port) tcp flags & fin == fin drop",
            output: "tcp sport \(scene.target.port) tcp flags & rst == rst drop"
        )
        let run = try scene.run("close", limit: .seconds(90))
        #expect(run.exitCode == 5, "\(run.stdout)")
        #expect(run.stdout.contains("fin-unacknowledged"), "\(run.stdout)")
        #expect(run.stdout.contains("goodbye-unconfirmed"), "\(run.stdout)")
        // Our RST did arrive: only its confirmation was lost.
        #expect(try #require(scene.server).waitUntil { $0.first?.sawReset == true }.count == 1)
    }
}

extension NetworkNamespace {
    /// Filters what comes in, goes out and is passed on.
    func filter(input: String = "", output: String = "", forward: String = "") throws {
        try nft(
            """
            table inet handprobe {
                chain input { type filter hook input priority 0; \(input.isEmpty ? "" : "\(input);") }
                chain output { type filter hook output priority 0; \(output.isEmpty ? "" : "\(output);") }
                chain forward { type filter hook forward priority 0; \(forward.isEmpty ? "" : "\(forward);") }
            }
            """
        )
    }
}

extension ObservedSegment {
    /// The sender's clock in the timestamps option, where options stand as Linux puts them into a SYN.
    var timestamp: UInt32? {
        guard let kind = options.indices.first(where: { options[$0...].starts(with: [8, 10]) }),
            kind + 6 <= options.count
        else { return nil }
        return options[kind + 2..<kind + 6].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
