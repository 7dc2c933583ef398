/// What an interface statistics block says of a capture.
public struct PCAPNGStatistics: Hashable, Sendable {
    /// The interface, counted from 0 in its section.
    public var interface: Int
    /// Frames that the interface delivered (isb_ifrecv); nil when not said.
    public var received: UInt64?
    /// Frames that the interface lost (isb_ifdrop); nil when not said.
    public var dropped: UInt64?
    /// Frames that the operating system lost (isb_osdrop); nil when not said.
    public var droppedBySystem: UInt64?
    /// The values of custom options made under the number of `TranscriptRecord`, in order, without that number.
    public var records: [[UInt8]]

    /// Statistics from their parts.
    public init(
        interface: Int,
        received: UInt64? = nil,
        dropped: UInt64? = nil,
        droppedBySystem: UInt64? = nil,
        records: [[UInt8]] = []
    ) {
        self.interface = interface
        self.received = received
        self.dropped = dropped
        self.droppedBySystem = droppedBySystem
        self.records = records
    }
}
