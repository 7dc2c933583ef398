/// One TCP option (RFC 9293 §3.2), in the units of the wire and host order.
public enum TCPOption: Hashable, Sendable {
    /// Kind 0: nothing after it is an option.
    case endOfList
    /// Kind 1: padding between options.
    case noOperation
    /// Kind 2: the largest segment the sender takes, in octets of TCP payload (RFC 9293 §3.7.1).
    case maximumSegmentSize(UInt16)
    /// Kind 3: the shift of later window fields; 15 is representable although 14 is the most (RFC 7323 §2.3).
    case windowScale(UInt8)
    /// Kind 4: selective acknowledgments may be sent (RFC 2018 §2).
    case sackPermitted
    /// Kind 5: one to four blocks received out of order, each from its first octet to the one after its last (RFC 2018 §3).
    case sack([SACKBlock])
    /// Kind 8: the sender's clock and the echo of the peer's (RFC 7323 §3.2).
    case timestamps(value: UInt32, echoReply: UInt32)
    /// Any other kind, or a known kind with a length it must not have; `octets` is what follows the length octet.
    case unknown(kind: UInt8, octets: [UInt8])

    /// The option's kind number.
    public var kind: UInt8 {
        switch self {
        case .endOfList: 0
        case .noOperation: 1
        case .maximumSegmentSize: 2
        case .windowScale: 3
        case .sackPermitted: 4
        case .sack: 5
        case .timestamps: 8
        case .unknown(let kind, _): kind
        }
    }

    /// True for the kinds that have a case of their own.
    static func isKnown(_ kind: UInt8) -> Bool {
        switch kind {
        case 0...5, 8: true
        default: false
        }
    }

    /// Octets on the wire, kind and length included.
    public var length: Int {
        switch self {
        case .endOfList, .noOperation: 1
        case .maximumSegmentSize: 4
        case .windowScale: 3
        case .sackPermitted: 2
        case .sack(let blocks): 2 + 8 * blocks.count
        case .timestamps: 10
        case .unknown(_, let octets): 2 + octets.count
        }
    }
}

/// One block of a SACK option: `left` is its first sequence number, `right` the one just after its last.
public struct SACKBlock: Hashable, Sendable {
    /// The first sequence number of the block.
    public var left: SequenceNumber
    /// The sequence number just after the block.
    public var right: SequenceNumber

    /// A block from `left` up to, not including, `right`.
    public init(left: SequenceNumber, right: SequenceNumber) {
        self.left = left
        self.right = right
    }
}

/// Why reading options stopped before their end. What came before it is still good.
public enum TCPOptionProblem: Hashable, Sendable {
    /// The length octet is 0 or 1, or missing: what follows cannot be found.
    case badLength(kind: UInt8, length: UInt8, offset: Int)
    /// The option runs past the end of the header.
    case overrun(kind: UInt8, length: UInt8, offset: Int)
}

extension TCPOptionProblem: CustomStringConvertible {
    /// One clause naming the option, its length and where it stands.
    public var description: String {
        switch self {
        case .badLength(let kind, let length, let offset):
            "option of kind \(kind) at octet \(offset) has length \(length)"
        case .overrun(let kind, let length, let offset):
            "option of kind \(kind) at octet \(offset) with length \(length) runs past the header"
        }
    }
}
