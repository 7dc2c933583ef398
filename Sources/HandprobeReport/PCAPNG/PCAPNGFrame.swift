public import HandprobeWire

/// One frame of a pcapng file.
public struct PCAPNGFrame: Hashable, Sendable {
    /// The interface, counted from 0 in its section.
    public var interface: Int
    /// When it was captured; nil in a simple packet block, which has no time.
    public var time: Timestamp?
    /// Octets on the wire; more than there are when the snaplen cut it.
    public var originalLength: Int
    /// The frame from its link header on.
    public var octets: [UInt8]
    /// Comments on it.
    public var comments: [String]
    /// The values of custom options made under the number of `TranscriptRecord`, in order, without that number.
    public var records: [[UInt8]]

    /// A frame from its parts.
    public init(
        interface: Int,
        time: Timestamp?,
        originalLength: Int,
        octets: [UInt8],
        comments: [String] = [],
        records: [[UInt8]] = []
    ) {
        self.interface = interface
        self.time = time
        self.originalLength = originalLength
        self.octets = octets
        self.comments = comments
        self.records = records
    }
}
