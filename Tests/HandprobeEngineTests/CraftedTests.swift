import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// One crafted segment through the whole engine: what leaves, what comes back, and how it ends.
@Suite("Engine: send")
struct CraftedTests {
    private let flow = EngineRun.flow

    private func plan(_ flags: TCPFlags, shape: (inout SegmentTemplate) -> Void = { _ in }) -> CraftedPlan {
        var template = SegmentTemplate()
        template.flags = flags
        template.seq = EngineRun.ourISS
        template.ack = SequenceNumber(12345)
        template.ip.identification = 7
        shape(&template)
        let packet = OutgoingPacket(
            octets: template.packet(from: flow.local, to: flow.remote), destination: flow.remote)
        var segment = TCPSegment(seq: EngineRun.ourISS, flags: flags)
        segment.header.acknowledgmentNumber = SequenceNumber(12345)
        return CraftedPlan(flow: flow, packet: packet, segment: segment, shape: PacketShape(), wait: .seconds(1))
    }

    private func run(_ plan: CraftedPlan, _ answer: @escaping (TCPSegment) -> [TCPSegment]) throws -> (
        EngineRun, Verdict
    ) {
        let run = EngineRun()
        let link = MemoryLink(flow: flow, peer: ScriptedPeer(answer))
        let start = link.now
        run.run(plan, over: link)
        #expect(link.now.since(start) >= .seconds(1), "it listens for the whole wait")
        return (run, try #require(run.verdict))
    }

    @Test func ackToAPortWithoutConnection() throws {
        let (run, verdict) = try run(plan(.ack)) { [TCPSegment(seq: $0.ack, flags: .rst)] }
        #expect(verdict.outcome == .asExpected)
        #expect(verdict.findings.map(\.code) == [.closedPortAnswer])
        #expect(run.sent.count == 1)
    }

    @Test func synAckIsEndedByItsExactReset() throws {
        let (run, verdict) = try run(plan(.syn)) { segment in
            segment.flags.contains(.rst) ? [] : [TCPSegment(seq: EngineRun.theirISS, ack: segment.end, flags: .syn)]
        }
        #expect(verdict.outcome == .asExpected)
        #expect(run.sent.last == "R 1:1(0)")
    }

    @Test func unansweredSynIsReleased() throws {
        let (run, verdict) = try run(plan(.syn)) { _ in [] }
        #expect(verdict.outcome == .noAnswer)
        #expect(verdict.headline.contains("within 1.000 s"))
        #expect(run.sent.last == "R 1:1(0)")
    }

    /// Nobody has taken it, so nobody is to be released.
    @Test(arguments: [0, 1, 2, 3])
    func brokenSynIsShownAndNotReleased(kind: Int) throws {
        let plan = plan(.syn) {
            switch kind {
            case 0: $0.badChecksum = true
            case 1: $0.ip.length = 20
            case 2: $0.dataOffset = 15
            default: $0.ip.checksum = 1
            }
        }
        let (run, verdict) = try run(plan) { _ in [] }
        #expect(run.sent.count == 1)
        #expect(verdict.findings.map(\.code) == [.silenceExpected])
        #expect(verdict.outcome == .asExpected)
        guard case .segment(let observed)? = run.events.first?.kind else {
            Issue.record("the crafted packet is not the first event")
            return
        }
        #expect(observed.origin == .us && observed.flaw != nil && observed.segment.seq == EngineRun.ourISS)
        #expect(observed.frame == plan.packet.octets)
    }

    @Test func resetIsNeverAnswered() throws {
        let (run, verdict) = try run(plan(.rst)) { _ in [] }
        #expect(verdict.findings.map(\.code) == [.silenceExpected])
        #expect(run.sent.count == 1)
    }

    /// A SYN-ACK whose data offset points beyond its packet: shown, and the connection waits for a better one.
    @Test func connectionDoesNotActUponAMalformedSegment() throws {
        var answers = 0
        let peer = ScriptedPeer { segment in
            guard segment.flags == .syn else { return [] }
            answers += 1
            var synAck = TCPSegment(seq: EngineRun.theirISS, ack: segment.end, flags: .syn)
            if answers == 1 {
                synAck.header.dataOffset = 15
                return [synAck]
            }
            return [TCPSegment(seq: SequenceNumber(0), ack: segment.end, flags: .rst)]
        }
        let run = EngineRun()
        run.run(EngineRun.plan(), over: MemoryLink(flow: flow, peer: peer))
        #expect(run.sent == ["S 0:0(0)", "S 0:0(0)"])
        let verdict = try #require(run.verdict)
        #expect(verdict.findings.map(\.code).contains(.malformedSegment))
        #expect(verdict.findings.map(\.code).contains(.refused))
    }
}
