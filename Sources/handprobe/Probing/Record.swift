import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Keeps everything that happens in a run in a pcapng file.
final class Record {
    private let file: OutputFile
    private var writer: TranscriptWriter
    private(set) var conversationCount = 0
    private var hasFailed = false

    /// Begins the file.
    init(_ file: OutputFile) {
        self.file = file
        writer = TranscriptWriter(
            PCAPNGSection(
                comments: [Self.commandLine],
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

    /// Announces a conversation that is about to begin, in the order in which the engine will number it.
    func announce(_ flow: FourTuple, _ expectation: Expectation) {
        conversationCount += 1
        writer.begin(conversationCount, flow, expectation)
    }

    func add(_ event: Event, _ reading: Reading, of conversation: Int) {
        writer.add(event, reading, of: conversation)
        flush()
    }

    func settle(_ conversation: Int) {
        writer.settle(conversation)
    }

    /// What keeps an engine's conversations here and passes everything on; to be made before the first is announced.
    func observer(before next: any EngineObserver) -> any EngineObserver {
        RecordingObserver(next, record: self)
    }

    /// Ends the file of a run that captured nothing itself.
    func end() {
        writer.end([])
        flush()
    }

    /// Ends the file with what the captures counted.
    func end(_ transport: NetTransport) {
        writer.end(
            transport.captureStatistics.enumerated().map { number, statistics in
                PCAPNGStatistics(
                    interface: number,
                    received: UInt64(clamping: statistics.received),
                    dropped: UInt64(clamping: statistics.dropped)
                )
            })
        flush()
    }

    /// The exit code of a run with this one: another only when the file went wrong and nothing else did.
    func code(_ code: ExitCode) -> ExitCode {
        hasFailed && code == .success ? .environment : code
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

    /// The command line, quoted so that a shell would read it again.
    private static var commandLine: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:@%^")
        return (["handprobe"] + CommandLine.arguments.dropFirst()).map { word in
            !word.isEmpty && word.allSatisfy(plain.contains) ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
