import HandprobeTestKit
import HandprobeWire
import Testing

/// The program against stacks that are not Linux's. What they do differently is not written here: it must come out of
/// every run as a witness of another's making saw it.
struct ForeignExercises {
    var scene: @Sendable (ForeignService, IPAddress.Family) throws -> ForeignScene

    /// The flags of the first segment of the peer.
    private func answer(_ seen: [SegmentFacts]) -> String? { seen.first { !$0.isOurs }?.flags }

    /// One that answers only what it is told does not come into play where nothing is said.
    static let silentServices = ForeignService.allCases.filter { $0 != .answersAndCloses }

    func opens(_ service: ForeignService, _ family: IPAddress.Family) throws {
        let scene = try scene(service, family)
        let (run, seen) = try scene.run("open", "--wait", "600ms")
        guard service != .nothing else {
            #expect(run.exitCode == 1 && run.codes == ["refused"], "\(run.text)")
            #expect(answer(seen) == "R.")
            return
        }
        #expect(answer(seen) == "S.", "\(run.text)")
        #expect(run.headline.contains("opened in three segments") || run.exitCode == 1, "\(run.text)")
        // The question acknowledges an octet that the peer has not sent; where a bare ACK answered it, that is the proof.
        let next = seen.first { !$0.isOurs }.map { $0.end &+ 1 }
        let asked = try #require(seen.firstIndex { $0.isOurs && $0.ack == next && $0.length == 0 }, "\(run.text)")
        let reply = try #require(seen[asked...].first { !$0.isOurs }, "\(run.text)")
        if reply.flags == ".", seen.allSatisfy({ $0.isOurs || $0.length == 0 }) {
            #expect(run.proof == "challenge-answered", "\(run.text)")
        }
        try expectEnd(service, scene, run, seen)
    }

