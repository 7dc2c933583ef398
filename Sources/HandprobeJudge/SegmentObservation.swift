/// What one segment adds to what is known of both ends. Numbers count from the SYN of the end they belong to.
struct SegmentObservation: Hashable, Sendable {
    /// How a SYN or FIN compares with the earlier ones of the same end.
    enum Occurrence: Hashable, Sendable {
        case first
        /// The same request again.
        case again
        /// A SYN with another initial sequence number.
        case another
    }

    /// SEG.SEQ from its sender's SYN; nil while that is not known.
    var seq: Int?
    /// SEG.ACK from the other end's SYN; nil without ACK or while that is not known.
    var ack: Int?
    /// The SYN it carries.
    var syn: Occurrence?
    /// The FIN it carries.
    var fin: Occurrence?
    /// Octets of data not captured before.
    var newOctets = 0
    /// Octets of data captured before.
    var repeatedOctets = 0
    /// True when its new octets lie beyond a gap.
    var leavesGap = false
    /// Octets beyond the sender's own FIN.
    var octetsBeyondFin = 0
    /// True for the first acknowledgment of the other end's SYN.
    var confirmsSyn = false
    /// True for the first acknowledgment of the other end's FIN.
    var confirmsFin = false
    /// True when it acknowledges the other end's FIN, for the first time or again.
    var coversFin = false
    /// Octets of data acknowledged for the first time.
    var confirmedOctets = 0
    /// How far it acknowledges beyond everything that the other end has sent.
    var acknowledgedBeyond = 0
    /// True when it acknowledges something before or beside the other end's SYN, which is not acknowledged yet.
    var acknowledgesWrongly = false
    /// True when it begins just before SND.NXT, as a keepalive does.
    var isKeepalive = false
    /// True when it lies beyond the window and was not followed.
    var isOutsideWindow = false
    /// Octets of the window offered before that it takes back, beyond what a window scale rounds off.
    var windowShrunk = 0
    /// For a RST, how it fits what its receiver expects.
    var reset: ResetExactness?
}
