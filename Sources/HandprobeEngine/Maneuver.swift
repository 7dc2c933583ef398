/// Something done on purpose to one of our segments between the TCP endpoint and the wire.
///
/// The endpoint knows nothing of it: it believes that what it made has left. So a withheld segment is to it a lost one,
/// and everything that TCP does about losses goes on. Each act is recorded as one by hand.
public struct Maneuver: Hashable, Sendable {
    /// Which of our segments, by what it is for.
    public enum Role: Hashable, Sendable {
        /// Our SYN, as the end that opens.
        case syn
        /// The bare ACK that confirms the peer's SYN-ACK.
        case handshakeAck
        /// A segment with text of ours and without FIN.
        case data
        /// The segment with the last text, where it carries no FIN.
        case lastData
        /// The segment with our FIN.
        case fin
        /// A bare ACK that confirms the peer's FIN.
        case lastAck
    }

    /// What is done to it.
    public enum Move: Hashable, Sendable {
        /// It never leaves; the segments that follow it do its work.
        case omit
        /// It is kept back, and so is whatever takes its place, until then.
        case hold(Release)
        /// It leaves two times.
        case sendTwice
        /// These leave in its stead, in this order; with none it is lost like one that is omitted.
        case replace([Alteration])
    }

    /// When what was kept back leaves.
    public enum Release: Hashable, Sendable {
        /// When the peer's FIN has come; it then confirms everything but that. After `atMost` in any case.
        case peerFin(atMost: Duration)
        /// When the peer has stopped asking for it; after `atMost` in any case.
        case peerSilence(atMost: Duration)
        /// This time after our FIN has left.
        case ourFin(then: Duration)
    }

    /// Which segment.
    public var role: Role
    /// What is done: to the first such segment, or, with `hold`, to all that come before its release.
    public var move: Move

    /// A maneuver from its parts.
    public init(_ role: Role, _ move: Move) {
        self.role = role
        self.move = move
    }
}
