public import HandprobeTCP

/// What was checked before silence was believed: the ground that `no-answer` and `silence-expected` rest on.
public struct HeardSilence: Hashable, Sendable {
    /// How many of our segments that were due an answer were seen leaving.
    public var seenLeaving: Int
    /// Frames that the capture lost.
    public var framesLost: Int
    /// ICMP errors about the connection, those not believed included.
    public var icmpErrors: Int
    /// What this machine looked at; nil when it did not, as in a capture file.
    public var check: SilenceCheck?

    /// What was checked, from its parts.
    public init(seenLeaving: Int, framesLost: Int, icmpErrors: Int, check: SilenceCheck? = nil) {
        self.seenLeaving = seenLeaving
        self.framesLost = framesLost
        self.icmpErrors = icmpErrors
        self.check = check
    }
}
