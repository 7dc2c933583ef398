public import HandprobeWire

extension EdgeBehavior {
    private static func with(_ name: String, _ change: (inout EdgeBehavior) -> Void) -> EdgeBehavior {
        var behavior = EdgeBehavior(name)
        change(&behavior)
        return behavior
    }

    /// An ordinary peer whose SYN-ACKs are changed.
    public static func synAck(
        _ name: String,
        _ change: @escaping @Sendable (inout SegmentTemplate) -> Void
    ) -> EdgeBehavior {
        EdgeBehavior(name) { segment, _, replies in
            if segment.isSYN { replies.changeSegments(change) }
        }
    }

    /// An ordinary, orderly peer that closes when the other end does, in four segments.
    public static let ordinary = EdgeBehavior("ordinary")
    /// Answers nothing.
    public static let silent = EdgeBehavior("silent") { _, _, replies in replies = [] }
    /// Answers every SYN with a SYN-ACK, and nothing else: no TCP is behind it.
    public static let responder = EdgeBehavior("responder") { segment, _, replies in
        if !segment.isSYN { replies = [] }
    }
    /// Refuses with the RST of a closed port.
    public static let refuses = EdgeBehavior("refuses") { segment, here, replies in
        guard segment.isSYN else { return }
        here.isOpen = false
        replies.changeSegments {
            ($0.flags, $0.seq, $0.window, $0.options) = ([.rst, .ack], SequenceNumber(0), 0, nil)
        }
    }
    /// Refuses with RST,ACK whose acknowledgment is off by `offset`.
    public static func refusesWithWrongAck(_ offset: Int = 1000) -> EdgeBehavior {
        refusing("refusesWithWrongAck") { $0.ack = $0.ack.map { $0 + offset } }
    }
    /// Refuses with RST without ACK, which proves nothing (RFC 9293 §3.10.7.3).
    public static let refusesWithoutAck = refusing("refusesWithoutAck") {
        $0.flags = .rst
        $0.ack = SequenceNumber(0)
    }

    private static func refusing(
        _ name: String,
        _ change: @escaping @Sendable (inout SegmentTemplate) -> Void
    ) -> EdgeBehavior {
        EdgeBehavior(name) { segment, here, replies in
            refuses.alter(segment, &here, &replies)
            if segment.isSYN { replies.changeSegments(change) }
        }
    }

    /// SYN-ACK whose acknowledgment is off by `offset`.
    public static func wrongAck(_ offset: Int = 1000) -> EdgeBehavior {
        synAck("wrongAck") { $0.ack = $0.ack.map { $0 + offset } }
    }

    /// SYN-ACK with text.
    public static func synAckWithData(_ payload: [UInt8]) -> EdgeBehavior {
        EdgeBehavior("synAckWithData") { segment, here, replies in
            guard segment.isSYN else { return }
            replies.changeSegments { $0.payload = payload[...] }
            here.sndNxt += payload.count
        }
    }

    /// SYN-ACK with FIN.
    public static let synAckWithFIN = EdgeBehavior("synAckWithFIN") { segment, here, replies in
        guard segment.isSYN else { return }
        replies.changeSegments { $0.flags?.insert(.fin) }
        here.sndNxt += 1
        here.sentFIN = true
    }

    /// Zero window in the SYN-ACK, as SYN proxies send it; it opens `after` the third ACK.
    public static func zeroWindowThenOpening(after: Duration) -> EdgeBehavior {
        EdgeBehavior("zeroWindowThenOpening") { segment, here, replies in
            if segment.isSYN {
                replies.changeSegments { $0.window = 0 }
                here.step = 1
            } else if here.step == 1, here.isOpen {
                here.step = 2
                replies.append(.segment(here.segment(.ack), after: after))
            }
        }
    }

    /// No MSS in the SYN-ACK, nor any other option.
    public static let withoutOptions = with("withoutOptions") { $0.synAckOptions = TCPOptions() }
    /// The echo of our timestamp in the SYN-ACK is 0.
    public static let timestampEchoZero = synAck("timestampEchoZero") { template in
        guard let options = template.options?.parsed.options else { return }
        template.options = TCPOptions(
            options.map { option in
                if case .timestamps(let value, _) = option { .timestamps(value: value, echoReply: 0) } else { option }
            }
        )
    }
    /// Window scale 15, above the most there may be (RFC 7323 §2.3).
    public static let windowScale15 = with("windowScale15") {
        $0.synAckOptions = TCPOptions([.maximumSegmentSize(1460), .noOperation, .windowScale(15)])
    }
    /// An unknown option of length 40 in a header with less room, then an option of length 0.
    public static let garbageOptions = with("garbageOptions") {
        $0.synAckOptions = TCPOptions(octets: [2, 4, 0x05, 0xB4, 200, 4, 1, 2, 3, 0, 7, 77, 99, 40, 1, 1])
    }
    /// The first `count` SYN-ACKs have a wrong checksum.
    public static func badChecksum(_ count: Int = .max) -> EdgeBehavior {
        EdgeBehavior("badChecksum") { segment, here, replies in
            guard segment.isSYN, here.step < count else { return }
            here.step += 1
            replies.changeSegments { $0.badChecksum = true }
        }
    }

    /// A bare ACK in answer to the SYN, with another connection's numbers (RFC 5961 §4).
    public static let challengeACK = EdgeBehavior("challengeACK") { segment, here, replies in
        guard segment.isSYN else { return }
        replies.changeSegments { ($0.flags, $0.options) = (.ack, nil) }
        replies.changeSegments { $0.ack = $0.ack.map { $0 + 77_777 } }
    }

