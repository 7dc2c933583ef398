import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension Engine {
    /// Asks the driver for actions until it has none, or one is held back.
    ///
    /// A driver is a value: it is asked on a copy, and the copy is kept only if the action is carried out. So a held
    /// segment is made anew, with the acknowledgment and the clock of the moment in which it really leaves; and when what
    /// arrives meanwhile makes another one of it, that one is offered.
    func drain(_ id: ConversationID) {
        while let conversation = conversations[id] {
            let now = transport.now
            var driver = conversation.driver
            guard let action = driver.poll(at: now) else {
                conversations[id]?.driver = driver
                return
            }
            if let held = conversation.held, let segment = action.segment, segment.saysTheSame(as: held) { return }
            let asks = !conversation.isBrokenOff
            let decision = action.segment.map { asks ? observer.offered($0, of: id) : .send } ?? .send
            if decision == .hold {
                conversations[id]?.held = action.segment
                return
            }
            if decision == .abort {
                breakOffByHand(id, at: now)
                continue
            }
            conversations[id]?.driver = driver
            carryOut(action, decision, of: id, at: now)
        }
    }

    /// Decides about the segment that a conversation holds.
    func release(_ id: ConversationID, _ decision: SegmentDecision) {
        guard decision != .hold, var conversation = conversations[id], conversation.held != nil else { return }
        let now = transport.now
        conversation.held = nil
        let action = decision == .abort ? nil : conversation.driver.poll(at: now)
        conversations[id] = conversation
        if decision == .abort { breakOffByHand(id, at: now) }
        if let action { carryOut(action, decision, of: id, at: now) }
        serve(id)
    }

    private func carryOut(_ action: DriverAction, _ decision: SegmentDecision, of id: ConversationID, at now: Instant) {
        guard let segment = action.segment else {
            guard case .record(let kind) = action else { return }
            if kind.isSilence, let flow = conversations[id]?.flow {
                record(.silenceChecked(transport.checkSilence(of: flow.remote)), of: id, at: now)
            }
            record(kind, of: id, at: now)
            return
        }
        let base = conversations[id]?.driver.base ?? .absolute
        let shown = segment.bareNotation(relativeTo: base)
        // A person's word counts for more than the plan's.
        switch decision == .send ? action.decision : decision {
        case .send, .hold, .abort:
            transmit([action], of: id, at: now)
        case .sendTwice:
            record(.manual("sent twice: \(shown)"), of: id, at: now)
            transmit([action, action], of: id, at: now)
        case .withhold:
            record(.manual("withheld: \(shown)"), of: id, at: now)
        case .replace(let others):
            let left = others.map { $0.bareNotation(relativeTo: base) }.joined(separator: ", then ")
            record(.manual("\(shown) was replaced by \(left)"), of: id, at: now)
            if decision != .send { conversations[id]?.driver.isReplaced(by: others, at: now) }
            transmit(others.map(DriverAction.send), of: id, at: now)
        }
    }

    /// The segment that was offered is not sent, and the endpoint does not believe it was.
    private func breakOffByHand(_ id: ConversationID, at now: Instant) {
        record(.manual("broken off by hand"), of: id, at: now)
        breakOff(id, at: now)
    }

    /// Says goodbye now. The goodbye is nobody's to decide about, and what was held never leaves.
    func breakOff(_ id: ConversationID, at now: Instant) {
        conversations[id]?.driver.interrupt(at: now)
        conversations[id]?.held = nil
        conversations[id]?.isBrokenOff = true
    }

    func record(_ kind: Event.Kind, of id: ConversationID, at now: Instant) {
        let event = Event(time: transport.wallClock(of: now), kind: kind)
        guard case .manual = kind else { return deliver(event, to: id) }
        conversations[id]?.decided.append((event, now))
        tellDecided(id)
    }

    private func transmit(_ actions: [DriverAction], of id: ConversationID, at now: Instant) {
        guard var conversation = conversations[id] else { return }
        var packets: [OutgoingPacket] = []
        for action in actions {
            switch action {
            case .send(let segment), .play(let segment, _): packets.append(conversation.pack(segment))
            case .sendPacket(let packet, _): packets.append(packet)
            case .record: break
            }
        }
        for packet in packets { conversation.recorder.willSend(packet: packet.octets, at: now) }
        if conversation.recorder.awaitsBroken { sendersOfBroken.insert(id) }
        conversations[id] = conversation
        for (packet, failure) in zip(packets, transport.send(packets)) {
            guard let failure else { continue }
            conversations[id]?.recorder.didNotSend(packet: packet.octets)
            record(.sendFailure(failure), of: id, at: now)
        }
    }
}

extension TCPSegment {
    /// The segment in words, without the options.
    fileprivate func bareNotation(relativeTo base: SequenceBase) -> String {
        var bare = self
        bare.options = TCPOptions()
        return bare.notation(relativeTo: base)
    }

    /// True when nothing but the clock in the options tells the segments apart.
    fileprivate func saysTheSame(as other: TCPSegment) -> Bool {
        header == other.header && options.count == other.options.count && payload == other.payload
    }
}

extension Engine.Conversation {
    /// The packet around a segment; each has the next IPv4 identification, never zero.
    mutating func pack(_ segment: TCPSegment) -> OutgoingPacket {
        var segment = segment
        key?.sign(&segment, from: flow.local.address, to: flow.remote.address)
        var template = SegmentTemplate(segment: segment)
        template.ip.hopLimit = shape.hopLimit
        template.ip.trafficClass = shape.trafficClass
        template.ip.dontFragment = shape.dontFragment
        template.ip.identification = shape.identification
        template.ip.flowLabel = shape.flowLabel
        shape.identification = shape.identification == .max ? 1 : shape.identification + 1
        return OutgoingPacket(octets: template.packet(from: flow.local, to: flow.remote), destination: flow.remote)
    }
}

extension Event.Kind {
    /// True when the whole answer is that none came.
    fileprivate var isSilence: Bool {
        switch self {
        case .timer(.gaveUp(.synAck, _)), .timer(.gaveUp(.anyAnswer, _)): true
        default: false
        }
    }
}

extension DriverAction {
    /// The segment that would leave; nil when none would.
    var segment: TCPSegment? {
        switch self {
        case .send(let segment), .play(let segment, _), .sendPacket(_, let segment): segment
        case .record: nil
        }
    }

    /// What the plan wants done with the segment.
    var decision: SegmentDecision {
        if case .play(_, let decision) = self { decision } else { .send }
    }
}
