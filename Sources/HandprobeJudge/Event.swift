public import HandprobeTCP
public import HandprobeWire

/// Who made a segment or an error.
public enum Origin: Hashable, Sendable {
    /// This program, or the first opener in a capture file.
    case us
    /// The other end.
    case peer
    /// A host on the way, by its address.
    case router(IPAddress)
    /// This machine's kernel, which should have kept out.
    case kernel
}

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
        /// The kernel refused to send a segment of ours.
        case sendFailure(SendFailure)
        /// A segment that we sent was never seen leaving.
        case notSeenLeaving(TCPSegment)
        /// An answer came in on another interface than the one captured.
        case answerElsewhere(TCPSegment, interface: String)
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
        /// An acknowledgment of our data.
        case dataAcknowledgment = "data-acknowledgment"
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

/// A captured segment of our connection with everything the capture says of it.
public struct ObservedSegment: Hashable, Sendable {
    /// Who made it: us, the peer, or our kernel.
    public var origin: Origin
    /// The segment.
    public var segment: TCPSegment
    /// The IP header it travelled in.
    public var ip: IPHeader
    /// What its checksum field says.
    public var checksum: ChecksumVerdict
    /// The interface it was captured on.
    public var interface: String
    /// VLAN identifiers, outermost first.
    public var vlans: [UInt16]
    /// True when it was larger than the MSS allows, so that several segments were merged before the capture saw them.
    public var isCoalesced: Bool
    /// Octets of payload that were on the wire but not captured.
    public var missingOctets: Int
    /// For our own: what left differently from what was crafted.
    public var rewritten: [RewrittenField]
    /// The captured frame from its link header on.
    public var frame: [UInt8]
    /// What the frame begins with.
    public var linkType: LinkType

    /// A captured segment from its parts.
    public init(
        origin: Origin,
        segment: TCPSegment,
        ip: IPHeader,
        checksum: ChecksumVerdict = .good,
        interface: String = "",
        vlans: [UInt16] = [],
        isCoalesced: Bool = false,
        missingOctets: Int = 0,
        rewritten: [RewrittenField] = [],
        frame: [UInt8] = [],
        linkType: LinkType = .raw
    ) {
        self.origin = origin
        self.segment = segment
        self.ip = ip
        self.checksum = checksum
        self.interface = interface
        self.vlans = vlans
        self.isCoalesced = isCoalesced
        self.missingOctets = missingOctets
        self.rewritten = rewritten
        self.frame = frame
        self.linkType = linkType
    }
}

/// One field that this machine changed between our crafting it and its leaving.
public struct RewrittenField: Hashable, Sendable {
    /// The field's name in the field's standard terms.
    public var field: String
    /// What was crafted.
    public var crafted: String
    /// What left.
    public var left: String

    /// A changed field.
    public init(field: String, crafted: String, left: String) {
        self.field = field
        self.crafted = crafted
        self.left = left
    }
}

/// A captured ICMP error whose quote names our connection's addresses and ports.
public struct ObservedICMPError: Hashable, Sendable {
    /// Who sent it: the peer or a router.
    public var origin: Origin
    /// The error and its quote.
    public var error: ICMPError
    /// True when the quoted sequence number is of something we sent and that is not yet acknowledged (RFC 5927 §4).
    public var quotesOurs: Bool
    /// The captured frame from its link header on.
    public var frame: [UInt8]
    /// What the frame begins with.
    public var linkType: LinkType

    /// A captured error from its parts.
    public init(
        origin: Origin,
        error: ICMPError,
        quotesOurs: Bool,
        frame: [UInt8] = [],
        linkType: LinkType = .raw
    ) {
        self.origin = origin
        self.error = error
        self.quotesOurs = quotesOurs
        self.frame = frame
        self.linkType = linkType
    }
}
