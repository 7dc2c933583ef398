import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// The question whether the peer considers the connection open: an acknowledgment of an octet it has not sent.
///
/// A synchronised connection answers with an ACK (RFC 9293 §3.10.7.4), an embryonic one with a RST at that
/// acknowledgment, and survives (§3.5.2 item 2). Some stacks say nothing, so silence refutes nothing.
struct ProofQuestion {
    /// When the connection was ready to be asked about.
    var startedAt: Instant?
    /// What the question acknowledged; nil before it is asked.
    private(set) var asked: SequenceNumber?
    /// The evidence is in.
    var isAnswered = false
    /// Until when it is awaited.
    private(set) var deadline: Instant?
    private var mayAsk = true

    /// Whether the question is to be put now.
    var isDue: Bool { mayAsk && !isAnswered }

    mutating func put(acknowledging: SequenceNumber, waitUntil: Instant) {
        asked = acknowledging
        mayAsk = false
        deadline = max(deadline ?? waitUntil, waitUntil)
    }

    /// The peer repeated its SYN-ACK and our ACK went out again, so the answer may now be another.
    mutating func askAgain() {
        mayAsk = true
    }

    /// A RST at the number that was asked about says that the peer is embryonic; it ends nothing.
    func isRefused(by segment: TCPSegment) -> Bool {
        segment.flags.contains(.rst) && segment.seq == asked
    }

    mutating func peerIsEmbryonic(at now: Instant, watchUntil: Instant) {
        deadline = max(deadline ?? watchUntil, watchUntil)
    }
}

extension ConnectionDriver {
    mutating func advanceProof(at now: Instant) -> Bool {
        if connectionDied(waitingFor: .proof, at: now) { return true }
        if proof.isAnswered {
            phase = .requesting
            return true
        }
        if proof.isDue {
            let beyond = machine.rcvNxt + 1
            proof.put(acknowledging: beyond, waitUntil: now + plan.proofWait)
            outbox.append(.send(machine.crafted(flags: .ack, seq: machine.sndNxt, ack: beyond, at: now)))
            return true
        }
        guard let deadline = proof.deadline, now >= deadline else { return false }
        outbox.append(.record(.timer(.gaveUp(.proof, after: deadline.since(proof.startedAt ?? deadline)))))
        phase = .requesting
        return true
    }
}
