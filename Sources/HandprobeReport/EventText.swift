import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Events that are no segment of the conversation, in words.
enum EventText {
    /// One clause that says what happened; nil for a segment, which is drawn instead.
    static func clause(_ kind: Event.Kind) -> String? {
        switch kind {
        case .segment: nil
        case .icmpError(let observed): icmp(observed)
        case .timer(.retransmission(let attempt)): "not confirmed in time, attempt \(attempt) follows"
        case .timer(.gaveUp(let wait, let waited)): "\(words(wait)) in \(DurationText.length(waited)), gave up"
        case .captureLoss(let frames): "the capture lost \(frames == 1 ? "1 frame" : "\(frames) frames")"
        case .captureFailed(let reason): "the capture stopped working: \(reason)"
        case .sendFailure(let failure): "not sent: \(failure.call): \(failure.reason)"
        case .notSeenLeaving(let segment): "sent, but not seen leaving so far: \(FlagsText.kind(segment.flags))"
        case .answerElsewhere(let segment, let interface):
            "an answer came in on \(interface) instead: \(FlagsText.kind(segment.flags))"
        case .silenceChecked(let check): "silence checked: \(check.words)"
        case .clockStepped(let step): "the wall clock was stepped by \(DurationText.length(step))"
        case .manual(let clause): "by hand: \(clause)"
        case .interrupted(let signal?): "ended early by \(name(ofSignal: signal))"
        case .interrupted(nil): "ended early: nobody reads the output"
        }
    }

    /// The colour that fits.
    static func ink(_ kind: Event.Kind) -> Ink {
        switch kind {
        case .segment, .manual, .silenceChecked: .plain
        case .timer(.retransmission), .interrupted: .warning
        case .icmpError, .timer(.gaveUp), .captureLoss, .captureFailed, .sendFailure, .notSeenLeaving,
            .answerElsewhere, .clockStepped:
            .bad
        }
    }

    /// Who sent something, as a list names them.
    static func name(_ origin: Origin) -> String {
        switch origin {
        case .us: "us"
        case .peer: "the peer"
        case .router(let address): "router \(address)"
        case .kernel: "this machine's kernel"
        }
    }

    private static func icmp(_ observed: ObservedICMPError) -> String {
        let version = observed.error.family == .v4 ? "ICMP" : "ICMPv6"
        return "\(version) type \(observed.error.type) code \(observed.error.code) from \(name(observed.origin))"
    }

    private static func words(_ wait: Event.Wait) -> String {
        switch wait {
        case .synAck: "no answer to our SYN"
        case .proof: "no evidence that the connection is open"
        case .keepaliveAnswer: "no answer to our keepalive"
        case .peerData: "not an octet from the peer"
        case .dataAcknowledgment: "no ACK of our data"
        case .finAcknowledgment: "no ACK of our FIN"
        case .peerFin: "no FIN from the peer"
        case .goodbyeAnswer: "no answer to the probe after our RST"
        case .anyAnswer: "no answer"
        }
    }

    private static func name(ofSignal number: Int32) -> String {
        switch number {
        case 1: "SIGHUP"
        case 2: "SIGINT"
        case 3: "SIGQUIT"
        case 15: "SIGTERM"
        default: "signal \(number)"
        }
    }
}
