/// The two numbers that sequence and acknowledgment numbers are written relative to.
///
/// For a connection they are the sender's initial sequence number and its peer's, so that a SYN stands at 0 and its
/// acknowledgment is 1.
public struct SequenceBase: Hashable, Sendable {
    /// What SEG.SEQ is counted from.
    public var seq: SequenceNumber
    /// What SEG.ACK and the edges of SACK blocks are counted from.
    public var ack: SequenceNumber

    /// Numbers as they stand on the wire.
    public static let absolute = SequenceBase(seq: SequenceNumber(0), ack: SequenceNumber(0))

    /// Bases for one direction.
    public init(seq: SequenceNumber, ack: SequenceNumber) {
        self.seq = seq
        self.ack = ack
    }

    /// The bases of the other direction.
    public var reversed: SequenceBase { SequenceBase(seq: ack, ack: seq) }

    /// `number` as counted from `base`: the signed distance, or the number itself when the base is 0.
    static func count(of number: SequenceNumber, from base: SequenceNumber) -> Int {
        base.rawValue == 0 ? Int(number.rawValue) : number.distance(from: base)
    }
}
