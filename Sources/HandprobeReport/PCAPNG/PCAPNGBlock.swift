/// One block of a pcapng file, read.
public enum PCAPNGBlock: Hashable, Sendable {
    /// A section begins: interfaces count from 0 again.
    case section(PCAPNGSection)
    /// The next interface of the section.
    case interface(PCAPNGInterface)
    /// A frame, with the interface it was captured on.
    case frame(PCAPNGFrame, PCAPNGInterface)
    /// Counters of a capture.
    case statistics(PCAPNGStatistics)
    /// A block of another type, or too long to be a frame of TCP: passed over.
    case skipped(type: UInt32, length: Int)
    /// A block that contradicts itself: passed over, and why.
    case malformed(PCAPNGError)
}
