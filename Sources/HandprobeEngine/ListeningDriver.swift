import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Answers a client's SYN as told; where a connection comes of it, that is led like any other.
///
/// Crossing and lateness are made by taking the client's SYN up later than it came: the endpoint then behaves as it would
/// have on a network where the segments had crossed or been late.
struct ListeningDriver: ConversationDriver {
    private enum Stage: Hashable {
        /// No SYN has been taken up.
        case listening
        /// The SYN-ACK is held back until then.
        case holding(until: Instant)
        /// A wrong SYN-ACK is out; another SYN is awaited until then.
        case correcting(until: Instant)
        /// A connection is made.
        case leading
        /// The client was refused; its further SYNs are as well, until then.
        case refusing(until: Instant)
        /// The client is left alone until then.
        case ignoring(until: Instant)
        /// Nothing more is said.
        case finished
    }

    /// How far a wrong acknowledgment lies beyond the right one.
    private static let wrongBy = 1000
    /// How long a client may take to send its SYN again: longer than the third interval of a backed-off timer.
    private static let patience = Duration.seconds(10)
    /// How long a refused client is refused again: a lost RST shows in a SYN a second later.
    private static let refusalWait = Duration.milliseconds(1500)

    private let answer: Answer
    private let flow: FourTuple
    private var connection: ConnectionDriver
    private var stage = Stage.listening
    private var outbox: [DriverAction] = []
    /// The client's latest SYN, while it waits to be taken up.
    private var waiting: (event: Event, reading: Reading)?
    /// True once the client is served: the connection is open, or the client was refused or left alone as told.
    private(set) var isServed = false

    init(_ plan: ServicePlan) {
        var plan = plan
        plan.connection.connection.synAttempts = min(
            plan.connection.connection.synAttempts, plan.answer.mostSynAttempts)
        answer = plan.answer
        flow = plan.connection.flow
        connection = ConnectionDriver(plan.connection)
    }

    var base: SequenceBase { connection.base }

    var wait: (what: Waiting.What, next: Waiting.Next)? { stage == .leading ? connection.wait : nil }

    var isSettled: Bool {
        switch stage {
        case .leading: connection.isSettled
        case .refusing: outbox.isEmpty
        case .finished: true
        default: false
        }
    }

    var isFinished: Bool { stage == .leading ? connection.isFinished : stage == .finished }

    var nextTimeout: Instant? {
        switch stage {
        case .leading: connection.nextTimeout
        case .holding(let until), .correcting(let until), .refusing(let until), .ignoring(let until): until
        case .listening, .finished: nil
        }
    }

    /// Nothing is done before a SYN comes.
    mutating func start(at now: Instant) {}

    // MARK: What arrives

    mutating func observe(_ event: Event, reading: Reading, at now: Instant) {
        guard stage != .leading else { return lead(event, reading, at: now) }
        guard case .segment(let observed) = event.kind, observed.origin == .peer, observed.flaw == nil,
            observed.segment.flags.intersection([.syn, .ack, .rst]) == .syn
        else { return }
        switch stage {
        case .listening: takeUp(observed.segment, event, reading, at: now)
        case .holding: waiting = (event, reading)
        case .correcting: begin(with: event, reading, at: now)
        case .refusing: outbox.append(.send(.reset(answering: observed.segment, flow: flow)))
        case .ignoring, .leading, .finished: break
        }
    }

    private mutating func takeUp(_ syn: TCPSegment, _ event: Event, _ reading: Reading, at now: Instant) {
        switch answer {
        case .synAck:
            begin(with: event, reading, at: now)
        case .late(let delay):
            waiting = (event, reading)
            note("the SYN-ACK is held back for \(delay.text)")
            stage = .holding(until: now + delay)
        case .wrongAck:
            note("the SYN-ACK will acknowledge \(Self.wrongBy) octets that were never sent")
            outbox.append(.send(wrongAnswer(to: event, reading, at: now)))
            stage = .correcting(until: now + Self.patience)
        case .split:
            note("our ACK and our SYN leave apart")
            connection.start(at: now)
            let base = connection.base.seq
            outbox.append(.send(connection.machine.crafted(flags: .ack, seq: base, ack: syn.seq + 1, at: now)))
            stage = .leading
        case .simultaneous:
            note("our SYN leaves as if it had crossed the peer's")
            connection.start(at: now)
            waiting = (event, reading)
            stage = .leading
        case .reset:
            outbox.append(.send(.reset(answering: syn, flow: flow)))
            stage = .refusing(until: now + Self.refusalWait)
            isServed = true
        case .drop(let duration):
            note("the SYN gets no answer")
            stage = .ignoring(until: now + duration)
        }
    }

    private mutating func note(_ what: String) {
        outbox.append(.record(.manual(what)))
    }

    /// Begins the connection with a SYN.
    private mutating func begin(with event: Event, _ reading: Reading, at now: Instant) {
        stage = .leading
        connection.startPassive(at: now)
        lead(event, reading, at: now)
    }

    private mutating func lead(_ event: Event, _ reading: Reading, at now: Instant) {
        connection.observe(event, reading: reading, at: now)
        if connection.machine.state.isSynchronized { isServed = true }
        // A RST has brought the endpoint back to LISTEN: the next SYN is another conversation.
        if connection.machine.state == .listen { connection.phase = .finished }
    }

    /// The SYN-ACK that would be due, but for its acknowledgment.
    private func wrongAnswer(to event: Event, _ reading: Reading, at now: Instant) -> TCPSegment {
        var scratch = self
        scratch.begin(with: event, reading, at: now)
        var segment = scratch.connection.machine.poll(at: now) ?? TCPSegment(seq: base.seq, flags: [.syn, .ack])
        segment.header.acknowledgmentNumber = segment.ack + Self.wrongBy
        return segment
    }

    // MARK: What is sent

    mutating func poll(at now: Instant) -> DriverAction? {
        if !outbox.isEmpty { return outbox.removeFirst() }
        switch stage {
        case .listening, .finished:
            return nil
        case .holding(let until):
            guard now >= until, let (event, reading) = waiting else { return nil }
            waiting = nil
            begin(with: event, reading, at: now)
            return poll(at: now)
        case .leading:
            if let action = connection.poll(at: now) { return action }
            // Our SYN has left: now the client's may arrive.
            guard let (event, reading) = waiting else { return nil }
            waiting = nil
            lead(event, reading, at: now)
            return connection.poll(at: now)
        case .correcting(let until), .refusing(let until):
            if now >= until { stage = .finished }
            return nil
        case .ignoring(let until):
            guard now >= until else { return nil }
            isServed = true
            stage = .finished
            return nil
        }
    }

    mutating func interrupt(at now: Instant) {
        if stage == .leading {
            connection.interrupt(at: now)
        } else {
            stage = .finished
        }
    }
}