    /// SYN-ACK, then RST at the peer's SND.NXT.
    public static func synAckThenReset(after: Duration = .milliseconds(1)) -> EdgeBehavior {
        EdgeBehavior("synAckThenReset") { segment, here, replies in
            guard segment.isSYN else { return }
            here.isOpen = false
            replies.append(.segment(here.segment([.rst, .ack]), after: after))
        }
    }

    /// SYN-ACK, then an RST whose sequence number is off by `offset`; the connection goes on.
    public static func strayReset(offset: Int, after: Duration = .milliseconds(1)) -> EdgeBehavior {
        EdgeBehavior("strayReset") { segment, here, replies in
            guard segment.isSYN else { return }
            replies.append(.segment(here.segment(.rst, seq: here.sndNxt + offset), after: after))
        }
    }

    /// The initial sequence number is `number`.
    public static func iss(_ number: UInt32) -> EdgeBehavior {
        with("iss(\(number))") { $0.iss = SequenceNumber(number) }
    }

    /// Stops answering once data has come.
    public static let stopsAtData = EdgeBehavior("stopsAtData") { segment, here, replies in
        if !segment.tcp.payload.isEmpty { here.step = 1 }
        if here.step == 1 { replies = [] }
    }
    /// Answers data but never a FIN of ours.
    public static let ignoresFIN = EdgeBehavior("ignoresFIN") { segment, here, replies in
        if segment.tcp.flags.contains(.fin) { here.step = 1 }
        if here.step == 1, !segment.isSYN { replies = [] }
    }
    /// Sends its own FIN but never acknowledges ours.
    public static let neverAcknowledgesFIN = with("neverAcknowledgesFIN") { $0.acknowledgesFIN = false }
    /// Acknowledges our FIN but never sends its own.
    public static let neverCloses = with("neverCloses") { $0.sendsFIN = false }
    /// Acknowledges our FIN with its own, in one segment.
    public static let mergesFIN = with("mergesFIN") { $0.mergesFIN = true }

    /// Sends text behind its own FIN, which no sender may (RFC 9293 §3.6).
    public static func dataAfterFIN(_ payload: [UInt8]) -> EdgeBehavior {
        EdgeBehavior("dataAfterFIN") { segment, here, replies in
            guard here.sentFIN, here.step == 0 else { return }
            here.step = 1
            replies.append(.segment(here.segment([.psh, .ack], payload: payload)))
        }
    }

    /// Every SYN-ACK is sent `count` times, `interval` apart: a lost third ACK, or a deferred accept.
    public static func repeatsSynAck(_ count: Int, every interval: Duration) -> EdgeBehavior {
        EdgeBehavior("repeatsSynAck") { segment, _, replies in
            guard segment.isSYN, let first = replies.first else { return }
            for number in 1..<max(2, count) {
                replies.append(EdgeReply(content: first.content, after: interval * number))
            }
        }
    }

    /// Answers SYN with SYN: a simultaneous open (RFC 9293 §3.5, figure 7).
    public static let simultaneousOpen = EdgeBehavior("simultaneousOpen") { segment, here, replies in
        guard segment.isSYN else { return }
        guard let synAck = replies.first?.segment else { return }
        var syn = synAck
        (syn.flags, syn.ack) = (.syn, SequenceNumber(0))
        replies = [.segment(syn), .segment(synAck, after: .milliseconds(1))]
    }

    /// Answers our FIN first with its own FIN that does not cover ours, then acknowledges: a simultaneous close.
    public static let simultaneousClose = EdgeBehavior("simultaneousClose") { segment, here, replies in
        guard segment.tcp.flags.contains(.fin), here.step == 0 else { return }
        here.step = 1
        var fin = here.segment([.fin, .ack], seq: here.sndNxt - 1)
        fin.ack = here.rcvNxt - 1
        // Later than our ACK of its FIN, whoever is slow.
        replies = [.segment(fin), .segment(here.segment(.ack), after: .milliseconds(50))]
    }

    /// Answers every SYN with an ICMP error, sent by `router` or by the peer itself.
    public static func icmp(_ error: ICMPAnswer, from router: IPAddress? = nil) -> EdgeBehavior {
        EdgeBehavior("icmp") { segment, here, replies in
            here.isOpen = false
            replies =
                segment.isSYN ? [.packet(error.packet(about: segment, from: router ?? segment.ip.destination))] : []
        }
    }

    /// Answers as usual, but `hopLimit` changes from the second segment on: somebody else may be speaking.
    public static func hopLimitChanges(to hopLimit: UInt8) -> EdgeBehavior {
        EdgeBehavior("hopLimitChanges") { segment, _, replies in
            if segment.number > 1 { replies.changeSegments { $0.ip.hopLimit = hopLimit } }
        }
    }

    /// This behaviour, preceded by the ICMP error for every SYN: the peer answers nevertheless.
    public func precededBy(_ error: ICMPAnswer, from router: IPAddress) -> EdgeBehavior {
        var behavior = self
        behavior.name += ", preceded by ICMP"
        behavior.alter = { segment, here, replies in
            alter(segment, &here, &replies)
            if segment.isSYN { replies.insert(.packet(error.packet(about: segment, from: router)), at: 0) }
        }
        return behavior
    }

    /// This behaviour, everything `delay` later.
    public func delayed(by delay: Duration) -> EdgeBehavior {
        var behavior = self
        behavior.name += ", \(delay) later"
        behavior.alter = { segment, here, replies in
            alter(segment, &here, &replies)
            for index in replies.indices { replies[index].after += delay }
        }
        return behavior
    }
}
