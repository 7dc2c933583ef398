public import HandprobeWire

/// What a capture file holds beside its connections, counted while it is read.
public struct FileFigures: Hashable, Sendable {
    /// Frames read.
    public internal(set) var frames = 0
    /// Of these, frames of no TCP connection, and no errors about one.
    public internal(set) var otherFrames = 0
    /// Connections that were begun with.
    public internal(set) var connections = 0
    /// Connections given up before their end because too many were open at once.
    public internal(set) var givenUp = 0
    /// Frames that the snaplen cut short.
    public internal(set) var cut = 0
    /// Frames that carry a fragment of an IP packet.
    public internal(set) var fragments = 0
    /// Frames with a time before that of the frame before them.
    public internal(set) var backwards = 0
    /// Frames without a time.
    public internal(set) var timeless = 0
    /// Frames with a link type that cannot be read.
    public internal(set) var unreadable = 0
    /// The first such type.
    public internal(set) var unreadableType: LinkType?
    /// Frames that the capture says it has lost.
    public internal(set) var lost: UInt64 = 0
    /// Blocks that contradict themselves.
    public internal(set) var malformed = 0
    /// What is wrong with the first of them.
    public internal(set) var firstMalformed: PCAPNGError?

    /// Nothing read.
    public init() {}

    /// Counts a frame that follows one with the time `before`.
    mutating func count(_ frame: FileFrame, after before: Timestamp) {
        frames += 1
        if frame.originalLength > frame.octets.count { cut += 1 }
        guard let time = frame.time else { return timeless += 1 }
        if frames > 1, time < before { backwards += 1 }
    }

    /// True when frames are missing, so that any connection may be other than it looks.
    public var isDegraded: Bool { lost > 0 || malformed > 0 || givenUp > 0 }

    /// What is worth knowing before the rest is believed, a sentence each.
    public var remarks: [String] {
        var remarks: [String] = []
        if lost > 0 { remarks.append("the capture says that it lost \(Self.count(Int(clamping: lost), "frame"))") }
        if let firstMalformed {
            let which = malformed == 1 ? "1 block was" : "\(malformed) blocks were"
            remarks.append("\(which) passed over: \(firstMalformed)")
        }
        if givenUp > 0 {
            remarks.append(
                "\(Self.count(givenUp, "connection")) had to be given up while open, because too many were open at once; "
                    + "what came later of them counts as others")
        }
        if cut > 0 { remarks.append("\(Self.count(cut, "frame")) cut short by the snaplen: judged by what is left") }
        if fragments > 0 {
            remarks.append(
                "\(Self.count(fragments, "fragment")) of IP packets: only what first fragments carry was judged")
        }
        if backwards > 0 {
            remarks.append(
                "\(Self.count(backwards, "frame")) earlier than the one before: judged in the order of the file")
        }
        if timeless > 0 {
            remarks.append("\(Self.count(timeless, "frame")) without a time, taken for that of the one before")
        }
        if let unreadableType {
            remarks.append(
                "\(Self.count(unreadable, "frame")) with link type \(unreadableType.rawValue), which cannot be read")
        }
        return remarks
    }

    /// `1 frame`, `12 frames`.
    static func count(_ number: Int, _ what: String) -> String { number == 1 ? "1 \(what)" : "\(number) \(what)s" }
}
