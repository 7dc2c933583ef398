import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// A conversation as the recorder and the judge meet it: packets of both ends with numbers near those in play, ICMP errors
/// that quote them, what happens on this machine, and frames that are cut, broken or merged.
struct ConversationFuzz {
    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        let conversation = ConversationFuzz(octets)
        try VerdictRules.check(conversation.events, conversation.flow, conversation.expectation)
    }

    let flow: FourTuple
    let expectation: Expectation
    private(set) var events: [Event] = []

    private var input: FuzzInput
    private var recorder: FlowRecorder
    private let isLive: Bool
    private let linkType: LinkType
    private var time: Int64 = 1_700_000_000_000_000_000
    /// The initial number of each end and the one after the last that it sent, by whether it is us.
    private var initial: [Bool: SequenceNumber] = [:]
    private var next: [Bool: SequenceNumber] = [:]
    private var lastOfOurs: [UInt8] = []

    init(_ octets: [UInt8]) {
        var input = FuzzInput(octets)
        let choices = input.octet()
        let (us, peer): (IPAddress, IPAddress) =
            choices & 1 == 0
            ? (.v4(IPv4Address(0xC000_0201)), .v4(IPv4Address(0xC000_0202)))
            : (.v6(IPv6Address(0xFD00 << 112 | 1)), .v6(IPv6Address(0xFD00 << 112 | 2)))
        flow = FourTuple(local: SocketAddress(us, port: 40000), remote: SocketAddress(peer, port: 80))
        isLive = choices & 2 == 0
        linkType = choices & 4 == 0 ? .raw : .ethernet
        expectation = input.pick([.open(end: .fin), .open(end: .rst), .close, .observe, .answer, .serve])
        let numbers: [UInt32] = [0, 1, 1000, 0x7FFF_FFFF, 0xFFFF_FFF0, 0xFFFF_FFFF]
        for isOurs in [true, false] {
            let number = SequenceNumber(input.pick(numbers))
            initial[isOurs] = number
            next[isOurs] = number
        }
        recorder = FlowRecorder(flow: flow, patience: isLive ? .milliseconds(500) : nil)
        self.input = input
        for _ in 0..<300 where !self.input.isEmpty { step() }
        if isLive { events += recorder.unseenAtEnd(time: Timestamp(nanoseconds: time)) }
    }

    private var now: Instant { Instant(nanoseconds: time - 1_700_000_000_000_000_000) }

    private mutating func step() {
        time += input.pick([0, 1, 1000, 1_000_000, 200_000_000, 1_000_000_000, 3_000_000_000])
        let kind = input.octet()
        switch kind % 16 {
        case 0: add(icmpError())
        case 1: events.append(Event(time: Timestamp(nanoseconds: time), kind: incident()))
        case 2: if isLive { events += recorder.unseen(at: now, time: Timestamp(nanoseconds: time)) }
        default: exchange(isOurs: kind & 16 == 0)
        }
    }

    private mutating func exchange(isOurs: Bool) {
        var packet = packet(isOurs: isOurs)
        if isOurs {
            lastOfOurs = packet
            if isLive, !input.chance(16) { recorder.willSend(packet: packet, at: now) }
        }
        if input.chance(16) { packet[Int(input.octet()) % packet.count] ^= 1 << (input.octet() % 8) }
        add(packet)
        // Seen twice, as on loopback or by a network that copies.
        if input.chance(8) { add(packet) }
    }

    private mutating func packet(isOurs: Bool) -> [UInt8] {
        let usual: [TCPFlags] = [
            .ack, .syn, [.syn, .ack], [.ack, .psh], [.ack, .fin], .rst, [.rst, .ack], [.ack, .fin, .psh], [],
            [.syn, .fin],
        ]
        let near = [0, 0, 0, 0, 1, -1, 2, 10, 1460, 65535, 70_000, -70_000, 1 << 31]
        let choice = input.octet()
        var flags = choice < 240 ? usual[Int(choice) % usual.count] : TCPFlags(rawValue: input.number() & 0xFFF)
        let (mine, theirs) = (next[isOurs] ?? SequenceNumber(0), next[!isOurs] ?? SequenceNumber(0))
        let base = flags.contains(.syn) || input.chance(32) ? initial[isOurs] ?? mine : mine
        var segment = TCPSegment(seq: base + input.pick(near), flags: flags, wnd: input.pick([65535, 0, 1, 1000]))
        flags = segment.flags
        segment.header.acknowledgmentNumber = flags.contains(.ack) ? theirs + input.pick(near) : SequenceNumber(0)
        if flags.contains(.syn) || input.chance(32) { segment.options = options() }
        if choice & 1 == 1 {
            segment.payload = ArraySlice(repeating: 0x61, count: Int(input.number(UInt16.self) % 2000))
        }
        if !flags.contains(.rst), mine.isBefore(segment.end) { next[isOurs] = segment.end }
        var template = SegmentTemplate(segment: segment, hopLimit: input.pick([64, 63, 255, 1]))
        template.ip.identification = 1 + UInt16(input.octet())
        template.badChecksum = input.chance(12)
        if input.chance(4) { template.ip.length = input.number() }
        if input.chance(4) { template.dataOffset = input.octet() & 15 }
        return isOurs
            ? template.packet(from: flow.local, to: flow.remote) : template.packet(from: flow.remote, to: flow.local)
    }

    private mutating func options() -> TCPOptions {
        let usual: [TCPOption] = [
            .maximumSegmentSize(input.pick([1460, 536, 0, 9000])), .sackPermitted,
            .timestamps(value: UInt32(input.octet()), echoReply: UInt32(input.octet())), .noOperation,
            .windowScale(input.pick([7, 0, 15])),
        ]
        return input.flag()
            ? TCPOptions(usual) ?? TCPOptions() : TCPOptions(octets: input.take(Int(input.octet() % 41)))
    }

    /// An error about the last packet of ours, from the peer, a router or ourselves, whole or cut, or with a changed number.
    private mutating func icmpError() -> [UInt8] {
        let family = flow.local.address.family
        var quote = Array(lastOfOurs.prefix(input.pick([1500, 28, 48, 60, 8, 0])))
        if input.chance(64), !quote.isEmpty { quote[Int(input.octet()) % quote.count] ^= 1 << (input.octet() % 8) }
        var message = [
            input.pick(family == .v4 ? [3, 11, 4, 5, 12, 8] : [1, 2, 3, 4, 128]), input.octet() % 16, 0, 0,
        ]
        message += [0, 0, 5, 0xDC] + quote
        let router: IPAddress = family == .v4 ? .v4(IPv4Address(0xC000_02FE)) : .v6(IPv6Address(0xFD00 << 112 | 0xFE))
        let source = input.pick([router, flow.remote.address, flow.local.address])
        var sum = InternetChecksum()
        if family == .v6 {
            sum.addPseudoHeader(
                source: source, destination: flow.local.address, protocol: 58, length: message.count)
        }
        sum.add(message.span)
        let checksum = input.chance(24) ? 0 : sum.value
        (message[2], message[3]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
        return Self.packet(from: source, to: flow.local.address, carrying: message)
    }

    private static func packet(from source: IPAddress, to destination: IPAddress, carrying message: [UInt8]) -> [UInt8]
    {
        switch (source, destination) {
        case (.v4(let source), .v4(let destination)):
            let header = IPv4Header(
                source: source, destination: destination, totalLength: UInt16(20 + message.count), protocolNumber: 1)
            var octets = [UInt8](repeating: 0, count: 20)
            var span = octets.mutableSpan
            header.write(to: &span)
            return octets + message
        case (.v6(let source), .v6(let destination)):
            let header = IPv6Header(
                source: source, destination: destination, payloadLength: UInt16(message.count), nextHeader: 58)
            var octets = [UInt8](repeating: 0, count: 40)
            var span = octets.mutableSpan
            header.write(to: &span)
            return octets + message
        default: return message
        }
    }

    private mutating func incident() -> Event.Kind {
        switch input.octet() % 10 {
        case 0: .timer(.retransmission(nextAttempt: Int(input.octet())))
        case 1:
            .timer(
                .gaveUp(
                    input.pick([
                        .synAck, .proof, .dataAcknowledgment, .finAcknowledgment, .peerFin, .goodbyeAnswer, .anyAnswer,
                    ]),
                    after: .milliseconds(Int64(input.number(UInt16.self)))))
        case 2: .captureLoss(frames: Int(input.number(UInt16.self)))
        case 3:
            .sendFailure(SendFailure(call: "sendto", errno: Int32(input.octet()), reason: "Operation not permitted"))
        case 4: .notSeenLeaving(TCPSegment(seq: initial[true] ?? SequenceNumber(0), flags: .syn))
        case 5:
            .answerElsewhere(
                TCPSegment(seq: initial[false] ?? SequenceNumber(0), flags: [.syn, .ack]), interface: "eth1")
        case 6: .clockStepped(.milliseconds(Int64(input.number(UInt16.self)) - 32768))
        case 7: .manual(String(decoding: input.take(Int(input.octet())), as: UTF8.self))
        case 8: .captureFailed(reason: "The interface disappeared")
        default: .interrupted(signal: input.flag() ? Int32(input.octet()) : nil)
        }
    }

    /// Captures a packet: behind its link header, and cut where a snaplen would.
    private mutating func add(_ packet: [UInt8]) {
        var frame = packet
        if linkType == .ethernet {
            let type: [UInt8] = flow.local.address.family == .v4 ? [8, 0] : [0x86, 0xDD]
            frame = [UInt8](repeating: 2, count: 12) + type + packet
        }
        let length = frame.count
        if input.chance(8) { frame.removeLast(min(frame.count, Int(input.octet()))) }
        let captured = CapturedFrame(
            range: 0..<frame.count,
            linkType: linkType,
            time: Timestamp(nanoseconds: time),
            originalLength: length,
            interface: "eth0"
        )
        let dissection = Dissection(frame: frame.span, linkType: linkType, originalLength: length)
        if let event = recorder.observe(dissection, of: captured, octets: frame) { events.append(event) }
    }
}
