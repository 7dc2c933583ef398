/// Something that an open connection goes through before our side ends it; then it is asked whether the peer still has it.
public enum Trial: Hashable, Sendable {
    /// Nothing is said for this long.
    case silence(Duration)
    /// A RST where the peer's TCP must not believe it (RFC 5961 §3).
    case reset(ResetPlace)

    /// Where a RST lies that is not at exactly the next octet.
    public enum ResetPlace: String, Hashable, Sendable, CaseIterable {
        /// Inside the window that the peer offers.
        case window
        /// Beyond that window.
        case outside
    }
}
