public import HandprobeTCP
public import HandprobeWire

/// One thing that happened, with its moment by the capture clock. A transcript is a list of these and nothing else.
public struct Event: Hashable, Sendable {
    /// When.
    public var time: Timestamp
    /// What.
    public var kind: Kind

    /// An event from its parts.
    public init(time: Timestamp, kind: Kind) {
        self.time = time
        self.kind = kind
    }

    /// What can happen.
    public enum Kind: Hashable, Sendable {
        /// A segment of our connection was captured.
        case segment(ObservedSegment)
        /// An ICMP error was captured; whether its quote is ours is in it.
        case icmpError(ObservedICMPError)
        /// One of our timers ran out.
        case timer(TimerKind)
        /// The capture lost this many frames.
        case captureLoss(frames: Int)
        /// The capture stopped working, so nothing is heard any more: why.
        case captureFailed(reason: String)
        /// The kernel refused to send a segment of ours.
        case sendFailure(SendFailure)
        /// A segment that we sent was never seen leaving.
        case notSeenLeaving(TCPSegment)
        /// An answer came in on another interface than the one captured.
        case answerElsewhere(TCPSegment, interface: String)
        /// Nothing had come in time, and this is what was looked at before silence was believed.
        case silenceChecked(SilenceCheck)
        /// The wall clock was stepped during the run.
        case clockStepped(Duration)
        /// The person or a script withheld, changed, repeated or replaced one of our segments: what was done, in words.
        case manual(String)
        /// The run was ended early: the signal's number, or nil when the output was closed.
        case interrupted(signal: Int32?)
    }

    /// Our timers.
    public enum TimerKind: Hashable, Sendable {
        /// Nothing confirmed a SYN, data or FIN in time; `next` is the attempt that follows (2 is the first repeat).
        case retransmission(nextAttempt: Int)
        /// Attempts are used up, or the whole time is.
        case gaveUp(Wait, after: Duration)
    }

    /// What a timer of ours waited for.
    public enum Wait: String, Hashable, Sendable {
        /// Any answer to our SYN.
        case synAck = "syn-ack"
        /// Evidence that the peer considers the connection open.
        case proof
        /// The peer's first octets, where it has the first word.
        case peerData = "peer-data"
        /// An acknowledgment of our data.
        case dataAcknowledgment = "data-acknowledgment"
        /// An answer to our keepalive.
        case keepaliveAnswer = "keepalive-answer"
        /// An acknowledgment of our FIN.
        case finAcknowledgment = "fin-acknowledgment"
        /// The peer's FIN.
        case peerFin = "peer-fin"
        /// The RST that answers the probe after our RST.
        case goodbyeAnswer = "goodbye-answer"
        /// Anything at all, in `send`.
        case anyAnswer = "any-answer"
    }
}
