import ArgumentParser
import HandprobeEngine
import HandprobeWire

/// `handprobe listen`: the passive side, by hand.
struct ListenCommand: ParsableCommand {
    /// How the client's SYN is answered.
    enum AnswerName: String, ExpressibleByArgument, CaseIterable {
        case synAck = "syn-ack"
        case split, simultaneous, late
        case wrongAck = "wrong-ack"
        case rst, drop
    }

    /// Who does something before the other.
    enum Turn: String, ExpressibleByArgument, CaseIterable {
        case first, second
    }

    /// Who closes, and how.
    enum Closing: String, ExpressibleByArgument, CaseIterable {
        case first, second, simultaneous, rst, never
    }

    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Answer a client's handshake by hand, as told, and watch what the client makes of it.",
        discussion: """
            Waits for a client, such as curl, nc or a browser, and plays the server without this host's kernel. It answers \
            the SYN by SYN-ACK (three segments), by ACK and then SYN (split), by a crossing SYN, late, wrongly, with RST \
            or not at all; speaks, reads, and closes from either side.

            It listens on loopback, where only this host can come. On any other address --from says who may. One client \
            is served, unless -c says how many; at most 3 segments answer a SYN, and at most 8 handshakes are under way \
            at a time.

            Examples:
              handprobe listen 8080 --send 'HTTP/1.0 200 OK\\r\\n\\r\\nhello\\n'
              handprobe listen --answer split 8080
              handprobe listen --speak first --send '220 ready\\r\\n' --close second '[::1]:2525'
              handprobe listen --answer rst --from 192.0.2.0/24 -c 10 192.0.2.7:443
            """
    )

    @Argument(
        help: ArgumentHelp("port, address:port, [v6]:port, or address and port as two words.", valueName: "where"))
    var words: [String]

    @Option(help: "How a SYN is answered.")
    var answer: AnswerName = .synAck

    @Option(
        help: ArgumentHelp(
            "How long after the first SYN a late SYN-ACK leaves; 1.5s by default.", valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var delay: Duration?

    @Option(
        help: "When to send it: first, as soon as the connection is open; second, once the client has spoken or closed."
    )
    var speak: Turn = .second

    @Option(
        help: """
            Who closes: first, we do, when all is sent; second, the client does; simultaneous, both, and the FINs cross; \
            rst, we break off; never, we do not, as long as --timeout. By default first when there is something to send, else second.
            """)
    var close: Closing?

    @Option(
        help: ArgumentHelp("Where clients may come from; may be given several times.", valueName: "cidr"),
        transform: { text in
            guard let block = AddressBlock(text) else {
                throw ValidationError("'\(text)' is no block of addresses: write it as 192.0.2.0/24 or 2001:db8::/32")
            }
            return block
        })
    var from: [AddressBlock] = []

    @Option(
        name: [.customShort("c"), .long], help: "How many clients to serve.",
        transform: reading { text throws(ArgumentProblem) in
            let count = Int(try NumberArgument.read(text, upTo: UInt32.max, what: "the count"))
            guard count > 0 else { throw ArgumentProblem("--count 0 asks for nothing: give 1 or more") }
            return count
        })
    var count: Int = 1

    @Option(
        help: ArgumentHelp("How long to wait for a client; for ever when not given.", valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var wait: Duration?

    @Option(
        help: ArgumentHelp(
            "How long a client is awaited at each step: to speak, to close; with drop, how long it is left alone.",
            valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var timeout: Duration = .seconds(30)

    @Flag(name: .customShort("4"), help: "Listen on IPv4.")
    var ipv4 = false

    @Flag(name: .customShort("6"), help: "Listen on IPv6; with a port alone, on ::1.")
    var ipv6 = false

    @Flag(help: "Keep our last ACK back until the client has stopped repeating its FIN, or for --timeout.")
    var withholdLastAck = false

    @OptionGroup(title: "Speech") var speech: SpeechOptions
    @OptionGroup(title: "SYN-ACK") var syn: SynOptions
    @OptionGroup(title: "Signature") var signature: SignatureOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "Report") var teaching: TeachingOptions
    @OptionGroup(title: "Report") var record: RecordOptions

    func validate() throws {
        try teaching.check(with: report)
        _ = try address
        try signature.validate(with: syn)
        if delay != nil, answer != .late { throw ValidationError("--delay is for --answer late") }
        if [.rst, .drop].contains(answer), speech.isNamed || close != nil || withholdLastAck {
            throw ValidationError(
                "with --answer \(answer.rawValue) no connection comes about: leave out what is sent and who closes")
        }
        if ipv4 && ipv6 { throw ValidationError("-4 and -6 contradict each other") }
        if speak == .first, try speech.octets.isEmpty {
            throw ValidationError("--speak first needs something to say: give --send or --send-hex")
        }
        if withholdLastAck, ![.first, .simultaneous].contains(try closing) {
            throw ValidationError(
                "--withhold-last-ack needs --close first or simultaneous: only then is the last word an ACK of ours")
        }
    }

    private var address: ListeningAddress {
        get throws {
            do { return try ListeningAddress(words: words) } catch { throw error.validationError }
        }
    }

    private var closing: Closing {
        get throws { try close ?? (speech.octets.isEmpty ? .second : .first) }
    }

    private var farewell: ConnectionPlan.Farewell {
        get throws {
            switch try closing {
            case .first, .simultaneous: .fin
            case .second: .afterPeer
            case .rst: .rst
            case .never: .never
            }
        }
    }

    private var way: Answer {
        switch answer {
        case .synAck: .synAck
        case .split: .split
        case .simultaneous: .simultaneous
        case .late: .late(delay ?? .milliseconds(1500))
        case .wrongAck: .wrongAck
        case .rst: .reset
        case .drop: .drop(timeout)
        }
    }

    func run() throws {
        let socket = try address.socket(ipv4 ? .v4 : ipv6 ? .v6 : nil)
        let key = try signature.key()
        let service = Service(
            answer: way,
            speech: try speech.octets,
            speaksSecond: speak == .second,
            farewell: try farewell,
            crossesFins: try closing == .simultaneous,
            withholdsLastAck: withholdLastAck,
            timeout: timeout,
            syn: syn,
            key: key
        )
        let reception = Reception(
            socket: socket,
            policy: ListenPolicy(from: from, limit: count, wait: wait, key: key),
            service: service,
            format: ReportFormat(report, teaching, command: "listen", host: socket.description),
            record: record
        )
        throw try reception.run()
    }
}