    func closes(_ service: ForeignService, _ family: IPAddress.Family) throws {
        let scene = try scene(service, family)
        let (run, seen) = try scene.run("close", "--send", "hello", "--wait", "600ms")
        guard service != .nothing else { return #expect(run.codes == ["refused"], "\(run.text)") }
        let octets = Set(seen.filter { !$0.isOurs && $0.length > 0 }.flatMap { $0.seq..<$0.seq &+ UInt32($0.length) })
        switch service {
        case .echo, .closesLate: #expect(octets.count == 5, "\(run.text)")
        case .closesFirst, .answersAndCloses: #expect(octets.count == 4, "\(run.text)")
        default: #expect(octets.isEmpty, "\(run.text)")
        }
        try expectEnd(service, scene, run, seen, received: 5)
    }

    private func expectEnd(
        _ service: ForeignService,
        _ scene: ForeignScene,
        _ run: ProbeRecord,
        _ seen: [SegmentFacts],
        received: Int = 0
    ) throws {
        switch service {
        case .echo, .closesLate, .closesFirst, .answersAndCloses:
            #expect(run.exitCode == 0, "\(run.text)")
            #expect(seen.allSatisfy { !$0.flags.contains("R") }, "\(run.text)")
        case .neverCloses:
            #expect(run.exitCode == 1 && run.codes.contains("peer-never-closed"), "\(run.text)")
            #expect(run.headline.contains("reset by us at exactly SND.NXT, confirmed"), "\(run.text)")
        case .resets:
            #expect(run.exitCode == 1 && run.codes.contains("reset-after-fin"), "\(run.text)")
        case .nothing: break
        }
        try scene.expectApplicationSaw(reset: false, received: received)
        try scene.expectForgotten(seen)
    }

    func endsByReset(_ family: IPAddress.Family) throws {
        let scene = try scene(.neverCloses, family)
        let (run, seen) = try scene.run("open", "--end", "rst")
        #expect(run.exitCode == 0, "\(run.text)")
        #expect(run.headline.contains("reset by us at exactly SND.NXT, confirmed"), "\(run.text)")
        // What confirms it is a RST that answers what followed ours.
        #expect(seen.last { !$0.isOurs }?.flags.contains("R") == true, "\(run.text)")
        try scene.expectApplicationSaw(reset: true)
        try scene.expectForgotten(seen)
    }

    /// One segment of every kind to a port, open or not.
    func answersCrafted(_ service: ForeignService, _ family: IPAddress.Family) throws {
        for flags in ["A", "F", "none", "SF", "SR", "SA", "FPU", "SU", "S"] {
            let scene = try scene(service, family)
            let (run, seen) = try scene.run("send", "--flags", flags, "--wait", "300ms")
            let sent = try #require(seen.first, "\(run.text)")
            #expect(sent.isOurs)
            let answer = seen.dropFirst().first { !$0.isOurs }
            #expect(Set(run.codes) == Set(CraftedAnswer.codes(for: sent, answeredBy: answer)), "\(flags): \(run.text)")
            // What has been provoked is ended.
            if answer?.flags == "S." { #expect(seen.last?.flags == "R", "\(flags): \(run.text)") }
            try scene.expectForgotten(seen)
        }
    }

    /// A segment put in place of our third one, or of the question that follows it: it finds the peer in SYN-RECEIVED, or
    /// synchronised.
    func standsOddSegments(_ family: IPAddress.Family, afterThird: Bool) throws {
        let odd = [
            "F. 1:1(0) ack 1", "R 100000:100000(0)", "R 1000:1000(0)", "S. 0:0(0) ack 1",
        ]
        for segment in odd {
            let scene = try scene(.echo, family)
            let before = afterThird ? ["", ""] : [""]
            let (run, seen) = try scene.run("open", "--wait", "2s", answers: before + ["c \(segment) win 1000", "g"])
            let put = seen.filter(\.isOurs).dropFirst(before.count).first
            #expect(put?.window == 1000, "\(segment): \(run.text)")
            try scene.expectForgotten(seen)
        }
    }
}

/// lwIP, as Debian builds it.
@Suite(.blocks, Needs.namespaces, Needs.lwip, Needs.outsideObserver)
struct LwipTests {
    private let exercises = ForeignExercises { try ForeignScene(lwip: $0, $1) }

    @Test(arguments: ForeignExercises.silentServices, bothFamilies)
    func opens(service: ForeignService, family: IPAddress.Family) throws { try exercises.opens(service, family) }

    @Test(arguments: ForeignService.allCases, bothFamilies)
    func closes(service: ForeignService, family: IPAddress.Family) throws { try exercises.closes(service, family) }

    @Test(arguments: bothFamilies)
    func endsByReset(family: IPAddress.Family) throws { try exercises.endsByReset(family) }

    @Test(arguments: [ForeignService.echo, .nothing], bothFamilies)
    func answersCrafted(service: ForeignService, family: IPAddress.Family) throws {
        try exercises.answersCrafted(service, family)
    }

    @Test(arguments: [false, true], bothFamilies)
    func standsOddSegments(afterThird: Bool, family: IPAddress.Family) throws {
        try exercises.standsOddSegments(family, afterThird: afterThird)
    }

    /// It sends with the highest hop limit, which passes the guard that everybody has: the others must hold.
    @Test(arguments: bothFamilies)
    func passesTheHopLimitAndNoOtherGuard(family: IPAddress.Family) throws {
        let scene = try ForeignScene(lwip: .echo, family)
        let (run, seen) = try scene.run("open")
        #expect(seen.allSatisfy { $0.isOurs || $0.hopLimit == 255 }, "\(run.text)")
        #expect(run.guards.contains("md5") || run.guards.contains("filter"), "\(run.text)")
        #expect(!run.codes.contains("guard-breached"), "\(run.text)")
    }
}

/// libslirp between us and servers on another namespace's loopback.
@Suite(.blocks, Needs.namespaces, Needs.slirp, Needs.outsideObserver)
struct SlirpTests {
    private let exercises = ForeignExercises { try ForeignScene(slirp: $0, $1) }

    @Test(arguments: ForeignExercises.silentServices, bothFamilies)
    func opens(service: ForeignService, family: IPAddress.Family) throws { try exercises.opens(service, family) }

    @Test(arguments: ForeignService.allCases, bothFamilies)
    func closes(service: ForeignService, family: IPAddress.Family) throws { try exercises.closes(service, family) }

    @Test(arguments: bothFamilies)
    func endsByReset(family: IPAddress.Family) throws { try exercises.endsByReset(family) }

    @Test(arguments: [ForeignService.echo, .nothing], bothFamilies)
    func answersCrafted(service: ForeignService, family: IPAddress.Family) throws {
        try exercises.answersCrafted(service, family)
    }

    @Test(arguments: [false, true], bothFamilies)
    func standsOddSegments(afterThird: Bool, family: IPAddress.Family) throws {
        try exercises.standsOddSegments(family, afterThird: afterThird)
    }
}
