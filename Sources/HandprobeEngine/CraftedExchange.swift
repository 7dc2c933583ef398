import HandprobeJudge
public import HandprobeTCP
public import HandprobeWire

/// One crafted segment to send, and how long to listen for what comes back.
public struct CraftedPlan: Sendable {
    /// The pair of sockets.
    public var flow: FourTuple
    /// The packet, exactly as it is to leave.
    public var packet: OutgoingPacket
    /// The segment in it.
    public var segment: TCPSegment
    /// The IP header around the segments that end what this one provokes.
    public var shape: PacketShape
    /// What those are signed with and the peer's must be, as the packet is; nil for nothing.
    public var key: SignatureKey?
    /// How long to listen.
    public var wait: Duration

    /// A crafted segment and its circumstances.
    public init(
        flow: FourTuple,
        packet: OutgoingPacket,
        segment: TCPSegment,
        shape: PacketShape,
        key: SignatureKey? = nil,
        wait: Duration
    ) {
        self.flow = flow
        self.packet = packet
        self.segment = segment
        self.shape = shape
        self.key = key
        self.wait = wait
    }
}

/// Sends one crafted segment, listens, and ends what it provoked.
struct CraftedExchange: ConversationDriver {
    private let plan: CraftedPlan
    private var outbox: [DriverAction] = []
    private var deadline: Instant?
    private var wasAnswered = false
    /// True when our segment left so that no receiver can have taken it.
    private var isDiscarded = false
    private(set) var isFinished = false

    init(_ plan: CraftedPlan) {
        self.plan = plan
    }

    var isSettled: Bool { isFinished }
    var base: SequenceBase { .absolute }
    var nextTimeout: Instant? { isFinished ? nil : deadline }

    var wait: (what: Waiting.What, next: Waiting.Next)? { (.answer(.anyAnswer), .end) }

    mutating func start(at now: Instant) {
        outbox.append(.sendPacket(plan.packet, plan.segment))
        deadline = now + plan.wait
    }

    mutating func observe(_ event: Event, reading: Reading, at now: Instant) {
        switch event.kind {
        case .icmpError(let error) where error.quotesOurs:
            wasAnswered = true
        case .segment(let observed) where observed.origin == .us:
            if observed.flaw != nil { isDiscarded = true }
        case .segment(let observed) where observed.origin == .peer && observed.flaw == nil:
            wasAnswered = true
            guard !observed.segment.flags.contains(.rst) else { return }
            outbox.append(.send(.reset(answering: observed.segment, flow: plan.flow)))
        default: break
        }
    }

    mutating func poll(at now: Instant) -> DriverAction? {
        if !outbox.isEmpty { return outbox.removeFirst() }
        guard !isFinished, let deadline, now >= deadline else { return nil }
        isFinished = true
        guard !wasAnswered else { return nil }
        if plan.segment.flags.intersection([.syn, .ack, .rst]) == .syn, !isDiscarded {
            outbox.append(.send(.release(of: plan.segment, flow: plan.flow)))
        }
        return .record(.timer(.gaveUp(.anyAnswer, after: plan.wait)))
    }

    mutating func interrupt(at now: Instant) {
        deadline = now
    }
}

extension TCPSegment {
    /// The RST that ends what `segment` is part of (RFC 9293 §3.10.7.1).
    static func reset(answering segment: TCPSegment, flow: FourTuple) -> TCPSegment {
        let hasAck = segment.flags.contains(.ack)
        var reset = TCPSegment(
            seq: hasAck ? segment.ack : SequenceNumber(0),
            ack: hasAck ? nil : segment.end,
            flags: .rst
        )
        reset.header.sourcePort = flow.local.port
        reset.header.destinationPort = flow.remote.port
        return reset
    }

    /// A RST just after `syn`: releases a peer that heard it and whose answer was lost.
    static func release(of syn: TCPSegment, flow: FourTuple) -> TCPSegment {
        var reset = TCPSegment(seq: syn.seq + 1, flags: .rst)
        reset.header.sourcePort = flow.local.port
        reset.header.destinationPort = flow.remote.port
        return reset
    }
}
