import HandprobeJudge
import HandprobeReport
import HandprobeWire

/// A conversation as a program reads it: an object an event, and one that sums it up.
struct NDJSONReport: ConversationReport {
    private let circumstances: (Timestamp) -> RunCircumstances
    private var objects: NDJSON
    private var last = Timestamp(nanoseconds: 0)
    /// The result so far: it is written once, when nothing can change it any more.
    private var verdict: Verdict?

    /// `circumstances` says how the machine stands, or stood, at the end, given the time of the last event.
    init(
        _ flow: FourTuple,
        run: RunIdentity,
        conversation: Int,
        circumstances: @escaping (Timestamp) -> RunCircumstances
    ) {
        self.circumstances = circumstances
        objects = NDJSON(run: run, conversation: conversation, flow: flow)
    }

    init(_ scene: ReportScene, run: RunIdentity, conversation: Int) {
        self.init(scene.flow, run: run, conversation: conversation) { _ in scene.circumstances }
    }

    func opening() -> [String] { [] }

    mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        last = event.time
        return [objects.line(for: event, reading: reading, index: index)]
    }

    mutating func closing(_ verdict: Verdict) -> [String] {
        self.verdict = verdict
        return []
    }

    mutating func revision(_ verdict: Verdict) -> [String] { closing(verdict) }

    mutating func end() -> [String] {
        defer { verdict = nil }
        return verdict.map { [objects.summary($0, circumstances(last))] } ?? []
    }
}
