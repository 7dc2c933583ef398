/// Where a fragment lies in its packet (RFC 791 §3.2, RFC 8200 §4.5).
public struct FragmentPosition: Hashable, Sendable {
    /// Octets before this fragment's data.
    public var offset: Int
    /// True for every fragment but the last.
    public var moreFragments: Bool
    /// The packet's identification.
    public var identification: UInt32

    /// A position from its parts.
    public init(offset: Int, moreFragments: Bool, identification: UInt32) {
        self.offset = offset
        self.moreFragments = moreFragments
        self.identification = identification
    }
}
