import HandprobeTestKit

/// The program under test, as it was built beside this test bundle.
enum Program {
    /// Where it is.
    static let path: String = {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
        let folder = bundle.split(separator: "/", omittingEmptySubsequences: false)
            .prefix { !$0.hasSuffix(".xctest") }.joined(separator: "/")
        return "\(folder)/handprobe"
    }()

    /// What it is run with: output does not depend on who runs the tests.
    static let environment = ["LC_ALL": "C.UTF-8", "NO_COLOR": "1", "TERM": "xterm"]

    /// Starts it in `namespace`.
    static func start(
        _ arguments: [String],
        in namespace: NetworkNamespace?,
        stdin: String = "",
        keepsInputOpen: Bool = false,
        streams: Subprocess.Streams = .pipes
    ) throws -> Subprocess {
        let recorded = RecordedRuns.current?.recording(arguments)
        let program = try Subprocess(
            path,
            recorded?.arguments ?? arguments,
            stdin: stdin,
            keepsInputOpen: keepsInputOpen,
            in: namespace,
            environment: environment,
            streams: streams
        )
        if let recorded { RecordedRuns.current?.add(recorded, program, streams) }
        return program
    }

    /// Runs it to its end in `namespace`.
    static func run(
        _ arguments: [String],
        in namespace: NetworkNamespace?,
        limit: Duration = .patience
    ) throws -> Subprocess.Result {
        try start(arguments, in: namespace).wait(limit: limit)
    }
}

extension Subprocess.Result {
    /// The lines of stdout.
    var lines: [String] { stdout.split(separator: "\n").map(String.init) }

    /// The last line of stdout: how it went.
    var conclusion: String { lines.last ?? "" }

    /// The segments of ours that it shows, as the notation that follows `us →`.
    var shownSegments: [String] {
        lines.compactMap { line in
            guard let arrow = line.firstRange(of: "us →") else { return nil }
            return String(line[arrow.upperBound...].drop { $0 == " " })
        }
    }
}
