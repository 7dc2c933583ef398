/// What a transcript is measured by: the command that made it, or nothing when it was only read.
public enum Expectation: Hashable, Sendable {
    /// Open, prove it, and say goodbye.
    case open(end: Goodbye)
    /// Open, then watch the closing.
    case close
    /// A client opens, and its SYN is answered as told.
    case serve
    /// A capture that somebody else made: what is missing at its end may only not have been captured.
    case observe
    /// One crafted segment: any answer is as expected.
    case answer

    /// How we end a connection.
    public enum Goodbye: String, Hashable, Sendable {
        /// By FIN, and wait for the peer's.
        case fin
        /// By RST at exactly SND.NXT.
        case rst
    }
}
