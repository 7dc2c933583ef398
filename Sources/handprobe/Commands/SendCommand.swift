import ArgumentParser
import HandprobeEngine
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// `handprobe send`: one crafted segment, and what comes back.
struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Craft one segment, send it or only show it, and show what comes back.",
        discussion: """
            What is not given is computed. A segment with a wrong IP header leaves by packet socket, so that the kernel \
            does not repair it. What it provokes is ended: a SYN-ACK is answered with a RST at exactly its acknowledgment.

            Examples:
              handprobe send --dry-run --flags syn --options "mss=1460,sackok" 192.0.2.7:80
              handprobe send --flags ack --seq 0 --ack 12345 192.0.2.7:81
              handprobe send --flags none --badsum '[2001:db8::1]:80'
            """
    )

    @Argument(help: ArgumentHelp("host:port, [v6]:port, or host and port as two words.", valueName: "target"))
    var words: [String]

    @Flag(help: "Only show the octets, each field annotated and the checksum worked out; needs no privilege.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("How long to listen for what comes back.", valueName: "duration"),
        transform: reading(DurationArgument.readPositive)
    )
    var wait: Duration = .seconds(1)

    @OptionGroup(title: "TCP header") var tcp: SegmentOptions
    @OptionGroup(title: "IP header") var ip: PacketOptions
    @OptionGroup(title: "Signature") var signature: SignatureOptions
    @OptionGroup(title: "Path") var path: PathOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "Report") var teaching: TeachingOptions
    @OptionGroup(title: "Report") var record: RecordOptions

    func validate() throws {
        try teaching.check(with: report)
        _ = try target
        if signature.isGiven {
            var options = try tcp.template().options ?? TCPOptions()
            try options.reserveSignature()
        }
        if dryRun && report.json { throw ValidationError("--dry-run draws the octets: leave --json out") }
        if dryRun, let given = record.given {
            throw ValidationError("--dry-run sends nothing: leave \(given) out")
        }
    }

    private var target: Target {
        get throws {
            do { return try Target(words: words) } catch { throw error.validationError }
        }
    }

    func run() throws {
        var template = try tcp.template()
        ip.apply(to: &template)
        template.ip.hopLimit = path.ttl
        template.ip.trafficClass = path.tos
        let key = try signature.key()
        if dryRun {
            try DryRun(path: path, template: template, key: key).show(target, style: Console.style(report))
        } else {
            let format = ReportFormat(report, teaching, command: "send", target: try target)
            let probe = CraftedProbe(
                path: path, format: format, template: template, key: key, wait: wait, record: record)
            throw try probe.run(target)
        }
    }
}
