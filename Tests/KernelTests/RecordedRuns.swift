import FoundationEssentials
import Glibc
import HandprobeJudge
import HandprobeReport
import HandprobeTestKit
import Testing

/// The runs of the program in one test. Each is given a file to write, and when the test is over every file must come to
/// exactly what its run has printed: ledger, findings, last line, exit code.
final class RecordedRuns: Sendable {
    /// Those of the test that runs.
    @TaskLocal static var current: RecordedRuns?

    /// A run that is about to begin.
    struct Recording: Sendable {
        var arguments: [String]
        var path: String
    }

    private struct Run: Sendable {
        var recording: Recording
        var program: Subprocess
        var isTerminal: Bool
    }

    /// The commands that write files.
    private static let commands: Set<String> = ["open", "close", "send", "listen", "demo"]
    /// Where the files are kept for those who judge them all at once; nil when nobody will.
    private static let collection = unsafe getenv("HANDPROBE_CAPTURES").map { unsafe String(cString: $0) }
    private static let count = Monitor(0)

    private let folder: TemporaryFolder
    private let runs = Monitor<[Run]>([])

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The command line with a file to write; nil where there is one already, or none is written.
    func recording(_ arguments: [String]) -> Recording? {
        guard let command = arguments.first, Self.commands.contains(command),
            !arguments.contains("--write"), !arguments.contains("--dry-run")
        else { return nil }
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        let path = "\(folder.path)/\(number).pcapng"
        return Recording(arguments: [command, "--write", path] + arguments.dropFirst(), path: path)
    }

    func add(_ recording: Recording, _ program: Subprocess, _ streams: Subprocess.Streams) {
        let isTerminal = if case .terminal = streams { true } else { false }
        runs.withLock { $0.append(Run(recording: recording, program: program, isTerminal: isTerminal)) }
    }

    /// Reads every file back. A run that a signal ended, as `kill -9` does, has printed no result to compare with.
    func judge() throws {
        for run in runs.withLock({ $0 }) {
            guard case .exited(let code)? = run.program.status,
                let octets = try? [UInt8](Data(contentsOf: URL(filePath: run.recording.path)))
            else { continue }
            let judged = JudgedFile(octets)
            let words = "\(run.recording.arguments.joined(separator: " "))\n\(run.program.text())"
            #expect(judged.problem == nil, "\(words)")
            // What went wrong on this machine is not in the file.
            if code != 4 { judged.expectAgreement(run.recording.arguments, run.program.text(), code, run.isTerminal) }
            if let collection = Self.collection {
                let name = run.recording.path.split(separator: "/").last.map(String.init) ?? ""
                try? FileManager.default.copyItem(atPath: run.recording.path, toPath: "\(collection)/\(name)")
            }
        }
    }
}
