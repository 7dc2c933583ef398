import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What a capture file says next of one of its connections: passed from the half that sorts frames, `FileJudge`, to the
/// half that judges, `ConversationJudging`.
public struct ConversationStep: Sendable {
    /// Where the connection is kept; after its end the place may be another one's.
    var place: Int
    var kind: Kind

    enum Kind: Sendable {
        case began(number: Int, FourTuple, Expectation, at: Timestamp)
        // On the heap, because an event is large and is passed on several times.
        indirect case happened(Event)
        /// When the file was written by a live run: its result was known here.
        case settled
        case ended(times: ClosedRange<Timestamp>)
        /// The file has nothing more for now; of no connection in particular.
        case paused
    }
}
