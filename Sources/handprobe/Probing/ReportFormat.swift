import HandprobeNet
import HandprobeReport
import HandprobeWire

/// For whom standard output is written.
enum ReportFormat {
    /// For a person.
    case text(TextStyle)
    /// For a program: an object a line.
    case ndjson(RunIdentity)

    init(_ report: ReportOptions, _ teaching: TeachingOptions? = nil, command: String, host: String?) {
        self =
            report.json
            ? .ndjson(RunIdentity(octets: Entropy.octets(16), command: command, target: host))
            : .text(Console.style(report, teaching))
    }

    init(_ report: ReportOptions, _ teaching: TeachingOptions, command: String, target: Target) {
        self.init(report, teaching, command: command, host: target.description)
    }

    /// A connection from its SYN to its end.
    func course(_ scene: ReportScene, conversation: Int) -> any ConversationReport {
        switch self {
        case .text(let style): LadderReport(scene.header.lines(style: style), scene.flow, style: style)
        case .ndjson(let run): NDJSONReport(scene, run: run, conversation: conversation)
        }
    }

    /// A connection in a capture file.
    func course(_ flow: FourTuple, conversation: Int, of file: String) -> any ConversationReport {
        switch self {
        case .text(let style):
            LadderReport(FileHeader(flow, file: file).lines(style: style), flow, style: style)
        case .ndjson(let run):
            NDJSONReport(flow, run: run, conversation: conversation) { RunCircumstances(time: $0, guards: []) }
        }
    }

    /// One crafted segment and what comes back.
    func answers(_ scene: ReportScene) -> any ConversationReport {
        switch self {
        case .text(let style): AnswerReport(scene.header, style: style)
        case .ndjson(let run): NDJSONReport(scene, run: run, conversation: 1)
        }
    }

    /// The same probe again and again.
    func series(_ way: Path, transport: NetTransport) -> any SeriesReport {
        switch self {
        case .text(let style): PingReport(way, style: style)
        case .ndjson(let run): NDJSONSeriesReport(run: run, way: way, transport: transport)
        }
    }

    /// How long connections are remembered.
    func measurement(_ way: Path, transport: NetTransport) -> any MeasurementReport {
        switch self {
        case .text(let style): LifetimeReport(way, style: style)
        case .ndjson(let run):
            NDJSONLifetimeReport(run: run, series: NDJSONSeriesReport(run: run, way: way, transport: transport)) {
                transport.wallClock(of: transport.now)
            }
        }
    }

    /// What was found out about this machine.
    func lines(_ rows: [DoctorRow]) -> [String] {
        switch self {
        case .text(let style): DoctorText.lines(rows, style: style)
        case .ndjson(let run): rows.map { run.line(for: $0, at: ClockMapping.Sample.now().wall) }
        }
    }

    /// A SYN that `listen` left unanswered; a person reads of the first of each kind on standard error.
    func lines(_ syn: UnansweredSyn, at time: Timestamp) -> [String] {
        if case .ndjson(let run) = self { [run.line(for: syn, at: time)] } else { [] }
    }

    /// True unless the person wants no more than the last line.
    var showsProgress: Bool {
        if case .text(let style) = self { style.verbosity != .quiet } else { true }
    }

    /// Says something that only a person wants to read.
    func explain(_ lines: [String]) {
        if case .text = self { Console.say(lines) }
    }
}
