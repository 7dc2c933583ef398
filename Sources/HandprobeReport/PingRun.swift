public import HandprobeJudge

/// What one run of several came to, as far as the statistics at the end count it.
public struct PingRun: Hashable, Sendable {
    /// True when the peer itself answered, whatever it said.
    public var isAnswered: Bool
    /// The round trip of the handshake; nil when it was not measured.
    public var rtt: Duration?
    /// The name of what went wrong; nil for a run that went as expected.
    public var cause: FindingCode?
    /// The last line of the run's report.
    public var headline: String
    /// How the run went; decides the colour.
    public var outcome: Verdict.Outcome

    /// A run from its parts.
    public init(
        isAnswered: Bool,
        rtt: Duration?,
        cause: FindingCode?,
        headline: String,
        outcome: Verdict.Outcome
    ) {
        self.isAnswered = isAnswered
        self.rtt = rtt
        self.cause = cause
        self.headline = headline
        self.outcome = outcome
    }

    /// A run by its verdict.
    public init(_ verdict: Verdict) {
        let cause = verdict.findings.first { $0.outcome == verdict.outcome }
        let isAnswered =
            switch verdict.outcome {
            case .asExpected: true
            case .noAnswer: false
            case .notAsExpected: verdict.handshakeRTT != nil || cause?.source == .peer
            case .degraded: verdict.handshakeRTT != nil
            }
        self.init(
            isAnswered: isAnswered,
            rtt: verdict.handshakeRTT,
            cause: verdict.outcome == .asExpected ? nil : cause?.code,
            headline: verdict.headline,
            outcome: verdict.outcome
        )
    }
}
