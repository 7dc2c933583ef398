import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// A goodbye by RST: where it goes, how often it was said, until when its confirmation is awaited.
struct ResetParting {
    /// SND.NXT: where the peer, if it has received everything, expects our next octet.
    var seq = SequenceNumber(0)
    /// RCV.NXT when we parted.
    var ack = SequenceNumber(0)
    /// How often the RST and the question after it were sent.
    var attempts = 0
    /// When to repeat them.
    var deadline: Instant?
    /// True once our RST was seen leaving: what was captured before that crossed it and is no answer to it.
    var hasLeft = false
    /// How long each is awaited.
    var patience = Duration.milliseconds(200)
}

extension ConnectionDriver {
    /// RST at exactly SND.NXT (RFC 5961 §3.2 accepts no other at once), then a question that must draw a RST.
    ///
    /// `seq` is SND.NXT where more was sent than the machine knows of.
    mutating func partByReset(at now: Instant, from seq: SequenceNumber? = nil) {
        parting.seq = seq ?? machine.sndNxt
        parting.ack = machine.rcvNxt
        // One that left before, to see what the peer makes of it, was not this.
        parting.hasLeft = false
        parting.patience = min(.seconds(1), max(.milliseconds(200), (machine.srtt ?? .zero) * 3))
        phase = .partingByReset
        sayReset(at: now)
        isSpeaking = false
    }

    private mutating func sayReset(at now: Instant) {
        parting.attempts += 1
        parting.deadline = now + parting.patience
        outbox.append(.send(machine.crafted(flags: .rst, seq: parting.seq, ack: nil, at: now)))
        outbox.append(.send(machine.crafted(flags: .ack, seq: parting.seq, ack: parting.ack, at: now)))
    }

    mutating func advanceParting(at now: Instant) -> Bool {
        guard let deadline = parting.deadline, now >= deadline else { return false }
        if parting.attempts < 3 {
            sayReset(at: now)
        } else {
            let waited = parting.patience * parting.attempts
            outbox.append(.record(.timer(.gaveUp(.goodbyeAnswer, after: waited))))
            phase = .finished
        }
        return true
    }

    /// After our RST: a RST confirms that the peer has forgotten; anything else with an ACK is answered with the exact RST,
    /// unless ours had not left yet.
    mutating func peerSpeaksAfterReset(_ segment: TCPSegment, at now: Instant) {
        if segment.flags.contains(.rst) {
            if phase == .partingByReset { phase = .finished }
        } else if segment.flags.contains(.ack), phase != .partingByReset || parting.hasLeft {
            outbox.append(.send(machine.crafted(flags: .rst, seq: segment.ack, ack: nil, at: now)))
        }
    }
}
