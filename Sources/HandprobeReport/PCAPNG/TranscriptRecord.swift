public import HandprobeJudge
public import HandprobeWire

/// What a frame does not show of a transcript, as it stands in a custom option of a pcapng file (Docs/pcapng.md).
public enum TranscriptRecord: Hashable, Sendable {
    /// A conversation begins: its number in the file, its sockets, and what it is measured by.
    case conversation(Int, FourTuple, Expectation)
    /// The frame that carries this option belongs to a conversation; what the capture alone does not tell of it.
    case frame(Int, FrameMark)
    /// Something without a frame happened in a conversation.
    case event(Int, Event)
    /// The result of a conversation was known here, or known better: it rests on what came before the last of these.
    case settled(Int)

    /// The enterprise number that the options are under: the one for examples and documentation (RFC 5612), as the project
    /// has none of its own.
    static let enterprise: UInt32 = 32473

    /// What a live run knows of a frame beyond its octets.
    public struct FrameMark: Hashable, Sendable {
        /// True when our kernel made the segment.
        public var isKernels: Bool
        /// True when several segments were merged before the capture saw them.
        public var isCoalesced: Bool
        /// True when the ICMP error quotes something we sent and that was not acknowledged.
        public var quotesOurs: Bool
        /// True when a packet of ours left with a wrong IP header checksum.
        public var isIPChecksumWrong: Bool
        /// True when lengths that we made wrong hide the segment in the frame.
        public var isHidden: Bool
        /// True when the connection was signed with a key and the segment was not, or wrongly.
        public var isSignatureWrong: Bool
        /// What left differently from what was crafted.
        public var rewritten: [RewrittenField]

        /// A mark from its parts.
        public init(
            isKernels: Bool = false,
            isCoalesced: Bool = false,
            quotesOurs: Bool = false,
            isIPChecksumWrong: Bool = false,
            isHidden: Bool = false,
            isSignatureWrong: Bool = false,
            rewritten: [RewrittenField] = []
        ) {
            self.isKernels = isKernels
            self.isCoalesced = isCoalesced
            self.quotesOurs = quotesOurs
            self.isIPChecksumWrong = isIPChecksumWrong
            self.isHidden = isHidden
            self.isSignatureWrong = isSignatureWrong
            self.rewritten = rewritten
        }
    }

    /// The number of the conversation.
    public var conversation: Int {
        switch self {
        case .conversation(let number, _, _), .frame(let number, _), .event(let number, _), .settled(let number): number
        }
    }
}
