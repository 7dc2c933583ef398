import HandprobeJudge

/// One conversation as it is written: for a person, or for a program.
protocol ConversationReport {
    /// What comes before the first event.
    func opening() -> [String]
    /// One event, the next in its transcript; `index` is its place there.
    mutating func lines(for event: Event, reading: Reading, index: Int) -> [String]
    /// What comes of it all. Something may still follow.
    mutating func closing(_ verdict: Verdict) -> [String]
    /// What comes of it all together with what followed.
    mutating func revision(_ verdict: Verdict) -> [String]
    /// Nothing more follows.
    mutating func end() -> [String]
}
