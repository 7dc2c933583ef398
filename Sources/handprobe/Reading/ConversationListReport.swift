import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// A connection of a capture file that is one of several: a row for a person, an object for a program.
enum ListedConversation: Sendable {
    case row(ConversationRow)
    case object(String, Verdict.Outcome)

    /// How it went as a whole.
    var outcome: Verdict.Outcome {
        switch self {
        case .row(let row): row.outline.outcome
        case .object(_, let outcome): outcome
        }
    }
}

extension ReportFormat {
    /// A connection of a capture file that is one of several.
    func listed(_ conversation: EndedConversation) -> ListedConversation {
        switch self {
        case .text(let style):
            let headline = style.verbosity == .verbose ? conversation.conclude().headline : nil
            return .row(
                ConversationRow(
                    number: conversation.number, flow: conversation.flow, outline: conversation.outline(),
                    headline: headline, style: style))
        case .ndjson(let run):
            let objects = NDJSON(
                run: run, conversation: conversation.number, flow: conversation.flow,
                start: conversation.times.lowerBound)
            let verdict = conversation.conclude()
            let circumstances = RunCircumstances(time: conversation.times.upperBound, guards: [])
            return .object(objects.summary(verdict, circumstances), verdict.outcome)
        }
    }

    /// What a person sees between two reports.
    func separate(_ say: ([String]) -> Void) {
        if case .text(let style) = self, style.verbosity != .quiet { say([""]) }
    }
}

/// The connections of a capture file as they are written when there are several.
struct ConversationListReport {
    private let format: ReportFormat
    /// Those begun, for a person; nil for a program.
    private var rows: ConversationRows?
    private var objects: [String] = []

    init(_ format: ReportFormat) {
        self.format = format
        if case .text(let style) = format { rows = ConversationRows(style: style) }
    }

    /// A connection begins.
    mutating func begin(_ number: Int) { rows?.begin(number) }

    /// A connection is over.
    mutating func add(_ conversation: ListedConversation) {
        switch conversation {
        case .row(let row): rows?.add(row)
        case .object(let object, _): objects.append(object)
        }
    }

    /// What can be written by now.
    mutating func lines() -> [String] {
        defer { objects.removeAll(keepingCapacity: true) }
        return rows?.lines() ?? objects
    }

    /// The file is over, whether or not it was shown as a table.
    func end(_ summary: FileSummary, at time: Timestamp, isTable: Bool) -> [String] {
        switch format {
        case .text(let style): isTable ? summary.lines(style: style) : []
        case .ndjson(let run):
            [run.line(for: summary, at: summary.figures.frames > 0 ? time : ClockMapping.Sample.now().wall)]
        }
    }
}
