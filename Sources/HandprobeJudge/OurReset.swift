import HandprobeWire

/// Our RST at exactly SND.NXT and what came of it.
struct OurReset: Hashable, Sendable {
    var moment: Moment
    var repeats = 0
    /// Segments of ours that asked whether the peer has forgotten the connection.
    var questions = 0
    /// The last of them: its acknowledgment number and its end.
    var questionAck: SequenceNumber?
    var questionEnd: SequenceNumber?
    /// The RST that showed it.
    var confirmation: Moment?
}
