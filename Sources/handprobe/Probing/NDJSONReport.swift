import HandprobeJudge
import HandprobeReport

/// A conversation as a program reads it: an object an event, and one that sums it up.
struct NDJSONReport: ConversationReport {
    private let scene: ReportScene
    private var objects: NDJSON
    /// The result so far: it is written once, when nothing can change it any more.
    private var verdict: Verdict?

    init(_ scene: ReportScene, run: RunIdentity, conversation: Int) {
        self.scene = scene
        objects = NDJSON(run: run, conversation: conversation, flow: scene.flow)
    }

    func opening() -> [String] { [] }

    mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        [objects.line(for: event, reading: reading, index: index)]
    }

    mutating func closing(_ verdict: Verdict) -> [String] {
        self.verdict = verdict
        return []
    }

    mutating func revision(_ verdict: Verdict) -> [String] { closing(verdict) }

    mutating func end() -> [String] {
        defer { verdict = nil }
        return verdict.map { [objects.summary($0, scene.circumstances)] } ?? []
    }
}
