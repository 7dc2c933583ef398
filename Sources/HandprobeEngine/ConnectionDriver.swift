import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Leads one connection from its SYN to a confirmed goodbye, by its plan.
///
/// The endpoint machine says what TCP sends; this says when to speak, what to ask, when to close and when to give up.
struct ConnectionDriver: ConversationDriver {
    /// Where the connection is by the plan, which is not the same as its TCP state.
    enum Phase: Hashable {
        /// Waiting for the other end to confirm our SYN, or, passively, for a SYN.
        case opening
        /// Asking whether the peer considers the connection open.
        case proving
        /// Waiting until the request is acknowledged.
        case requesting
        /// The connection goes through a trial.
        case trying(Trial)
        /// FIN is out or awaited.
        case closing
        /// The connection has ended; asking what the peer makes of more.
        case afterword(Afterword)
        /// RST is out; asking whether the peer has forgotten.
        case partingByReset
        /// The result is known; the peer's retransmissions are answered until then.
        case lingering(until: Instant)
        /// Nothing more is said.
        case finished
    }

    let plan: ConnectionPlan
    var machine: ConnectionMachine
    var phase = Phase.opening
    var outbox: [DriverAction] = []
    var proof = ProofQuestion()
    var parting = ResetParting()
    var player: ManeuverPlayer
    var life = LifeQuestion(due: Instant(nanoseconds: 0))
    private var trialsBegun = 0
    /// False once the machine has nothing more to say: what follows is said by hand.
    var isSpeaking = true
    private var requested = false
    /// True once the peer has sent octets.
    private var hasHeardPeer = false
    private var speechDeadline: Instant?
    private var sawLoss = false
    private var lingeringSince: Instant?
    private var startedAt = Instant(nanoseconds: 0)
    /// When the latest segment of either end was captured.
    private(set) var latestSegment = Instant(nanoseconds: 0)
    private var icmpDeadline: Instant?
    private var peerFinDeadline: Instant?
    /// When our FIN is due that the peer has to wait for.
    private var finDue: Instant?
    private var saidAfterFin = false

    init(_ plan: ConnectionPlan) {
        self.plan = plan
        player = ManeuverPlayer(plan.maneuvers)
        self.machine = ConnectionMachine(plan.connection)
    }

    var isSettled: Bool {
        switch phase {
        case .lingering, .finished: true
        default: false
        }
    }

    var isFinished: Bool { phase == .finished }

    var base: SequenceBase { SequenceBase(seq: machine.iss, ack: machine.irs) }

    mutating func start(at now: Instant) {
        startedAt = now
        if plan.speaksWithSyn {
            requested = true
            machine.send(plan.request, at: now)
        }
        machine.openActive(at: now)
    }

    /// Waits for a SYN instead of sending one.
    mutating func startPassive(at now: Instant) {
        startedAt = now
        machine.openPassive()
    }

    var nextTimeout: Instant? {
        if phase == .finished { return nil }
        var times = [isSpeaking ? machine.nextTimeout : nil, isSpeaking ? player.nextTimeout : nil, icmpDeadline]
        switch phase {
        case .proving: times.append(proof.deadline)
        case .trying: times.append(life.due)
        case .closing: times += [peerFinDeadline, machine.state == .closeWait ? finDue : nil]
        case .afterword: times.append(life.due)
        case .partingByReset: times.append(parting.deadline)
        case .lingering(let until): times.append(until)
        case .opening: times.append(openingDeadline)
        case .requesting: times.append(requested ? nil : speechDeadline)
        case .finished: break
        }
        return times.compactMap { $0 }.min()
    }

    private var hasGivenUp: Bool {
        if case .gaveUp = machine.outcome { true } else { false }
    }

    // MARK: What arrives

    mutating func observe(_ event: Event, reading: Reading, at now: Instant) {
        for meaning in reading.meanings {
            switch meaning {
            case .provesOpen: proof.isAnswered = true
            case .requests(_, let attempt) where attempt > 1: sawLoss = true
            case .repeatsData: sawLoss = true
            default: break
            }
        }
        if case .segment = event.kind { latestSegment = now }
        switch event.kind {
        case .segment(let observed) where observed.origin == .us && observed.segment.flags.contains(.rst):
            parting.hasLeft = true
        case .segment(let observed) where observed.origin == .peer:
            guard observed.flaw == nil else { return }
            var segment = observed.segment
            // What the capture cut off is acknowledged all the same: its length matters here, its text does not.
            if observed.missingOctets > 0 { segment.payload += repeatElement(0, count: observed.missingOctets) }
            segmentArrives(segment, at: now)
        case .icmpError(let observed) where observed.quotesOurs && phase == .opening && observed.error.isHard:
            icmpDeadline = icmpDeadline ?? now + plan.icmpGrace
        case .answerElsewhere where phase == .opening:
            giveUpOpening(at: now)
        default: break
        }
    }

