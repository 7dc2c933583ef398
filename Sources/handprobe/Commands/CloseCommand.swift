import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeReport
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
              handprobe close example.net:80 --http --half-close
              handprobe close example.net:80 --http --simultaneous
              handprobe close example.net:80 --http --measure fin-wait-2
              handprobe close example.net:80 --http --data-after-fin 'and one more\\n'
            """
    )

    @Argument(help: ArgumentHelp("host:port, [v6]:port, or host and port as two words.", valueName: "target"))
    var words: [String]

    @Option(
        help: ArgumentHelp(
            "How long the peer's FIN is awaited after ours is confirmed, 10s by default; with --measure the longest "
                + "time to find out about, 5m by default.", valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var wait: Duration?

    @Flag(help: "Wait for Enter before each of our segments; skip, repeat, change or abort by hand.")
    var step = false

    @OptionGroup(title: "Request") var request: RequestOptions
    @OptionGroup(title: "Ways to open") var opening: OpeningOptions
    @OptionGroup(title: "Ways to close") var closing: ClosingOptions
    @OptionGroup(title: "SYN") var syn: SynOptions
    @OptionGroup(title: "SYN") var offer: OfferOptions
    @OptionGroup(title: "Signature") var signature: SignatureOptions
    @OptionGroup(title: "Path") var path: PathOptions
    @OptionGroup(title: "Patience") var patience: PatienceOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "Report") var teaching: TeachingOptions
    @OptionGroup(title: "Report") var record: RecordOptions

    func validate() throws {
        try teaching.check(with: report)
        _ = try target
        try opening.validate(with: request)
        try offer.validate(with: syn, isStepped: step)
        try signature.validate(with: syn, offer, isStepped: step)
        try closing.validate(with: request, opening)
        guard closing.measure != nil else { return }
        if step || teaching.explain || teaching.octets || path.sourcePort != nil {
            throw ValidationError(
                "--measure makes many connections and says a line for each: leave --step, --explain, --octets and "
                    + "--source-port out")
        }
        if let wait, wait < .seconds(1) { throw ValidationError("with --measure, --wait is at least 1s") }
    }

    private var target: Target {
        get throws {
            do { return try Target(words: words) } catch { throw error.validationError }
        }
    }

    func run() throws {
        var course = Course(farewell: .fin, expectation: .close)
        let longest = wait ?? .seconds(300)
        let wait =
            closing.measure != nil
            ? .seconds(10)
            : wait ?? (opening.withholdAck || closing.withholdLastAck ? opening.patience(nil) : .seconds(10))
        course.peerFinWait = wait
        course.asksForProof = false
        course.request = try request.octets(for: target)
        opening.apply(to: &course, wait: wait)
        closing.apply(to: &course, wait: wait)
        let format = ReportFormat(report, teaching, command: "close", target: try target)
        let probe = Probe(
            command: "close", syn: syn, offer: offer, signature: signature, path: path, patience: patience,
            format: format, course: course, isStepped: step, record: record)
        if let subject = closing.measure { throw try probe.measure(subject.subject, upTo: longest, target) }
        throw try probe.run(target, everyAddress: false)
    }
}
