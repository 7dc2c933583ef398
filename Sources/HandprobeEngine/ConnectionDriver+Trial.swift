import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// The question whether the peer still has the connection after a trial: a keepalive (RFC 9293 §3.8.4), at most three.
struct LifeQuestion {
    /// Keepalives sent.
    var attempts = 0
    /// When the next one is due.
    var due: Instant
    /// The peer has shown that it still has the connection.
    var isAnswered = false

    static let mostAttempts = 3
    /// How long each is awaited.
    static let patience = Duration.seconds(1)
}

extension ConnectionDriver {
    /// Longer than the half second in which Linux sends one answer to what it cannot accept.
    private static let afterReset = Duration.milliseconds(600)

    /// Puts the connection to a trial.
    mutating func begin(_ trial: Trial, at now: Instant) {
        phase = .trying(trial)
        switch trial {
        case .silence(let duration):
            // Since the last segment: whoever waited in vain for an answer has been silent already.
            life = LifeQuestion(due: max(now, latestSegment + duration))
            outbox.append(.record(.manual("the connection is left alone for \(duration.text)")))
        case .reset(let place):
            life = LifeQuestion(due: now + Self.afterReset)
            let beyond = place == .window ? max(1, machine.sndWnd / 2) : max(machine.sndWnd, 65_535) + 100_000
            let whether = place == .window ? "inside" : "outside"
            outbox.append(
                .record(.manual("a RST \(whether) the window, \(beyond) octets beyond the one that is exact")))
            outbox.append(.send(machine.crafted(flags: .rst, seq: machine.sndNxt + beyond, ack: nil, at: now)))
        }
    }

    /// What the peer says during a trial: an answer to our RST or keepalive shows that it still has the connection.
    mutating func peerSpeaks(in trial: Trial, _ segment: TCPSegment) {
        // Only a bare ACK answers: text may have been on its way before.
        guard segment.flags.intersection([.ack, .rst]) == .ack, segment.len == 0 else { return }
        if case .reset = trial { life.isAnswered = true }
        if life.attempts > 0 { life.isAnswered = true }
    }

    mutating func advanceTrial(at now: Instant) -> Bool {
        if connectionDied(waitingFor: .keepaliveAnswer, at: now) { return true }
        if life.isAnswered || machine.isPeerFinReceived { return beginClosing(at: now) }
        guard now >= life.due else { return false }
        guard life.attempts < LifeQuestion.mostAttempts else {
            let waited = LifeQuestion.patience * LifeQuestion.mostAttempts
            outbox.append(.record(.timer(.gaveUp(.keepaliveAnswer, after: waited))))
            partByReset(at: now)
            return true
        }
        life.attempts += 1
        life.due = now + LifeQuestion.patience
        outbox.append(.send(machine.crafted(flags: .ack, seq: machine.sndNxt - 1, ack: machine.rcvNxt, at: now)))
        return true
    }
}
