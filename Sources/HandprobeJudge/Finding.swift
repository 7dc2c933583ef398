/// Something worth saying about a run, by a stable name, with the events it rests on.
public struct Finding: Hashable, Sendable {
    /// The name.
    public var code: FindingCode
    /// One sentence with this run's particulars, without its full stop.
    public var sentence: String
    /// How far the connection had come.
    public var stage: Stage
    /// Who caused it; nil when nobody did, as with silence.
    public var source: Origin?
    /// The events it rests on, by index in the transcript; the first ones when there are very many.
    public var evidence: [Int]
    /// What it makes of this run: the code's own outcome, or a milder one when a later event made it harmless.
    public var outcome: Verdict.Outcome

    /// A finding from its parts; `outcome` is the code's own when it is left out.
    public init(
        code: FindingCode,
        sentence: String,
        stage: Stage,
        source: Origin?,
        evidence: [Int],
        outcome: Verdict.Outcome? = nil
    ) {
        self.code = code
        self.sentence = sentence
        self.stage = stage
        self.source = source
        self.evidence = evidence
        self.outcome = outcome ?? code.outcome
    }
}
