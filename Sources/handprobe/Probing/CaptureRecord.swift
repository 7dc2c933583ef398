import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Keeps everything that happens in a run in a pcapng file.
final class CaptureRecord: RecordFile {
    private let file: OutputFile
    private var writer: TranscriptWriter
    private(set) var hasFailed = false

    /// Begins the file.
    init(_ file: OutputFile) {
        self.file = file
        writer = TranscriptWriter(
            PCAPNGSection(
                comments: [Record.commandLine],
                system: OperatingSystem.name,
                application: "handprobe \(Version.text)"
            ))
        flush()
    }

    /// Names the interfaces that are captured on.
    func begin(_ transport: NetTransport) {
        for (statistics, linkType) in zip(transport.captureStatistics, transport.linkTypes) {
            writer.add(
                PCAPNGInterface(
                    name: statistics.interface, linkType: linkType, snaplen: UInt32(clamping: transport.snaplen)))
        }
        flush()
    }

    func announce(_ conversation: Int, _ flow: FourTuple, _ scene: ReportScene?, _ expectation: Expectation) {
        writer.begin(conversation, flow, expectation)
    }

    func add(_ event: Event, _ reading: Reading, of conversation: Int) {
        writer.add(event, reading, of: conversation)
        flush()
    }

    func settle(_ conversation: Int) {
        writer.settle(conversation)
    }

    /// Whoever reads the file judges again.
    func judge(_ verdict: Verdict, of conversation: Int) {}

    /// Ends the file with what the captures counted.
    func end(_ transport: NetTransport?) {
        writer.end(
            (transport?.captureStatistics ?? []).enumerated().map { number, statistics in
                PCAPNGStatistics(
                    interface: number,
                    received: UInt64(clamping: statistics.received),
                    dropped: UInt64(clamping: statistics.dropped)
                )
            })
        flush()
    }

    /// Writes what is ready; the first failure is said, and the rest of the run goes on without the file.
    private func flush() {
        let octets = writer.take()
        guard !hasFailed, !octets.isEmpty else { return }
        do {
            try file.write(octets)
        } catch {
            hasFailed = true
            Console.complain("\(error); the file is not complete")
        }
    }
}
