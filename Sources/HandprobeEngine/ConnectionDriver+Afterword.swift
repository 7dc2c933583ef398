import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What is said once a connection has ended, to see what its peer makes of it.
enum Afterword: Hashable {
    /// Octets after the peer's RST, where no FIN of ours stands before them.
    case data
    /// Our FIN again, after both directions were closed.
    case fin
}

extension ConnectionDriver {
    /// Says the afterword that the plan has for such an end; false when it has none.
    mutating func beginAfterword(at now: Instant) -> Bool {
        switch machine.outcome {
        case .reset where !plan.dataAfterReset.isEmpty && !machine.isFinSent:
            life = LifeQuestion(due: now)
            phase = .afterword(.data)
        case .closedInOrder where plan.recallWait != nil && machine.isPeerFinReceived:
            let wait = plan.recallWait ?? .zero
            life = LifeQuestion(due: now + wait)
            phase = .afterword(.fin)
            outbox.append(.record(.manual("the peer is left alone for \(wait.text), then asked by our FIN again")))
        default:
            return false
        }
        isSpeaking = false
        return true
    }

    mutating func advance(_ afterword: Afterword, at now: Instant) -> Bool {
        guard now >= life.due else { return false }
        guard life.attempts < LifeQuestion.mostAttempts else {
            let waited = LifeQuestion.patience * LifeQuestion.mostAttempts
            outbox.append(.record(.timer(.gaveUp(.anyAnswer, after: waited))))
            phase = .finished
            return true
        }
        life.attempts += 1
        life.due = now + LifeQuestion.patience
        switch afterword {
        case .data:
            var segment = machine.crafted(flags: [.psh, .ack], seq: machine.sndNxt, ack: machine.rcvNxt, at: now)
            segment.payload = plan.dataAfterReset[...]
            outbox.append(.send(segment))
        case .fin:
            outbox.append(
                .send(machine.crafted(flags: [.fin, .ack], seq: machine.sndNxt - 1, ack: machine.rcvNxt, at: now)))
        }
        return true
    }

    /// A RST shows that the peer has forgotten the connection, anything else that it has not.
    mutating func peerSpeaks(after afterword: Afterword, _ segment: TCPSegment, at now: Instant) {
        guard life.attempts > 0, segment.flags.contains(.rst) || segment.flags.contains(.ack) else { return }
        if afterword == .data, !segment.flags.contains(.rst) {
            partByReset(at: now, from: machine.sndNxt + plan.dataAfterReset.count)
        } else {
            phase = .finished
        }
    }
}
