import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// Frames to events: whose they are, whether they are as crafted, and what never left.
struct FlowRecorderTests {
    private let flow = Conversation().flow
    private let moment = Instant(nanoseconds: 5)

    private func packet(
        _ notation: String,
        fromPeer: Bool = false,
        ttl: UInt8 = 64,
        identification: UInt16 = 0,
        ports: (UInt16, UInt16)? = nil
    ) throws -> [UInt8] {
        var segment = try TCPSegment(notation: notation)
        let (source, destination) = fromPeer ? (flow.remote, flow.local) : (flow.local, flow.remote)
        segment.header.sourcePort = ports?.0 ?? source.port
        segment.header.destinationPort = ports?.1 ?? destination.port
        return v4(
            segment.octets(source: source.address, destination: destination.address),
            from: source.address,
            to: destination.address,
            ttl: ttl,
            identification: identification
        )
    }

    private func v4(
        _ body: [UInt8],
        from source: IPAddress,
        to destination: IPAddress,
        protocol number: UInt8 = 6,
        ttl: UInt8 = 64,
        identification: UInt16 = 0
    ) -> [UInt8] {
        guard case .v4(let source) = source, case .v4(let destination) = destination else { return [] }
        let header = IPv4Header(
            source: source,
            destination: destination,
            totalLength: UInt16(20 + body.count),
            identification: identification,
            timeToLive: ttl,
            protocolNumber: number
        )
        var octets = [UInt8](repeating: 0, count: 20)
        var span = octets.mutableSpan
        header.write(to: &span)
        return octets + body
    }

    private func icmp(quoting packet: [UInt8], from source: IPAddress) -> [UInt8] {
        var message: [UInt8] = [3, 13, 0, 0, 0, 0, 0, 0] + packet.prefix(28)
        var sum = InternetChecksum()
        sum.add(message.span)
        message[2] = UInt8(sum.value >> 8)
        message[3] = UInt8(sum.value & 0xFF)
        return v4(message, from: source, to: flow.local.address, protocol: 1)
    }

    private func captured(_ packet: [UInt8], by recorder: inout FlowRecorder, at time: Int64 = 100) -> Event? {
        let frame = CapturedFrame(
            range: 0..<packet.count,
            linkType: .raw,
            time: Timestamp(nanoseconds: time),
            originalLength: packet.count,
            interface: "eth0"
        )
        return recorder.observe(Dissection(packet: packet.span), of: frame, octets: packet)
    }

    private func segment(_ event: Event?) throws -> ObservedSegment {
        guard case .segment(let observed)? = event?.kind else {
            throw WrongEvent(event: event)
        }
        return observed
    }

    private struct WrongEvent: Error {
        var event: Event?
    }

    @Test func tellsDirectionFromAddressesAndPorts() throws {
        var recorder = FlowRecorder(flow: flow, patience: nil)
        let ours = try segment(captured(packet("S 7:7(0) win 1 <mss 1460>"), by: &recorder))
        #expect(ours.origin == .us)
        #expect(ours.checksum == .good)
        #expect(ours.interface == "eth0")
        #expect(ours.segment.options.maximumSegmentSize == 1460)
        #expect(ours.frame == (try packet("S 7:7(0) win 1 <mss 1460>")))
        #expect(try segment(captured(packet("S. 9:9(0) ack 8 win 1", fromPeer: true), by: &recorder)).origin == .peer)
        #expect(try captured(packet("S 7:7(0) win 1", ports: (40001, 80)), by: &recorder) == nil)
        #expect(try captured(packet("S 7:7(0) win 1", ports: (80, 40000)), by: &recorder) == nil)
        #expect(captured([0x45, 0, 0], by: &recorder) == nil)
        let other = v4([1, 2, 3, 4], from: flow.local.address, to: flow.remote.address, protocol: 17)
        #expect(captured(other, by: &recorder) == nil)
    }

    @Test func knowsWhatItWasTold() throws {
        var recorder = FlowRecorder(flow: flow)
        let syn = try packet("S 7:7(0) win 1 <mss 1460>")
        recorder.willSend(packet: syn, at: moment)
        // The raw socket fills in the identification.
        let left = try segment(captured(packet("S 7:7(0) win 1 <mss 1460>", identification: 99), by: &recorder))
        #expect(left.origin == .us)
        #expect(left.rewritten == [])
        #expect(recorder.unseenAtEnd(time: Timestamp(nanoseconds: 0)) == [])
    }

