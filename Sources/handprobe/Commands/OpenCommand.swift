import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeReport

/// `handprobe open`: the three-way handshake, by hand.
struct OpenCommand: ParsableCommand {
    /// How the connection is ended once it is open.
    enum End: String, ExpressibleByArgument, CaseIterable {
        case fin, rst, peer
    }

    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open a connection by hand, prove that it is open, and say goodbye.",
        discussion: """
            Sends a SYN, expects a SYN-ACK, confirms it, asks the peer whether it considers the connection open, and ends \
            it with FIN (or RST), confirmed. A silent host gets SYNs at 0, 1 and 3 s and 7 s in all.

            Examples:
              handprobe open example.net:443
              handprobe open --end rst --mss 536 '[2001:db8::1]:80'
              handprobe open -c 5 -i 500ms 192.0.2.7 22
              handprobe open --withhold-ack 192.0.2.7:22
              handprobe open --hold 10m example.net:443
              handprobe open --find-idle-timeout 15m example.net:443
              handprobe open -c 3 --same-port --end peer 192.0.2.7:13
              handprobe open --options "mss=1460,sackok,ts,nop,ws=7" --step example.net:80
            """
    )

    @Argument(help: ArgumentHelp("host:port, [v6]:port, or host and port as two words.", valueName: "target"))
    var words: [String]

    @OptionGroup(title: "Request") var request: RequestOptions
    @OptionGroup(title: "Ways to open") var opening: OpeningOptions
    @OptionGroup(title: "SYN") var syn: SynOptions
    @OptionGroup(title: "SYN") var offer: OfferOptions
    @OptionGroup(title: "Signature") var signature: SignatureOptions
    @OptionGroup(title: "Path") var path: PathOptions
    @OptionGroup(title: "Patience") var patience: PatienceOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "Report") var teaching: TeachingOptions
    @OptionGroup(title: "Report") var record: RecordOptions

    @Option(
        help: "How to end the connection: fin, rst at exactly SND.NXT, or peer, whose FIN is waited for before ours.")
    var end: End = .fin

    @Option(
        help: ArgumentHelp(
            "How long the peer's FIN is awaited, after ours is confirmed or with --end peer; 3s by default.",
            valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var wait: Duration?

    @Option(
        help: ArgumentHelp(
            "Find out how long an idle connection lasts, up to this time: connections are left alone for various times, "
                + "eight at once, then asked, until the answer is narrow enough.",
            valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var findIdleTimeout: Duration?

    @Option(
        help: ArgumentHelp(
            "Leave the open connection alone for so long, then ask the peer whether it still has it.",
            valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var hold: Duration?

    @Option(
        name: .short, help: "How often to do it; a summary ends it.",
        transform: reading { text throws(ArgumentProblem) in
            let count = Int(try NumberArgument.read(text, upTo: UInt32.max, what: "the count"))
            guard count > 0 else { throw ArgumentProblem("-c 0 asks for nothing: give 1 or more") }
            return count
        })
    var count: Int?

    @Option(
        name: .short,
        help: ArgumentHelp("Time from one SYN to the next one, with -c; at least 10ms.", valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var interval: Duration = .seconds(1)

    @Flag(
        help:
            "With -c, all from one port, each once the one before has ended: does the peer take a SYN that comes again?"
    )
    var samePort = false

    @Flag(help: "Try every address that the name has, one after the other.")
    var allAddresses = false

    @Flag(help: "Wait for Enter before each of our segments; skip, repeat, change or abort by hand.")
    var step = false

    func validate() throws {
        try teaching.check(with: report)
        _ = try target
        try opening.validate(with: request)
        try offer.validate(with: syn, isStepped: step)
        try signature.validate(with: syn, offer, isStepped: step)
        if end == .rst, opening.finOn != nil || opening.twice.contains(.fin) {
            throw ValidationError("--end rst sends no FIN: leave --fin-on and --twice fin out")
        }
        if hold != nil, opening.finOn != nil {
            throw ValidationError("--hold leaves an open connection alone: --fin-on closes it at once, so leave it out")
        }
        if interval < .milliseconds(10) { throw ValidationError("--interval is at least 10ms: this is no flood tool") }
        if teaching.explain || teaching.octets, count != nil {
            throw ValidationError("-c says a line a run: leave --explain and --octets out")
        }
        if step && count != nil { throw ValidationError("--step goes through one connection: leave -c out") }
        if count != nil && allAddresses { throw ValidationError("-c repeats one address: leave --all-addresses out") }
        if allAddresses && path.sourcePort != nil {
            throw ValidationError("--all-addresses needs a source port for each address: leave --source-port out")
        }
        if samePort && count == nil { throw ValidationError("--same-port is for more than one connection: add -c") }
        if count != nil && path.sourcePort != nil && !samePort {
            throw ValidationError(
                "-c needs a source port for each connection: leave --source-port out, or add --same-port")
        }
        if end == .peer, opening.finOn != nil {
            throw ValidationError("--end peer waits for the peer's FIN: --fin-on sends ours at once, so leave it out")
        }
        if let findIdleTimeout {
            if findIdleTimeout < .seconds(1) { throw ValidationError("--find-idle-timeout is at least 1s") }
            if hold != nil || count != nil || step || allAddresses || path.sourcePort != nil || opening.finOn != nil {
                throw ValidationError(
                    "--find-idle-timeout makes many connections and leaves them alone: leave --hold, -c, --step, "
                        + "--all-addresses, --source-port and --fin-on out")
            }
            if teaching.explain || teaching.octets {
                throw ValidationError("--find-idle-timeout says a line a connection: leave --explain and --octets out")
            }
        }
    }

    private var target: Target {
        get throws {
            do { return try Target(words: words) } catch { throw error.validationError }
        }
    }

    func run() throws {
        let farewell: ConnectionPlan.Farewell =
            switch end {
            case .fin: .fin
            case .rst: .rst
            case .peer: .afterPeer
            }
        // Where the peer's FIN is waited for, and nothing else, it is no surprise however long it takes.
        let isWatched = end == .peer && hold == nil && findIdleTimeout == nil
        var course = Course(
            farewell: farewell, expectation: isWatched ? .close : .open(end: end == .rst ? .rst : .fin))
        course.peerFinWait = wait ?? .seconds(3)
        course.request = try request.octets(for: target)
        course.trials = hold.map { [.silence($0)] } ?? []
        opening.apply(to: &course, wait: wait)
        let format = ReportFormat(report, teaching, command: "open", target: try target)
        let probe = Probe(
            command: "open", syn: syn, offer: offer, signature: signature, path: path, patience: patience,
            format: format, course: course, isStepped: step, record: record)
        if let findIdleTimeout { throw try probe.measure(.idle, upTo: findIdleTimeout, target) }
        if let count {
            throw try probe.runRepeatedly(target, count: count, interval: interval, fromOnePort: samePort)
        }
        throw try probe.run(target, everyAddress: allAddresses)
    }
}
