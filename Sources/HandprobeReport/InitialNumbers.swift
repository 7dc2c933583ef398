import HandprobeJudge
import HandprobeWire

/// The initial sequence numbers of both ends, as far as readings have told them.
///
/// They give relative numbers to segments of which a reading says nothing: a repeated packet, a RST of our kernel.
struct InitialNumbers: Sendable {
    private var ours: SequenceNumber?
    private var theirs: SequenceNumber?

    /// What the numbers of a segment are written relative to; absolute where nothing is known yet.
    mutating func base(for observed: ObservedSegment, _ reading: Reading) -> SequenceBase {
        let segment = observed.segment
        let seq = reading.relativeSeq.map { segment.seq - $0 }
        let ack = reading.relativeAck.map { segment.ack - $0 }
        let (sender, receiver) = observed.origin.isHere ? (seq, ack) : (ack, seq)
        ours = sender ?? ours
        theirs = receiver ?? theirs
        let known = SequenceBase(seq: ours ?? SequenceNumber(0), ack: theirs ?? SequenceNumber(0))
        return observed.origin.isHere ? known : known.reversed
    }
}
