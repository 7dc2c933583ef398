import ArgumentParser
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Reads a capture file and shows the connections in it: one in full, several as a table.
final class FileReading: ConversationListener {
    private let input: InputFile
    private let format: ReportFormat
    private let selection: FlowSelection?
    private let local: IPAddress?
    private let record: Record?
    private let output = OutputBuffer()
    /// The reports of connections that are shown as they happen.
    private var reports: [Int: any ConversationReport] = [:]
    /// The first connection, as long as it may be the only one.
    private var only: Only?
    private var list: ConversationListReport
    private var chosen = 0
    private var worst: Verdict.Outcome?
    /// The numbers in the file that is written, of connections that are not over.
    private var recorded: [Int: Int] = [:]

    /// More events, or octets in their frames, are not kept until it is known whether the connection is the only one.
    private static let mostEvents = 10_000
    private static let mostOctets = 1 << 24

    /// A connection that may be the only one.
    private struct Only {
        var number: Int
        var flow: FourTuple
        var events: [(event: Event, reading: Reading)] = []
        var octets = 0
        var end: EndedConversation?

        var isTooLong: Bool { events.count > FileReading.mostEvents || octets > FileReading.mostOctets }

        mutating func add(_ event: Event, _ reading: Reading) {
            events.append((event, reading))
            if case .segment(let observed) = event.kind { octets += observed.frame.count }
        }
    }

    init(
        _ input: InputFile,
        format: ReportFormat,
        selection: FlowSelection?,
        local: IPAddress?,
        record: Record?
    ) {
        self.input = input
        self.format = format
        self.selection = selection
        self.local = local
        self.record = record
        list = ConversationListReport(format)
    }

    /// Reads all of it; returns the exit code.
    func run() throws -> ExitCode {
        var limits = FileLimits()
        if selection?.isOneFlow != true { limits.since = 262_144 }
        // Where there cannot be another thread, this one does it.
        let judge = FileJudge(
            for: self, local: local, limits: limits, batchJudge: try? BackgroundJudge(keeping: summarize))
        input.beforeWaiting = { [self] in
            judge.catchUp()
            output.flush()
        }
        var summary = try CaptureReader(input).read(into: judge)
        judge.end()
        summary.figures = judge.figures
        finish(summary, at: judge.latest)
        input.beforeWaiting = {}
        return code(summary)
    }

    func began(_ number: Int, _ flow: FourTuple, _ expectation: Expectation, at time: Timestamp) -> Interest {
        guard selection?.includes(number, flow) ?? true else { return .counted }
        chosen += 1
        if let record {
            record.announce(flow, expectation)
            recorded[number] = record.conversationCount
        }
        if selection?.isOneFlow == true {
            let report = format.course(flow, conversation: number, of: input.name)
            if chosen > 1 { format.separate(output.say) }
            output.say(report.opening())
            reports[number] = report
            return .followed
        }
        if chosen == 1 {
            only = Only(number: number, flow: flow)
            return .followed
        }
        thereAreSeveral()
        list.begin(number)
        return record == nil ? .judged : .followed
    }

    func observed(_ event: Event, reading: Reading, index: Int, of number: Int) {
        if let place = recorded[number] { record?.add(event, reading, of: place) }
        if let lines = reports[number]?.lines(for: event, reading: reading, index: index) {
            output.say(lines)
        } else if only?.number == number {
            only?.add(event, reading)
            if only?.isTooLong == true { thereAreSeveral() }
        }
    }

    func settled(_ number: Int) {
        if let place = recorded[number] { record?.settle(place) }
    }

    func ended(_ conversation: EndedConversation) {
        if let place = recorded.removeValue(forKey: conversation.number) {
            record?.judge(conversation.conclude(), of: place)
        }
        if let report = reports.removeValue(forKey: conversation.number) {
            close(report, conversation)
        } else if only?.number == conversation.number {
            only?.end = conversation
        } else {
            show(format.listed(conversation))
        }
    }

    var summarize: @Sendable (EndedConversation) -> ListedConversation { { [format] in format.listed($0) } }

    func judged(_ conversations: [ListedConversation]) {
        for conversation in conversations { show(conversation) }
        output.say(list.lines())
    }

    /// The first connection is not the only one, or too long to be drawn unasked: what there is of it goes into the table.
    private func thereAreSeveral() {
        guard let only else { return }
        self.only = nil
        list.begin(only.number)
        if let end = only.end { show(format.listed(end)) }
    }

    private func show(_ conversation: ListedConversation) {
        list.add(conversation)
        note(conversation.outcome)
    }

    private func close(_ report: any ConversationReport, _ conversation: EndedConversation) {
        var report = report
        let verdict = conversation.conclude()
        output.say(report.closing(verdict))
        output.say(report.end())
        note(verdict.outcome)
    }

    private func note(_ outcome: Verdict.Outcome) {
        if outcome.weight >= worst?.weight ?? 0 { worst = outcome }
    }

    private func finish(_ summary: FileSummary, at time: Timestamp) {
        if let only, let end = only.end {
            self.only = nil
            var report = format.course(only.flow, conversation: only.number, of: input.name)
            output.say(report.opening())
            for (index, (event, reading)) in only.events.enumerated() {
                output.say(report.lines(for: event, reading: reading, index: index))
            }
            close(report, end)
            output.say(list.end(summary, at: time, isTable: false))
        } else {
            output.say(list.lines())
            output.say(list.end(summary, at: time, isTable: selection?.isOneFlow != true))
        }
        output.flush()
        record?.end(nil)
        for remark in summary.remarks { Console.complain("\(input.name): \(remark)") }
        if chosen == 0, summary.figures.connections > 0 {
            Console.complain(
                "\(input.name): none of its \(summary.figures.connections) connections is the one asked for")
        }
    }

    private func code(_ summary: FileSummary) -> ExitCode {
        if case .signal(let number)? = input.interruption { return .interrupted(by: number) }
        if input.interruption == .outputClosed || output.isClosed { return .interrupted(by: 13) }
        if let problem = output.problem {
            Console.complain("\(problem)")
            return .environment
        }
        if summary.isDegraded { note(.degraded) }
        let code = ExitCode((worst ?? .noAnswer).rawValue)
        return record?.code(code) ?? code
    }
}