    @Test func saysWhatWasRewritten() throws {
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: try packet("S 7:7(0) win 1 <mss 1460>"), at: moment)
        let left = try segment(captured(packet("S 7:7(0) win 1 <mss 1400>", ttl: 63), by: &recorder))
        #expect(left.origin == .us)
        #expect(left.rewritten.map(\.field) == ["TTL", "TCP options"])
        #expect(left.rewritten.first == RewrittenField(field: "TTL", crafted: "64", left: "63"))
    }

    @Test func resetThatWeDidNotSendIsTheKernels() throws {
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: try packet("S 7:7(0) win 1"), at: moment)
        _ = try captured(packet("S 7:7(0) win 1"), by: &recorder)
        _ = try captured(packet("S. 9:9(0) ack 8 win 1", fromPeer: true), by: &recorder)
        #expect(try segment(captured(packet("R 8:8(0) win 0"), by: &recorder)).origin == .kernel)
    }

    /// The kernel's RST may be the same octets as ours: then there is one more than was handed over.
    @Test func oneResetTooManyIsTheKernels() throws {
        var recorder = FlowRecorder(flow: flow)
        let reset = try packet("R 8:8(0) win 0")
        recorder.willSend(packet: reset, at: moment)
        let origins = try (0..<2).map { _ in try segment(captured(reset, by: &recorder)).origin }
        #expect(origins == [.us, .kernel])
    }

    /// The first of two equal segments was lost on this machine; the second is not the first with a changed header.
    @Test func equalSegmentsAreToldByIdentification() throws {
        var recorder = FlowRecorder(flow: flow)
        for number: UInt16 in 1...2 {
            recorder.willSend(packet: try packet("S 7:7(0) win 1", identification: number), at: moment)
        }
        let left = try segment(captured(packet("S 7:7(0) win 1", identification: 2), by: &recorder))
        #expect(left.origin == .us)
        #expect(left.rewritten == [])
        #expect(recorder.unseenAtEnd(time: Timestamp(nanoseconds: 0)).count == 1)
    }

    @Test func readsIPv6() throws {
        let flow = Conversation(v6: true).flow
        var segment = try TCPSegment(notation: "S 7:7(0) win 1")
        segment.header.sourcePort = flow.local.port
        segment.header.destinationPort = flow.remote.port
        let body = segment.octets(source: flow.local.address, destination: flow.remote.address)
        guard case .v6(let source) = flow.local.address, case .v6(let destination) = flow.remote.address else { return }
        let header = IPv6Header(
            source: source, destination: destination, payloadLength: UInt16(body.count), hopLimit: 9)
        var octets = [UInt8](repeating: 0, count: 40)
        var span = octets.mutableSpan
        header.write(to: &span)
        var crafted = octets + body
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: crafted, at: moment)
        crafted[7] = 8
        let left = try self.segment(captured(crafted, by: &recorder))
        #expect(left.origin == .us)
        #expect(left.rewritten == [RewrittenField(field: "hop limit", crafted: "9", left: "8")])
    }

    @Test func secondCaptureOfOursIsNotTheKernels() throws {
        var recorder = FlowRecorder(flow: flow)
        let syn = try packet("S 7:7(0) win 1")
        recorder.willSend(packet: syn, at: moment)
        let origins = try (0..<2).map { _ in try segment(captured(syn, by: &recorder)).origin }
        #expect(origins == [.us, .us])
    }

    @Test func inAFileEveryLocalSegmentIsOurs() throws {
        var recorder = FlowRecorder(flow: flow, patience: nil)
        #expect(try segment(captured(packet("R 8:8(0) win 0"), by: &recorder)).origin == .us)
        #expect(recorder.unseen(at: Instant(nanoseconds: .max), time: Timestamp(nanoseconds: 0)) == [])
    }

    /// A packet broken on purpose cannot be read back, so what leaves next is not blamed on the kernel.
    @Test func brokenPacketIsNotBlamedOnTheKernel() throws {
        var recorder = FlowRecorder(flow: flow)
        var broken = try packet("S 7:7(0) win 1")
        broken[0] = 0x42
        recorder.willSend(packet: broken, at: moment)
        #expect(try segment(captured(packet("S 7:7(0) win 1"), by: &recorder)).origin == .us)
        #expect(try segment(captured(packet("S 8:8(0) win 1"), by: &recorder)).origin == .kernel)
    }

    @Test func reportsWhatNeverLeftOnce() throws {
        var recorder = FlowRecorder(flow: flow, patience: .milliseconds(100))
        recorder.willSend(packet: try packet("S 7:7(0) win 1"), at: Instant(nanoseconds: 0))
        recorder.willSend(packet: try packet(". 8:8(0) ack 1 win 1"), at: Instant(nanoseconds: 90_000_000))
        let time = Timestamp(nanoseconds: 77)
        #expect(recorder.unseen(at: Instant(nanoseconds: 100_000_000), time: time) == [])
        let lost = recorder.unseen(at: Instant(nanoseconds: 100_000_001), time: time)
        #expect(lost.count == 1)
        #expect(lost.first?.time == time)
        guard case .notSeenLeaving(let segment)? = lost.first?.kind else { throw WrongEvent(event: lost.first) }
        #expect(segment.flags == .syn)
        #expect(recorder.unseen(at: Instant(nanoseconds: 100_000_002), time: time) == [])
        #expect(recorder.unseenAtEnd(time: time).count == 1)
        #expect(recorder.unseenAtEnd(time: time).count == 0)
    }

    @Test func refusedPacketIsNotWaitedFor() throws {
        var recorder = FlowRecorder(flow: flow)
        let syn = try packet("S 7:7(0) win 1")
        recorder.willSend(packet: syn, at: moment)
        recorder.didNotSend(packet: syn)
        #expect(recorder.unseenAtEnd(time: Timestamp(nanoseconds: 0)) == [])
    }

    @Test func believesOnlyQuotesOfWhatIsOutstanding() throws {
        var recorder = FlowRecorder(flow: flow, patience: nil)
        let router = Conversation.router
        let syn = try packet("S 4294967295:4294967295(0) win 1")
        _ = captured(syn, by: &recorder)
        guard case .icmpError(let error)? = captured(icmp(quoting: syn, from: router), by: &recorder)?.kind else {
            throw WrongEvent(event: nil)
        }
        #expect(error.quotesOurs)
        #expect(error.origin == .router(router))
        #expect(error.error.checksum == .good)
        let guessed = icmp(quoting: try packet("S 5:5(0) win 1"), from: router)
        guard case .icmpError(let stale)? = captured(guessed, by: &recorder)?.kind else {
            throw WrongEvent(event: nil)
        }
        #expect(!stale.quotesOurs)
        // Another connection's error is not about this one.
        let other = icmp(quoting: try packet("S 5:5(0) win 1", ports: (1, 2)), from: router)
        #expect(captured(other, by: &recorder) == nil)
        // Once the SYN is acknowledged, an error about it comes too late.
        _ = try captured(packet("S. 9:9(0) ack 0 win 1", fromPeer: true), by: &recorder)
        guard case .icmpError(let late)? = captured(icmp(quoting: syn, from: flow.remote.address), by: &recorder)?.kind
        else { throw WrongEvent(event: nil) }
        #expect(!late.quotesOurs)
        #expect(late.origin == .peer)
    }

    @Test func noticesMergedSegments() throws {
        var recorder = FlowRecorder(flow: flow, patience: nil)
        _ = try captured(packet("S 0:0(0) win 1 <mss 1000>"), by: &recorder)
        #expect(
            try !segment(captured(packet("P. 1:1001(1000) ack 1 win 1", fromPeer: true), by: &recorder)).isCoalesced)
        #expect(try segment(captured(packet("P. 1:1002(1001) ack 1 win 1", fromPeer: true), by: &recorder)).isCoalesced)
        // Without the peer's SYN, our own limit is not known.
        #expect(try !segment(captured(packet("P. 1:5001(5000) ack 1 win 1"), by: &recorder)).isCoalesced)
    }

    @Test func keepsABoundedNumberOfPackets() throws {
        var recorder = FlowRecorder(flow: flow)
        for number in 0..<1000 {
            recorder.willSend(packet: try packet("S \(number):\(number)(0) win 1"), at: moment)
        }
        #expect(recorder.unseenAtEnd(time: Timestamp(nanoseconds: 0)).count == 256)
    }
}
