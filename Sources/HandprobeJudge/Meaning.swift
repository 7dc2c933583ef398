/// What one segment or error does in the conversation.
public enum Meaning: Hashable, Sendable {
    /// Makes a request for the n-th time (1 is the first).
    case requests(RequestKind, attempt: Int)
    /// Confirms a request.
    case confirms(RequestKind)
    /// Confirms a request that was confirmed already.
    case confirmsAgain(RequestKind)
    /// Carries this many octets not seen before.
    case carriesData(octets: Int)
    /// Carries octets seen before.
    case repeatsData(octets: Int)
    /// Carries octets beyond a gap.
    case carriesDataOutOfOrder(octets: Int)
    /// Confirms this many octets of data for the first time.
    case confirmsData(octets: Int)
    /// Asks whether the other end is synchronised, by acknowledging an octet it has not sent.
    case asksForProof
    /// Proves the connection open.
    case provesOpen(OpenProof)
    /// Answers a segment that is not acceptable with the state of the connection (RFC 5961 §3 to §5).
    case challenges
    /// Breaks the connection off.
    case resets(ResetExactness)
    /// Asks whether the other end has forgotten the connection, after a RST.
    case asksWhetherForgotten
    /// Shows that the other end has forgotten the connection.
    case confirmsForgotten
    /// Is not believed, acted upon or credited: why, in a clause.
    case isDisregarded(String)
    /// An ICMP error: what it says, in a clause.
    case reportsError(String)
    /// Anything else, in a clause.
    case remark(String)
}
