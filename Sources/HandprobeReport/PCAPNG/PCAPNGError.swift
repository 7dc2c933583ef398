/// Why a pcapng file, or a block of it, cannot be read.
public enum PCAPNGError: Error, Hashable, Sendable {
    /// The octets begin as a classic pcap file does.
    case classicPcap
    /// The octets begin as no capture file does.
    case notPCAPNG
    /// The section is of another major version of the format.
    case unsupportedVersion(major: UInt16, minor: UInt16)
    /// A block's length, at this offset of the file, is none that a block of its type can have.
    case badBlockLength(length: UInt32, offset: Int)
    /// The two lengths of the block at this offset differ.
    case lengthsDiffer(offset: Int)
    /// The file ends inside the block at this offset.
    case truncated(offset: Int, available: Int)
    /// The frame in the block at this offset is longer than the block.
    case frameTooLong(length: UInt32, offset: Int)
    /// The block at this offset names an interface that its section does not have.
    case unknownInterface(Int, offset: Int)
    /// The section has more interfaces than are believed.
    case tooManyInterfaces(offset: Int)
}

extension PCAPNGError: CustomStringConvertible {
    /// One clause that says what is wrong, and where.
    public var description: String {
        switch self {
        case .classicPcap:
            "this is a classic pcap file and only pcapng is read: `editcap -F pcapng OLD NEW` makes one of the other"
        case .notPCAPNG: "this is no pcapng file"
        case .unsupportedVersion(let major, let minor): "version \(major).\(minor) of pcapng is not known, only 1.0"
        case .badBlockLength(let length, let offset): "the block at octet \(offset) cannot be \(length) octets long"
        case .lengthsDiffer(let offset): "the two lengths of the block at octet \(offset) differ"
        case .truncated(let offset, let available):
            "the file ends in the middle of the block at octet \(offset), after \(available) octets of it"
        case .frameTooLong(let length, let offset):
            "the block at octet \(offset) has no room for its frame of \(length) octets"
        case .unknownInterface(let number, let offset):
            "the block at octet \(offset) names interface \(number), which the section does not have"
        case .tooManyInterfaces(let offset):
            "the section has too many interfaces; the one at octet \(offset) is one more than is believed"
        }
    }
}
