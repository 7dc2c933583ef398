public import HandprobeWire

/// The whole protocol state of one connection in a fixed size: no arrays, no text, no timer objects.
///
/// It decides everything; what it does not hold is text. A machine adds the buffers, and whoever keeps a million
/// connections keeps a million of these with one configuration for all.
public struct ConnectionCore: Sendable {
    /// Things that are true of a connection or due to be sent.
    struct Marks: OptionSet, Sendable {
        var rawValue: UInt32

        /// Opened by LISTEN (MUST-11).
        static let passive = Marks(rawValue: 1 << 0)
        static let synAcknowledged = Marks(rawValue: 1 << 1)
        static let closeAsked = Marks(rawValue: 1 << 2)
        static let finSent = Marks(rawValue: 1 << 3)
        static let finAcknowledged = Marks(rawValue: 1 << 4)
        static let finReceived = Marks(rawValue: 1 << 5)
        static let timestamps = Marks(rawValue: 1 << 6)
        static let sack = Marks(rawValue: 1 << 7)
        /// A round trip is being measured: from `timedAt` until `timedEnd` is acknowledged.
        static let timing = Marks(rawValue: 1 << 8)
        /// A timeout has not yet been made good up to `recover`.
        static let recovering = Marks(rawValue: 1 << 9)
        static let synDue = Marks(rawValue: 1 << 10)
        static let resendDue = Marks(rawValue: 1 << 11)
        static let probeDue = Marks(rawValue: 1 << 12)
        /// An ACK is due; a data segment may carry it.
        static let ackDue = Marks(rawValue: 1 << 13)
        /// An ACK of its own is due before anything else.
        static let ackFirst = Marks(rawValue: 1 << 14)
        static let challengeDue = Marks(rawValue: 1 << 15)
        static let rstDue = Marks(rawValue: 1 << 16)
        static let rstCarriesAck = Marks(rawValue: 1 << 17)
        static let windowScale = Marks(rawValue: 1 << 18)
    }

    /// The most segments in flight. A request and a response need no more than an initial window (RFC 6928).
    static let flightLimit = 10
    /// The least payload of a full segment, whatever MSS a peer states: Linux's own lower bound.
    static let leastSegment = 48

    /// The state.
    public internal(set) var state: ConnectionState = .closed
    /// Why the connection is CLOSED; nil as long as it is not, or never was anything else.
    public internal(set) var outcome: Outcome?
    /// RCV.WND.SHIFT: how far the peer shifts our window fields; 0 without window scaling (RFC 7323 §2.3).
    public internal(set) var rcvWindowShift: UInt8 = 0
    /// SND.WND.SHIFT: how far we shift the peer's window fields, at most 14.
    public internal(set) var sndWindowShift: UInt8 = 0
    /// Transmissions so far of what is the oldest unacknowledged; 0 when nothing is.
    var attempt: UInt8 = 0
    /// How often the interval between window probes was doubled.
    var probeBackoff: UInt8 = 0
    /// Challenge ACKs within the present five seconds.
    var challenges: UInt8 = 0
    var marks: Marks = []

    /// Source port of our segments.
    public let localPort: UInt16
    /// Destination port of our segments.
    public let remotePort: UInt16
    /// The MSS the peer stated, or the default.
    public internal(set) var peerMSS: UInt16 = 0

    /// ISS
    public let iss: SequenceNumber
    /// SND.UNA
    public internal(set) var sndUna: SequenceNumber
    /// SND.NXT: just after the last sequence number sent. A retransmission does not move it.
    public internal(set) var sndNxt: SequenceNumber
    /// SND.WND in octets, scaled.
    public internal(set) var sndWnd: UInt32 = 0
    /// MAX.SND.WND, the largest window the peer has offered (RFC 5961 §5).
    var maxSndWnd: UInt32 = 0
    /// SND.WL1
    var sndWl1 = SequenceNumber(0)
    /// SND.WL2
    var sndWl2 = SequenceNumber(0)
    /// SND.NXT at the last timeout; up to there things are sent again one by one as acknowledgments come in.
    var recover = SequenceNumber(0)

