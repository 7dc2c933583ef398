public import HandprobeWire

/// A segment as the core plans it: complete but for its text, which the core does not hold.
public struct PlannedSegment: Sendable {
    /// Header and options; the payload is empty.
    public var segment: TCPSegment
    /// The text it carries, in octets from the first one ever sent on the connection.
    public var text: Range<Int>
    /// What it is for.
    public var transmission: Transmission
}
