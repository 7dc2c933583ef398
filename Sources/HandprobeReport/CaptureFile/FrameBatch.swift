import HandprobeWire

/// Frames of many conversations, kept for a while so that those of each are judged one after the other.
///
/// On a busy link every frame belongs to another conversation than the one before it. Judged at once, each would find
/// what is known of its conversation gone from the processor's caches.
public struct FrameBatch: Sendable {
    /// How much a batch holds before it is judged.
    public struct Limits: Hashable, Sendable {
        /// Frames.
        public var frames = 8_192
        /// Octets of them.
        public var octets = 1 << 22
        /// Conversations that are over.
        public var ends = 2048

        /// The usual limits.
        public init() {}
    }

    /// Where the frames of a conversation are: in which batch, by its number, and at which place of its `groups`.
    struct Place: Sendable {
        var batch: Int32?
        var group: Int32 = 0
    }

    /// One thing that happened in a conversation.
    struct Entry: Sendable {
        enum Content: Sendable {
            /// A frame, and what is known of the checksum of a segment in it.
            case frame(
                octets: Range<Int>, originalLength: Int, linkType: LinkType, interface: Int, checksum: ChecksumVerdict?)
            case captureLoss(frames: Int)
        }

        /// The place of its conversation's group.
        var group: Int
        var time: Timestamp
        var content: Content
    }

    /// What happened in one conversation.
    struct Group: Sendable {
        /// Its place in the table.
        var place: Int
        /// The connection, in the first batch that has something of it.
        var beginning: FourTuple?
        /// How many entries it has, and octets in them.
        var entryCount = 0
        var octetCount = 0
    }

    /// A conversation that is over.
    struct End: Sendable {
        var group: Int
        var number: Int
        var flow: FourTuple
        var times: ClosedRange<Timestamp>
    }

    /// Its number, from 0.
    private(set) var number: Int32 = 0
    /// Group by group, once it is sorted.
    private(set) var octets: [UInt8] = []
    private(set) var entries: [Entry] = []
    /// What the other two are sorted into; empty otherwise.
    private var sortedOctets: [UInt8] = []
    private var sortedEntries: [Entry] = []
    private(set) var groups: [Group] = []
    private(set) var ends: [End] = []
    private(set) var interfaces: [String] = []

    var isEmpty: Bool { groups.isEmpty }

    func isFull(_ limits: Limits) -> Bool {
        entries.count >= limits.frames || octets.count >= limits.octets || ends.count >= limits.ends
    }

    /// Makes it empty, and the batch after the one with `number`.
    mutating func reuse(after number: Int32) {
        self.number = number &+ 1
        octets.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        interfaces.removeAll(keepingCapacity: true)
    }

    mutating func add(
        _ frame: FileFrame, _ checksum: ChecksumVerdict?, at time: Timestamp, of conversation: inout Conversation,
        at place: Int
    ) {
        let group = group(of: &conversation, at: place)
        let start = octets.count
        octets += frame.octets
        if interfaces.last != frame.interface { interfaces.append(frame.interface) }
        groups[group].octetCount += frame.octets.count
        add(
            .frame(
                octets: start..<octets.count, originalLength: frame.originalLength, linkType: frame.linkType,
                interface: interfaces.count - 1, checksum: checksum),
            at: time, of: &conversation, in: group)
    }

    mutating func add(loss frames: Int, at time: Timestamp, of conversation: inout Conversation, at place: Int) {
        let group = group(of: &conversation, at: place)
        add(.captureLoss(frames: frames), at: time, of: &conversation, in: group)
    }

    /// The conversation is over; it has gone from its place.
    mutating func end(_ conversation: consuming Conversation, at place: Int) {
        let group = group(of: &conversation, at: place)
        ends.append(
            End(group: group, number: conversation.number, flow: conversation.flow, times: conversation.times))
    }

    private mutating func add(
        _ content: Entry.Content, at time: Timestamp, of conversation: inout Conversation, in group: Int
    ) {
        conversation.isRecent = true
        conversation.last = max(conversation.last, time)
        groups[group].entryCount += 1
        entries.append(Entry(group: group, time: time, content: content))
    }

    private mutating func group(of conversation: inout Conversation, at place: Int) -> Int {
        if conversation.kept.batch == number { return Int(conversation.kept.group) }
        let isFirst = conversation.kept.batch == nil
        groups.append(Group(place: place, beginning: isFirst ? conversation.flow : nil))
        conversation.kept = Place(batch: number, group: Int32(groups.count - 1))
        return groups.count - 1
    }

    /// Lays the entries of each group and their octets one behind the other.
    mutating func sort() {
        guard let anyEntry = entries.first else { return }
        sortedEntries += repeatElement(anyEntry, count: entries.count)
        sortedOctets += repeatElement(0, count: octets.count)
        var entryPlaces: [Int] = []
        var octetPlaces: [Int] = []
        var (entryCount, octetCount) = (0, 0)
        for group in groups {
            entryPlaces.append(entryCount)
            octetPlaces.append(octetCount)
            entryCount += group.entryCount
            octetCount += group.octetCount
        }
        for var entry in entries {
            if case .frame(let range, let originalLength, let linkType, let interface, let checksum) = entry.content {
                let place = octetPlaces[entry.group]
                octetPlaces[entry.group] += range.count
                unsafe sortedOctets.withUnsafeMutableBytes { sorted in
                    unsafe octets.withUnsafeBytes {
                        unsafe UnsafeMutableRawBufferPointer(rebasing: sorted[place..<place + range.count])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range]))
                    }
                }
                entry.content = .frame(
                    octets: place..<place + range.count, originalLength: originalLength, linkType: linkType,
                    interface: interface, checksum: checksum)
            }
            sortedEntries[entryPlaces[entry.group]] = entry
            entryPlaces[entry.group] += 1
        }
        swap(&octets, &sortedOctets)
        swap(&entries, &sortedEntries)
        sortedOctets.removeAll(keepingCapacity: true)
        sortedEntries.removeAll(keepingCapacity: true)
    }
}
