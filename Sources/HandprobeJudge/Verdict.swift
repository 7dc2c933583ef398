public import HandprobeWire

/// What a whole transcript comes to.
public struct Verdict: Hashable, Sendable {
    /// The four requests and their confirmations.
    public var ledger: Ledger
    /// Everything worth saying, in the order it came about; the first one with the worst outcome names the cause.
    public var findings: [Finding]
    /// How the opening went, in a clause, when it succeeded: "opened in three segments".
    public var opening: String?
    /// How the closing went, in a clause, when there was one: "closed in four segments".
    public var closing: String?
    /// The strongest evidence that the connection was open, when there is any.
    public var openProof: OpenProof?
    /// When that evidence was captured.
    public var openProvedAt: Timestamp?
    /// The event that is the evidence, by index in the transcript.
    public var openProvedBy: Int?
    /// From the confirmation of the first FIN to the second FIN, when the connection was half-closed.
    public var halfClosed: Duration?
    /// Octets of new data that the other end sent while half-closed.
    public var halfClosedOctets: Int?
    /// From the attempt of our SYN that was answered to its confirmation.
    public var handshakeRTT: Duration?
    /// What was checked before silence was believed; nil when the verdict does not rest on silence.
    public var silence: HeardSilence?
    /// The last line of a report: the orderly course, or the cause with its code and stage.
    public var headline: String
    /// How the run went as a whole.
    public var outcome: Outcome

    /// How a run went as a whole; decides the exit code.
    public enum Outcome: Int32, Hashable, Sendable {
        /// As expected.
        case asExpected = 0
        /// The peer answered, but not as expected.
        case notAsExpected = 1
        /// No answer, and silence was truly heard.
        case noAnswer = 2
        /// Something on this machine makes the answer uncertain.
        case degraded = 5
    }

    /// A verdict from its parts.
    public init(
        ledger: Ledger,
        findings: [Finding],
        opening: String? = nil,
        closing: String? = nil,
        openProof: OpenProof? = nil,
        openProvedAt: Timestamp? = nil,
        openProvedBy: Int? = nil,
        halfClosed: Duration? = nil,
        halfClosedOctets: Int? = nil,
        handshakeRTT: Duration? = nil,
        silence: HeardSilence? = nil,
        headline: String,
        outcome: Outcome
    ) {
        self.ledger = ledger
        self.findings = findings
        self.opening = opening
        self.closing = closing
        self.openProof = openProof
        self.openProvedAt = openProvedAt
        self.openProvedBy = openProvedBy
        self.halfClosed = halfClosed
        self.halfClosedOctets = halfClosedOctets
        self.handshakeRTT = handshakeRTT
        self.silence = silence
        self.headline = headline
        self.outcome = outcome
    }
}
