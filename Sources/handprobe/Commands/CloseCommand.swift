import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeWire

/// `handprobe close`: the four-way teardown, observed step by step.
struct CloseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Open a connection, optionally say something, then close it and watch each step.",
        discussion: """
            Each direction is closed on its own: our FIN wants a confirmation, the peer's FIN wants one. Between them the \
            connection is half-closed and the peer may still speak. Three segments instead of four mean that the peer put \
            its FIN and its confirmation of ours into one.

            Examples:
              handprobe close example.net:80 --http
              handprobe close 192.0.2.7:7 --send 'hello\\n' --wait 30s
            """
    )

    @Argument(help: ArgumentHelp("host:port, [v6]:port, or host and port as two words.", valueName: "target"))
    var words: [String]

    @Option(
        help: ArgumentHelp(
            "Text to send once open; \\n, \\r, \\t, \\0, \\\\ and \\xHH are understood.", valueName: "text"))
    var send: String?

    @Option(help: ArgumentHelp("Octets to send once open, in hex.", valueName: "hex"))
    var sendHex: String?

    @Flag(help: "Send a minimal HTTP/1.1 request that asks the server to close after its answer.")
    var http = false

    @Option(
        help: ArgumentHelp("How long the peer's FIN is awaited after ours is confirmed.", valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var wait: Duration = .seconds(10)

    @Flag(help: "Wait for Enter before each of our segments; skip, repeat, change or abort by hand.")
    var step = false

    @OptionGroup(title: "SYN") var syn: SynOptions
    @OptionGroup(title: "Path") var path: PathOptions
    @OptionGroup(title: "Patience") var patience: PatienceOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "Report") var teaching: TeachingOptions
    @OptionGroup(title: "Report") var record: RecordOptions

    func validate() throws {
        try teaching.check(with: report)
        _ = try target
        _ = try request(to: try target)
    }

    private var target: Target {
        get throws {
            do { return try Target(words: words) } catch { throw error.validationError }
        }
    }

    /// The octets to send; the target is for the Host line of an HTTP request.
    private func request(to target: Target) throws -> [UInt8] {
        guard [send != nil, sendHex != nil, http].filter({ $0 }).count <= 1 else {
            throw ValidationError("--send, --send-hex and --http each give the whole request: use one of them")
        }
        if http {
            return Array(
                "GET / HTTP/1.1\r\nHost: \(target.authority)\r\nUser-Agent: handprobe/\(Version.text)\r\nConnection: close\r\n\r\n"
                    .utf8)
        }
        do {
            if let sendHex { return try [UInt8](hex: sendHex) }
        } catch {
            throw ValidationError("cannot read --send-hex: \(error)")
        }
        do {
            return try send.map(EscapedText.octets) ?? []
        } catch {
            throw error.validationError
        }
    }

    func run() throws {
        var course = Course(farewell: .fin, expectation: .close)
        course.peerFinWait = wait
        course.asksForProof = false
        course.request = try request(to: target)
        let format = ReportFormat(report, teaching, command: "close", target: try target)
        let probe = Probe(
            command: "close", syn: syn, path: path, patience: patience, format: format, course: course, isStepped: step,
            record: record)
        throw try probe.run(target, everyAddress: false)
    }
}