    private mutating func segmentArrives(_ segment: TCPSegment, at now: Instant) {
        switch phase {
        case .partingByReset, .finished:
            peerSpeaksAfterReset(segment, at: now)
        case .afterword(let afterword):
            peerSpeaks(after: afterword, segment, at: now)
        case .lingering where !isSpeaking:
            peerSpeaksAfterReset(segment, at: now)
        default:
            if phase == .proving, proof.isRefused(by: segment) {
                proof.peerIsEmbryonic(at: now, watchUntil: startOfProof + plan.embryonicWait)
            } else {
                let wasRepeatedSynAck = segment.flags.isSuperset(of: [.syn, .ack]) && machine.state.isSynchronized
                _ = machine.segmentArrives(segment, at: now)
                if machine.isPeerFinReceived { player.peerCloses() }
                // Taken at once, or the window would close; the transcript keeps what the peer said.
                if !machine.receive().isEmpty { hasHeardPeer = true }
                if case .lingering = phase { linger(at: now) }
                if case .trying(let trial) = phase { peerSpeaks(in: trial, segment) }
                if wasRepeatedSynAck, phase == .proving { proof.askAgain() }
            }
        }
    }

    /// Keeps TIME-WAIT long enough for a lost last ACK to be asked for again.
    ///
    /// Where the path has been seen to lose segments that takes longer: a peer that had to repeat its SYN-ACK begins with
    /// a timeout of 3 s (RFC 6298 §5.7), and each repetition of its FIN comes after twice the time of the one before.
    private mutating func linger(at now: Instant) {
        let patience: Duration = sawLoss ? .seconds(4) : max(.seconds(1), (machine.srtt ?? .zero) * 3)
        let untilNextRepetition = lingeringSince.map { now.since($0) * 2 + .seconds(1) } ?? .zero
        lingeringSince = now
        phase = .lingering(until: now + min(max(patience, untilNextRepetition), .seconds(15)))
    }

    private var openingDeadline: Instant? { plan.openingWait.map { startedAt + $0 } }

    private var startOfProof: Instant { proof.startedAt ?? startedAt }

    // MARK: What is sent

    mutating func poll(at now: Instant) -> DriverAction? {
        repeat {
            if !outbox.isEmpty { return outbox.removeFirst() }
            if isSpeaking, let released = player.release(at: now) { return letGo(released, at: now) }
            while isSpeaking, let segment = machine.poll(at: now) {
                // Where the machine gives up with a RST, that is said by hand instead, so that it can be confirmed.
                if hasGivenUp, machine.lastTransmission?.kind == .rst { continue }
                return wrap(segment, at: now)
            }
        } while advance(at: now)
        return nil
    }

    /// A retransmission is preceded by the timer that caused it.
    private mutating func wrap(_ segment: TCPSegment, at now: Instant) -> DriverAction {
        let action = DriverAction.play(segment, decide(segment, at: now))
        guard let attempt = machine.lastTransmission?.attempt, attempt > 1, action.decision != .withhold else {
            return action
        }
        outbox.append(action)
        sawLoss = true
        return .record(.timer(.retransmission(nextAttempt: attempt)))
    }

    /// Moves on by the plan; true when something changed, so that there may be more to send.
    private mutating func advance(at now: Instant) -> Bool {
        switch phase {
        case .opening: return advanceOpening(at: now)
        case .proving: return advanceProof(at: now)
        case .requesting: return advanceRequest(at: now)
        case .trying: return advanceTrial(at: now)
        case .closing: return advanceClosing(at: now)
        case .afterword(let afterword): return advance(afterword, at: now)
        case .partingByReset: return advanceParting(at: now)
        case .lingering(let until):
            guard now >= until else { return false }
            phase = .finished
            return true
        case .finished: return false
        }
    }

    private mutating func advanceOpening(at now: Instant) -> Bool {
        if machine.state.isSynchronized {
            icmpDeadline = nil
            // Any other question or request would confirm the peer's SYN as well.
            guard !player.isHolding(.handshakeAck) else { return false }
            phase = plan.asksForProof ? .proving : .requesting
            proof.startedAt = now
            return true
        }
        if let icmpDeadline, now >= icmpDeadline {
            phase = .finished
            return true
        }
        let isTooLate = openingDeadline.map { now >= $0 } ?? false
        guard machine.state == .closed || isTooLate else { return false }
        if hasGivenUp || isTooLate {
            outbox.append(.record(.timer(.gaveUp(.synAck, after: now.since(startedAt)))))
            giveUpOpening(at: now)
        } else {
            phase = .finished
        }
        return true
    }

