import HandprobeWire

/// An event's place in the transcript and its time.
struct Moment: Hashable, Sendable {
    var index: Int
    var time: Timestamp
}
