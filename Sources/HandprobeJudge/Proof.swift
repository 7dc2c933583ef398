/// Why the connection is known to be open, and since when.
struct Proof: Hashable, Sendable {
    var kind: OpenProof
    var moment: Moment
    /// What proved it, in words: "the peer's ACK of our data".
    var clause: String
}