    private mutating func advanceRequest(at now: Instant) -> Bool {
        if connectionDied(waitingFor: .dataAcknowledgment, at: now) { return true }
        if !requested {
            guard maySpeak(at: now) else { return false }
            requested = true
            machine.send(plan.request, at: now)
            return plan.closesWithRequest ? beginClosing(at: now) : true
        }
        guard machine.acknowledgedOctets >= plan.request.count else { return false }
        return beginClosing(at: now)
    }

    /// True unless the peer has the first word and has neither spoken nor closed, nor let its time pass.
    private mutating func maySpeak(at now: Instant) -> Bool {
        guard plan.speaksSecond, !hasHeardPeer, !machine.isPeerFinReceived else { return true }
        let deadline = speechDeadline ?? now + plan.speechWait
        speechDeadline = deadline
        guard now >= deadline else { return false }
        outbox.append(.record(.timer(.gaveUp(.peerData, after: plan.speechWait))))
        return true
    }

    /// Goes on to the goodbye that the plan wants.
    mutating func beginClosing(at now: Instant) -> Bool {
        if trialsBegun < plan.trials.count, !machine.isPeerFinReceived {
            begin(plan.trials[trialsBegun], at: now)
            trialsBegun += 1
            return true
        }
        switch plan.farewell {
        case .fin:
            machine.close(at: now)
            phase = .closing
        case .afterPeer, .never:
            peerFinDeadline = now + plan.peerFinWait
            phase = .closing
        case .rst:
            partByReset(at: now)
        }
        return true
    }

    private mutating func advanceClosing(at now: Instant) -> Bool {
        if machine.state == .timeWait {
            guard !player.isHolding(.lastAck) else { return false }
            linger(at: now)
            return true
        }
        if connectionDied(waitingFor: machine.isFinSent ? .finAcknowledgment : .dataAcknowledgment, at: now) {
            return true
        }
        if plan.farewell == .afterPeer, machine.state == .closeWait {
            peerFinDeadline = nil
            return finishAfterPeer(at: now)
        }
        if plan.farewell == .afterPeer, machine.state == .established, let deadline = peerFinDeadline, now >= deadline {
            // A peer that leaves the first word to us is not punished for it.
            outbox.append(.record(.timer(.gaveUp(.peerFin, after: plan.peerFinWait))))
            peerFinDeadline = nil
            machine.close(at: now)
            return true
        }
        if machine.state == .finWait2, peerFinDeadline == nil { peerFinDeadline = now + plan.peerFinWait }
        if let deadline = peerFinDeadline, now >= deadline, machine.state != .lastAck {
            if !machine.isPeerFinReceived {
                outbox.append(.record(.timer(.gaveUp(.peerFin, after: plan.peerFinWait))))
            }
            partByReset(at: now)
            return true
        }
        return false
    }

    /// The peer's FIN is here: what is to be said after it, then ours.
    private mutating func finishAfterPeer(at now: Instant) -> Bool {
        if !plan.dataAfterFin.isEmpty {
            if !saidAfterFin {
                saidAfterFin = true
                machine.send(plan.dataAfterFin, at: now)
                return true
            }
            guard machine.acknowledgedOctets >= plan.request.count + plan.dataAfterFin.count else { return false }
        }
        let due = finDue ?? now + plan.finDelay
        if finDue == nil, due > now {
            outbox.append(.record(.manual("our FIN is kept back for \(plan.finDelay.text)")))
        }
        finDue = due
        guard now >= due else { return !outbox.isEmpty }
        machine.close(at: now)
        return machine.nextTimeout.map { $0 <= now } ?? true
    }

    /// True when the machine has reached CLOSED by itself; says what follows from that.
    mutating func connectionDied(waitingFor wait: Event.Wait, at now: Instant) -> Bool {
        guard machine.state == .closed else { return false }
        if hasGivenUp {
            outbox.append(.record(.timer(.gaveUp(wait, after: now.since(startedAt)))))
            partByReset(at: now)
        } else if !beginAfterword(at: now) {
            phase = .finished
        }
        return true
    }

    // MARK: Ending early

    mutating func interrupt(at now: Instant) {
        switch phase {
        case .opening:
            giveUpOpening(at: now)
            phase = .lingering(until: now + .milliseconds(300))
        case .proving, .requesting, .trying, .closing: partByReset(at: now)
        case .lingering, .afterword: phase = .finished
        case .partingByReset, .finished: break
        }
    }

    /// Our SYN may have been heard although no answer came: a RST at ISS+1 releases an embryonic peer.
    private mutating func giveUpOpening(at now: Instant) {
        if machine.lastTransmission != nil {
            outbox.append(.send(machine.crafted(flags: .rst, seq: machine.iss + 1, ack: nil, at: now)))
        }
        isSpeaking = false
        phase = .finished
    }
}
