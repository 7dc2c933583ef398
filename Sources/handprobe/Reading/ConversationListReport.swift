import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// The connections of a capture file as they are written when there are several: for a person, or for a program.
protocol ConversationListReport {
    /// A connection begins.
    mutating func begin(_ number: Int)
    /// A connection is over; returns how it went.
    mutating func add(_ conversation: EndedConversation) -> Verdict.Outcome
    /// What can be written by now.
    mutating func lines() -> [String]
    /// The file is over, whether or not it was shown as a table.
    func end(_ summary: FileSummary, at time: Timestamp, isTable: Bool) -> [String]
}

/// A table for a person.
struct TableReport: ConversationListReport {
    private let style: TextStyle
    private var rows: ConversationRows

    init(style: TextStyle) {
        self.style = style
        rows = ConversationRows(style: style)
    }

    mutating func begin(_ number: Int) { rows.begin(number) }

    mutating func add(_ conversation: EndedConversation) -> Verdict.Outcome {
        let outline = conversation.judge.outline()
        let headline = style.verbosity == .verbose ? conversation.judge.conclude().headline : nil
        rows.add(
            ConversationRow(
                number: conversation.number, flow: conversation.flow, outline: outline, headline: headline))
        return outline.outcome
    }

    mutating func lines() -> [String] { rows.lines() }

    func end(_ summary: FileSummary, at time: Timestamp, isTable: Bool) -> [String] {
        isTable ? summary.lines(style: style) : []
    }
}

/// An object for each connection, and one for the file, for a program.
struct NDJSONListReport: ConversationListReport {
    private let run: RunIdentity
    private var ready: [String] = []

    init(run: RunIdentity) {
        self.run = run
    }

    mutating func begin(_ number: Int) {}

    mutating func add(_ conversation: EndedConversation) -> Verdict.Outcome {
        let objects = NDJSON(
            run: run, conversation: conversation.number, flow: conversation.flow, start: conversation.times.lowerBound)
        let verdict = conversation.judge.conclude()
        ready.append(
            objects.summary(verdict, RunCircumstances(time: conversation.times.upperBound, guards: [])))
        return verdict.outcome
    }

    mutating func lines() -> [String] {
        defer { ready.removeAll(keepingCapacity: true) }
        return ready
    }

    func end(_ summary: FileSummary, at time: Timestamp, isTable: Bool) -> [String] {
        [run.line(for: summary, at: summary.figures.frames > 0 ? time : ClockMapping.Sample.now().wall)]
    }
}

extension ReportFormat {
    /// The connections of a capture file, when there are several.
    func list() -> any ConversationListReport {
        switch self {
        case .text(let style): TableReport(style: style)
        case .ndjson(let run): NDJSONListReport(run: run)
        }
    }

    /// What a person sees between two reports.
    func separate(_ say: ([String]) -> Void) {
        if case .text(let style) = self, style.verbosity != .quiet { say([""]) }
    }
}