    /// IRS; meaningless before a SYN has arrived.
    public internal(set) var irs = SequenceNumber(0)
    /// RCV.NXT
    public internal(set) var rcvNxt = SequenceNumber(0)
    /// Octets of room for text.
    var room: Int32 = 0
    /// Just after the last sequence number we have offered to take; never moves back.
    var rcvOffered = SequenceNumber(0)
    /// Last.ACK.sent (RFC 7323 §4.3).
    var lastAckSent = SequenceNumber(0)
    /// TS.Recent (RFC 7323 §4.3).
    var tsRecent: UInt32 = 0
    let timestampOffset: UInt32

    var rstSeq = SequenceNumber(0)
    var rstAck = SequenceNumber(0)

    var timedEnd = SequenceNumber(0)
    var timedAt = Instant(nanoseconds: 0)
    /// Microseconds; 0 before the first measurement.
    var srttMicroseconds: UInt32 = 0
    var rttvarMicroseconds: UInt32 = 0
    var rtoMicroseconds: UInt32
    /// When the running timer ends; `never` when none runs. What it is for follows from the state.
    var deadline = Self.never
    var challengesSince = Instant(nanoseconds: 0)

    /// Octets given to us to send and not yet acknowledged.
    var queued = 0
    /// Octets of our data acknowledged so far.
    public internal(set) var acknowledgedOctets = 0

    static let never = Instant(nanoseconds: .max)

    /// A connection in CLOSED.
    public init(_ configuration: ConnectionConfiguration) {
        iss = configuration.iss
        sndUna = configuration.iss
        sndNxt = configuration.iss
        localPort = configuration.localPort
        remotePort = configuration.remotePort
        timestampOffset = configuration.timestampOffset
        rtoMicroseconds = Self.microseconds(configuration.initialRTO)
    }

    /// A duration in microseconds, at least one, cut to what 32 bits hold (71 minutes).
    static func microseconds(_ duration: Duration) -> UInt32 {
        UInt32(clamping: max(1, duration.wholeNanoseconds / 1000))
    }

    /// Sequence numbers sent and not acknowledged.
    var flight: Int { sndNxt.offset(from: sndUna) }

    /// Octets of text sent and not acknowledged.
    var sentText: Int {
        var octets = flight
        if !marks.contains(.synAcknowledged), octets > 0 { octets -= 1 }
        if marks.contains(.finSent), !marks.contains(.finAcknowledged), octets > 0 { octets -= 1 }
        return octets
    }

    /// Octets of text waiting for their first transmission.
    var unsentText: Int { max(0, queued - sentText) }

    /// True when the FIN waits for its first transmission.
    var finWaits: Bool { marks.contains(.closeAsked) && !marks.contains(.finSent) }

    /// RCV.WND in octets: the room there is, and never less than was offered (RFC 9293 §3.10.7.4, seventh).
    public var rcvWnd: Int {
        max(0, Int(room), rcvOffered.distance(from: rcvNxt))
    }

    /// The most text one of our segments carries: what the peer and the path take, less our options (RFC 6691).
    func segmentRoom(_ configuration: ConnectionConfiguration) -> Int {
        let options = configuration.optionReserve + (marks.contains(.timestamps) ? 12 : 0)
        return max(min(Int(peerMSS), configuration.maximumSegment) - options, Self.leastSegment)
    }

    /// When `poll(at:_:)` is to be called again if nothing arrives.
    public var nextTimeout: Instant? { deadline == Self.never ? nil : deadline }

    /// SRTT; nil before the first measurement.
    public var srtt: Duration? { srttMicroseconds == 0 ? nil : .microseconds(Int64(srttMicroseconds)) }

    /// RTO as it stands, backed off where it was.
    public var rto: Duration { .microseconds(Int64(rtoMicroseconds)) }

    /// True when both SYNs had timestamps.
    public var timestampsNegotiated: Bool { marks.contains(.timestamps) }

    /// True when both SYNs had SACK-permitted.
    public var sackNegotiated: Bool { marks.contains(.sack) }

    /// True when it was opened by LISTEN.
    public var isPassive: Bool { marks.contains(.passive) }

    /// True when our SYN has been acknowledged.
    public var isSynAcknowledged: Bool { marks.contains(.synAcknowledged) }

    /// True when our FIN has been sent.
    public var isFinSent: Bool { marks.contains(.finSent) }

    /// True when our FIN has been acknowledged.
    public var isFinAcknowledged: Bool { marks.contains(.finAcknowledged) }

    /// True when the peer's FIN has arrived in order.
    public var isPeerFinReceived: Bool { marks.contains(.finReceived) }
}
