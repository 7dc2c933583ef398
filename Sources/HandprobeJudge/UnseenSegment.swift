import HandprobeWire

/// A segment of ours that was handed over for sending and not seen leaving so far.
struct UnseenSegment: Hashable, Sendable {
    /// The most that are remembered.
    static let most = FlowRecorder.mostPackets

    var segment: TCPSegment
    var moment: Moment
    var stage: Stage

    /// True when `other` is this segment, whatever this machine has changed in its options, its window or its checksum.
    func isCarried(by other: TCPSegment) -> Bool {
        guard segment.seq == other.seq, segment.ack == other.ack, segment.flags == other.flags else { return false }
        return segment.payload == other.payload
    }
}
