import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP

/// Several runs as a program reads them: the objects of each, and one of the figures.
struct NDJSONSeriesReport: SeriesReport {
    private let run: RunIdentity
    private let way: Path
    private let transport: NetTransport
    private var figures = RunFigures()
    private var conversations: [ConversationID: (report: NDJSONReport, events: Int)] = [:]

    init(run: RunIdentity, way: Path, transport: NetTransport) {
        self.run = run
        self.way = way
        self.transport = transport
    }

    mutating func begin(_ id: ConversationID, from port: GuardedPort) -> [String] {
        let scene = ReportScene(way, from: port, transport: transport)
        conversations[id] = (NDJSONReport(scene, run: run, conversation: id.number), 0)
        return []
    }

    mutating func lines(for event: Event, reading: Reading, of id: ConversationID) -> [String] {
        guard let index = conversations[id]?.events else { return [] }
        conversations[id]?.events += 1
        return conversations[id]?.report.lines(for: event, reading: reading, index: index) ?? []
    }

    mutating func lines(for run: PingRun, _ verdict: Verdict, of id: ConversationID) -> [String] {
        figures.add(run)
        return conversations[id]?.report.closing(verdict) ?? []
    }

    mutating func revise(_ verdict: Verdict, of id: ConversationID) {
        _ = conversations[id]?.report.revision(verdict)
    }

    mutating func end(_ id: ConversationID) -> [String] {
        defer { conversations[id] = nil }
        return conversations[id]?.report.end() ?? []
    }

    func lines(for reuse: TupleReuse, of id: ConversationID) -> [String] {
        [run.line(for: reuse, conversation: id.number, at: transport.wallClock(of: transport.now))]
    }

    func statistics() -> [String] { [run.line(for: figures, at: transport.wallClock(of: transport.now))] }
}
