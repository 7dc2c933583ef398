/// What a transcript comes to in the fewest words.
public struct Outline: Hashable, Sendable {
    /// How the opening went.
    public enum Opening: Hashable, Sendable {
        /// The capture begins in the middle of the connection.
        case notCaptured
        /// The peer's confirmation and its own request shared a segment.
        case threeSegments
        /// They did not.
        case fourSegments
        /// The two SYNs crossed.
        case simultaneous
        /// The answer was a RST that is to be believed.
        case refused
        /// Nothing answered.
        case unanswered
        /// Something came, but not both SYNs were confirmed.
        case unfinished
        /// There is no SYN.
        case notAsked
    }

    /// How the closing went.
    public enum Closing: Hashable, Sendable {
        /// There was nothing to close.
        case neverOpen
        /// Neither end has asked.
        case notClosed
        /// An end has asked, and not both are confirmed.
        case half(first: End)
        /// The two FINs crossed.
        case crossed
        /// The second FIN was also the confirmation of the first.
        case threeSegments(first: End)
        /// It was not.
        case fourSegments(first: End)
        /// Broken off.
        case reset(by: End)
    }

    /// How the opening went.
    public var opening: Opening
    /// How the closing went.
    public var closing: Closing
    /// The findings, in the order they came about.
    public var codes: [FindingCode]
    /// How it went as a whole.
    public var outcome: Verdict.Outcome

    /// An outline from its parts.
    public init(opening: Opening, closing: Closing, codes: [FindingCode], outcome: Verdict.Outcome) {
        self.opening = opening
        self.closing = closing
        self.codes = codes
        self.outcome = outcome
    }
}
