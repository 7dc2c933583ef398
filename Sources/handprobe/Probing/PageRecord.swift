import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Keeps a run as an HTML document, which is written when the run is over, however it ends.
final class PageRecord: RecordFile {
    private let file: WholeFile
    private var report: HTMLReport
    private var scenes: [Int: ReportScene] = [:]
    private(set) var hasFailed = false

    /// Nothing is written yet.
    init(_ file: WholeFile, command: String, target: String) {
        self.file = file
        report = HTMLReport(
            command: command,
            target: target,
            commandLine: Record.commandLine,
            application: "handprobe \(Version.text)"
        )
    }

    func begin(_ transport: NetTransport) {}

    func announce(_ conversation: Int, _ flow: FourTuple, _ scene: ReportScene?, _ expectation: Expectation) {
        guard conversation <= HTMLReport.mostConversations else { return report.omittedConversations += 1 }
        scenes[conversation] = scene
        report.conversations.append(HTMLConversation(flow, header: scene?.header))
    }

    func add(_ event: Event, _ reading: Reading, of conversation: Int) {
        guard report.conversations.indices.contains(conversation - 1) else { return }
        report.conversations[conversation - 1].add(event, reading)
    }

    func settle(_ conversation: Int) {}

    func judge(_ verdict: Verdict, of conversation: Int) {
        guard report.conversations.indices.contains(conversation - 1) else { return }
        report.conversations[conversation - 1].verdict = verdict
        report.conversations[conversation - 1].circumstances = scenes[conversation]?.circumstances
    }

    func end(_ transport: NetTransport?) {
        do {
            try file.write(Array(report.document.utf8))
        } catch {
            hasFailed = true
            Console.complain("\(error); the report is not there")
        }
    }
}
