/// What a capture says of itself.
public struct CaptureStatistics: Hashable, Sendable {
    /// The interface.
    public var interface: String
    /// Frames that passed the filter, by the kernel's count; on `lo` each counts twice.
    public var received: Int
    /// Frames that passed the filter and were lost for want of room.
    public var dropped: Int
}
