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
        let left = try segment(captured(packet("S 7:7(0) win 1 <mss 1460>"), by: &recorder))
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

    /// What a raw socket does to an identification of 0.
    @Test func saysThatTheIdentificationWasFilledIn() throws {
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: try packet("S 7:7(0) win 1"), at: moment)
        let left = try segment(captured(packet("S 7:7(0) win 1", identification: 99), by: &recorder))
        #expect(left.origin == .us)
        #expect(left.rewritten == [RewrittenField(field: "identification", crafted: "0", left: "99")])
    }

    /// What a raw socket does to a wrong IP header checksum.
    @Test func saysThatTheIPChecksumWasPutRight() throws {
        var template = SegmentTemplate(segment: try TCPSegment(notation: "S 7:7(0) win 1"))
        let right = template.packet(from: flow.local, to: flow.remote)
        template.ip.checksum = 1
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: template.packet(from: flow.local, to: flow.remote), at: moment)
        let left = try segment(captured(right, by: &recorder))
        #expect(left.rewritten.map(\.field) == ["IP header checksum"])
        #expect(left.flaw == nil)
    }

    @Test func knowsThatOurIPChecksumIsWrong() throws {
        var template = SegmentTemplate(segment: try TCPSegment(notation: "S 7:7(0) win 1"))
        template.ip.checksum = 1
        let wrong = template.packet(from: flow.local, to: flow.remote)
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: wrong, at: moment)
        let left = try segment(captured(wrong, by: &recorder))
        #expect(left.rewritten == [])
        #expect(left.flaw == "its IP header checksum is wrong")
    }

    /// Lengths that hide the segment: the packet is known by its octets, behind its link header, and by nothing less.
    @Test(arguments: [false, true], [UInt16(4), 20, 30])
    func knowsABrokenPacketByItsOctets(v6: Bool, length: UInt16) throws {
        let flow = Conversation(v6: v6).flow
        var template = SegmentTemplate(segment: try TCPSegment(notation: "S 7:7(0) win 1 <mss 1460>"))
        template.ip.length = v6 ? length / 2 : length
        let packet = template.packet(from: flow.local, to: flow.remote)
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: packet, at: moment)
        #expect(recorder.awaitsBroken)
        var other = packet
        other[other.count - 1] ^= 1
        #expect(!recorder.isBrokenPacket(other, behind: .raw))
        #expect(captured(other, by: &recorder) == nil)
        let ethernet = [UInt8](repeating: 0xA5, count: 12) + (v6 ? [0x86, 0xDD] : [0x08, 0x00])
        #expect(recorder.isBrokenPacket(ethernet + packet, behind: .ethernet))
        // What comes back in an ICMP error is quoted, not sent.
        #expect(!recorder.isBrokenPacket(other.prefix(28) + packet, behind: .raw))
        let left = try segment(captured(packet, by: &recorder))
        #expect(left.origin == .us)
        #expect(left.segment.seq == SequenceNumber(7))
        #expect(left.problem != nil)
        #expect(left.flaw?.hasPrefix("it cannot be read as a segment: ") == true)
        #expect(!recorder.awaitsBroken)
        #expect(recorder.unseenAtEnd(time: Timestamp(nanoseconds: 0)) == [])
    }

    /// A length of 0 is how large frames look before a card has cut them; ours are never meant so.
    @Test(arguments: [false, true])
    func lengthOfZeroIsBroken(v6: Bool) throws {
        let flow = Conversation(v6: v6).flow
        var template = SegmentTemplate(segment: try TCPSegment(notation: "S 7:7(0) win 1"))
        template.ip.length = 0
        let packet = template.packet(from: flow.local, to: flow.remote)
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: packet, at: moment)
        let left = try segment(captured(packet, by: &recorder))
        #expect(left.origin == .us)
        #expect(left.problem == .badLength(layer: v6 ? .ipv6 : .ipv4, value: 0, offset: 0))
    }

    @Test func brokenPacketThatNeverLeftIsReported() throws {
        var template = SegmentTemplate(segment: try TCPSegment(notation: "S 7:7(0) win 1"))
        template.ip.length = 20
        let packet = template.packet(from: flow.local, to: flow.remote)
        var recorder = FlowRecorder(flow: flow)
        recorder.willSend(packet: packet, at: moment)
        #expect(recorder.unseenAtEnd(time: Timestamp(nanoseconds: 0)).count == 1)
        recorder.willSend(packet: packet, at: moment)
        recorder.didNotSend(packet: packet)
        #expect(recorder.unseenAtEnd(time: Timestamp(nanoseconds: 0)) == [])
    }

    /// The peer's data offset points beyond its packet: the event says so.
    @Test(arguments: [UInt8(4), 15])
    func problemTravelsWithTheEvent(words: UInt8) throws {
        var template = SegmentTemplate(segment: try TCPSegment(notation: "S. 9:9(0) ack 8 win 1"))
        template.dataOffset = words
        var recorder = FlowRecorder(flow: flow, patience: nil)
        let theirs = try segment(captured(template.packet(from: flow.remote, to: flow.local), by: &recorder))
        #expect(theirs.origin == .peer)
        #expect(theirs.problem == .badLength(layer: .tcp, value: Int(words) * 4, offset: 20))
        #expect(theirs.flaw != nil)
    }

    /// A capture with a small snaplen cuts options off; that makes no segment malformed.
    @Test func cutByTheCaptureIsNoFlaw() throws {
        let whole = try packet("S 7:7(0) win 1 <mss 1460,sackOK>")
        let cut = Array(whole.prefix(whole.count - 4))
        let dissection = Dissection(frame: cut.span, linkType: .raw, originalLength: whole.count)
        let frame = CapturedFrame(
            range: 0..<cut.count,
            linkType: .raw,
            time: Timestamp(nanoseconds: 1),
            originalLength: whole.count,
            interface: "eth0"
        )
        var recorder = FlowRecorder(flow: flow, patience: nil)
        let observed = try segment(recorder.observe(dissection, of: frame, octets: cut))
        #expect(observed.problem != nil)
        #expect(observed.flaw == nil)
    }

    /// A router may report what no receiver takes, a crafted RST for one.
    @Test func believesQuotesOfACraftedReset() throws {
        var recorder = FlowRecorder(flow: flow)
        let reset = try packet("R 7:7(0) win 0")
        recorder.willSend(packet: reset, at: moment)
        _ = captured(reset, by: &recorder)
        guard
            case .icmpError(let error)? = captured(icmp(quoting: reset, from: Conversation.router), by: &recorder)?
                .kind
        else { throw WrongEvent(event: nil) }
        #expect(error.quotesOurs)
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

    /// A packet may wait for its next hop: it is ours, and no kernel's, however late it leaves.
    @Test func whatLeavesLateIsStillOurs() throws {
        var recorder = FlowRecorder(flow: flow, patience: .milliseconds(100))
        let syn = try packet("S 7:7(0) win 1")
        recorder.willSend(packet: syn, at: Instant(nanoseconds: 0))
        let later = Instant(nanoseconds: 1_000_000_000)
        #expect(recorder.unseen(at: later, time: Timestamp(nanoseconds: 0)).count == 1)
        #expect(recorder.oldestUnseen == nil)
        recorder.willSend(packet: try packet("S 9:9(0) win 1"), at: later)
        #expect(recorder.oldestUnseen == later)
        #expect(try segment(captured(syn, by: &recorder)).origin == .us)
        #expect(try segment(captured(packet("R 8:8(0) win 0"), by: &recorder)).origin == .kernel)
        #expect(recorder.unseenAtEnd(time: Timestamp(nanoseconds: 0)).count == 1)
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
