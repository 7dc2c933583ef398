/// What `make fuzz` feeds with octets. The same functions replay past failures in the unit tests.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// A captured frame of any link type.
    case frame
    /// The options of a TCP header.
    case options
    /// An ICMP error and the packet it quotes.
    case quote
    /// Text that a person typed: a segment, options, flags, hexadecimal digits.
    case notation
    /// A pcapng file, whole and in pieces.
    case pcapng
    /// A classic pcap file, through libpcap.
    case pcap
    /// The TCP machine: calls, segments near the edges of its windows, timeouts.
    case machine
    /// The recorder and the judge: packets of both ends, ICMP errors, what happens on this machine.
    case conversation
    /// The reports of such a conversation, and its file.
    case report

    /// Feeds one input. Throws the rule that it breaks.
    public func run(_ octets: [UInt8]) throws(BrokenRule) {
        switch self {
        case .frame: try FrameFuzz.run(octets)
        case .options: try OptionsFuzz.run(octets)
        case .quote: try QuoteFuzz.run(octets)
        case .notation: try NotationFuzz.run(octets)
        case .pcapng: try PCAPNGFuzz.run(octets)
        case .pcap: try PcapFuzz.run(octets)
        case .machine: try MachineFuzz.run(octets)
        case .conversation: try ConversationFuzz.run(octets)
        case .report: try RenderFuzz.run(octets)
        }
    }
}
