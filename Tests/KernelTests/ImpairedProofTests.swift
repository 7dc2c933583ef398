import HandprobeTestKit
import HandprobeWire
import Testing

/// The proof that a connection is open: it fails when it should, and each kind is named for what it is.
@Suite(.blocks, Needs.namespaces)
struct ImpairedProofTests {
    @Test(arguments: [1, 2])
    func thirdAckLost(segments: Int) throws {
        let scene = try ImpairedScene(rules: [.dropThirdACK(segments)])
        let run = try scene.run(["open"])
        #expect(run.exitCode == 0, "\(run.text)")
        #expect(Set(run.report.codes) == ["syn-ack-repeated", "retransmitted-by-peer"], "\(run.text)")
        #expect(run.report.conclusion.contains("proved open by the peer's challenge ACK"), "\(run.text)")
        // Their SYN came, both times: it was our ACK that was lost.
        #expect(!run.text.contains("lost SYN"), "\(run.text)")
        // Not before the peer's kernel had our ACK, which is after it repeated its SYN-ACK.
        let proved = try #require(ImpairedRun.moment(after: "open proved at ", in: run.report.ledger("their SYN")))
        let start = try #require(run.ours.frames.first?.time)
        let repeated = try #require(run.ours.frames.last { $0.tcp?.flags.isSuperset(of: [.syn, .ack]) == true })
        #expect(proved > ImpairedRun.milliseconds(repeated.time.since(start)))
        run.ours.expectAgreement()
        try run.expectLedgerAgreement()
    }

    @Test func nothingButTheSynArrives() throws {
        let rule = LinkRule.segments(.towardsPeer, 1...Int.max, .drop) { !$0.flags.contains(.syn) }
        let scene = try ImpairedScene(rules: [rule])
        let run = try scene.run(["open", "--end", "rst"])
        #expect(run.exitCode == 5, "\(run.text)")
        #expect(run.report.conclusion.contains("[not-proved-open, post-ack]"), "\(run.text)")
        #expect(run.report.conclusion.contains("degraded: "), "\(run.text)")
        #expect(
            Set(run.report.codes)
                == ["syn-ack-repeated", "retransmitted-by-peer", "not-proved-open", "goodbye-unconfirmed"],
            "\(run.text)")
        #expect(run.report.ledger("their SYN").contains("open not proved"), "\(run.text)")
        #expect(scene.server.accepted == 0)
        run.ours.expectAgreement()
    }

    @Test(arguments: bothFamilies)
    func deferredAccept(family: IPAddress.Family) throws {
        let scene = try ImpairedScene(.defersAccept, family)
        let run = try scene.run(["open"])
        #expect(run.exitCode == 0, "\(run.text)")
        #expect(run.report.codes.contains("deferred-accept"), "\(run.text)")
        #expect(run.report.conclusion.contains("proved open by the peer's ACK of our FIN"), "\(run.text)")
        run.ours.expectAgreement()
    }

    @Test func namesTheAcknowledgmentOfOurOctets() throws {
        let scene = try ImpairedScene()
        let fin = try scene.run(["close"])
        #expect(fin.report.conclusion.contains("proved open by the peer's ACK of our FIN"), "\(fin.text)")
        let data = try scene.run(["close", "--send", "hello"])
        #expect(data.report.conclusion.contains("proved open by the peer's ACK of our data"), "\(data.text)")
    }

    @Test func namesTheAnswerToTheQuestion() throws {
        let scene = try ImpairedScene()
        let before = try KernelCounters.read(in: scene.testbed.peer)["TcpExt.TCPChallengeACK"] ?? 0
        let run = try scene.run(["open"])
        let after = try KernelCounters.read(in: scene.testbed.peer)["TcpExt.TCPChallengeACK"] ?? 0
        #expect(run.report.conclusion.contains("proved open by the peer's challenge ACK"), "\(run.text)")
        #expect(after == before + 1)
    }

    @Test(arguments: bothFamilies)
    func namesThePeersData(family: IPAddress.Family) throws {
        let scene = try EdgeScene(family) { _ in .speaksOnly }
        let run = try scene.run(["open", "--end", "rst"])
        #expect(run.report.conclusion.contains("[goodbye-unconfirmed, closing]"), "\(run.text)")
        #expect(run.report.conclusion.contains("proved open by data from the peer"), "\(run.text)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: bothFamilies)
    func silenceIsAWeakProof(family: IPAddress.Family) throws {
        let scene = try EdgeScene(family) { _ in .responder }
        let run = try scene.run(["open", "--end", "rst"])
        #expect(run.exitCode == 5, "\(run.text)")
        #expect(run.report.codes == ["proof-weak", "goodbye-unconfirmed"], "\(run.text)")
        #expect(run.report.conclusion.contains("weakly proved open by the absence"), "\(run.text)")
        #expect(!run.report.ledger("their SYN").contains("open proved"), "\(run.text)")
        try scene.expectGoodManners(run)
    }
}

extension EdgeBehavior {
    /// Greets after our third segment, and answers nothing else.
    static let speaksOnly = EdgeBehavior("speaksOnly") { segment, here, replies in
        guard !segment.isSYN else { return }
        replies = []
        guard here.step == 0 else { return }
        here.step = 1
        replies = [.segment(here.segment([.psh, .ack], payload: Array("220 ready".utf8)))]
        here.sndNxt += 9
    }
}
