import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension ConnectionDriver {
    /// What the plan wants done with the segment that the machine has just made.
    mutating func decide(_ segment: TCPSegment, at now: Instant) -> SegmentDecision {
        let decision = player.decide(segment, at: now) { [machine, plan] role in
            machine.hasMade(segment, as: role, request: plan.request.count)
        }
        if case .replace(let others) = decision { askByWrongAck(others, at: now) }
        return decision
    }

    /// A wrong confirmation of the peer's SYN asks what the proof of open asks: the peer's answer is awaited before
    /// another question is put.
    private mutating func askByWrongAck(_ others: [TCPSegment], at now: Instant) {
        guard machine.state == .established, let wrong = others.first(where: { $0.ack != machine.rcvNxt }) else {
            return
        }
        proof.put(acknowledging: wrong.ack, waitUntil: now + plan.proofWait)
    }

    /// A FIN that a person let leave just behind all that we have said closes our direction: the endpoint, too, has sent it
    /// then, answers the peer's FIN, and repeats ours when nothing confirms it.
    mutating func isReplaced(by others: [TCPSegment], at now: Instant) {
        let closes = others.contains {
            $0.flags.contains(.fin) && !$0.flags.contains(.rst) && $0.payload.isEmpty && $0.seq == machine.sndNxt
        }
        guard closes, machine.state == .established || machine.state == .closeWait else { return }
        machine.close(at: now)
        while !machine.isFinSent, machine.poll(at: now) != nil {}
    }

    /// Lets a segment leave that was kept back, and says why.
    mutating func letGo(_ released: ManeuverPlayer.Released, at now: Instant) -> DriverAction {
        var segment = released.segment
        var reason = released.reason
        // Where the peer's FIN was there before ours was made, ours confirms it: the two no longer can cross.
        if released.meetsPeerFin, machine.state == .closing {
            segment.header.acknowledgmentNumber = machine.rcvNxt - 1
            reason += ", and it does not confirm that"
        }
        if let waited = released.missesPeerFin {
            segment.header.acknowledgmentNumber = machine.rcvNxt
            outbox.append(.record(.timer(.gaveUp(.peerFin, after: waited))))
        }
        outbox += [.record(.manual("what was withheld leaves now: \(reason)")), .send(segment)]
        return outbox.removeFirst()
    }
}

extension ConnectionMachine {
    /// True when the segment made last plays this role; `request` is the length of all our text.
    fileprivate func hasMade(_ segment: TCPSegment, as role: Maneuver.Role, request: Int) -> Bool {
        guard let kind = lastTransmission?.kind else { return false }
        return switch role {
        case .syn: kind == .syn
        case .handshakeAck: kind == .ack && !isPassive && segment.seq == iss + 1 && segment.ack == irs + 1
        case .data: kind == .data
        case .lastData: kind == .data && segment.end == iss + 1 + request
        case .fin: kind == .fin
        case .lastAck: kind == .ack && isPeerFinReceived
        }
    }
}
