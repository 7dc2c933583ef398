public import HandprobeWire

/// One frame of a capture file of either format.
public struct FileFrame: Sendable {
    /// The frame from its link header on.
    public var octets: [UInt8]
    /// What it begins with.
    public var linkType: LinkType
    /// When it was captured; nil where the file does not tell.
    public var time: Timestamp?
    /// Octets on the wire; more than there are when the snaplen cut it.
    public var originalLength: Int
    /// The interface it was captured on; empty where the file does not tell.
    public var interface: String
    /// The values of custom options made under the number of `TranscriptRecord`, in order, without that number.
    public var records: [[UInt8]]

    /// A frame from its parts.
    public init(
        octets: [UInt8],
        linkType: LinkType,
        time: Timestamp?,
        originalLength: Int,
        interface: String = "",
        records: [[UInt8]] = []
    ) {
        self.octets = octets
        self.linkType = linkType
        self.time = time
        self.originalLength = originalLength
        self.interface = interface
        self.records = records
    }

    /// A frame of a pcapng file.
    public init(_ frame: PCAPNGFrame, on interface: PCAPNGInterface) {
        self.init(
            octets: frame.octets,
            linkType: interface.linkType,
            time: frame.time,
            originalLength: frame.originalLength,
            interface: interface.name,
            records: frame.records
        )
    }
}
