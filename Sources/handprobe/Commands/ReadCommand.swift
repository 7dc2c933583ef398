import ArgumentParser
import HandprobeNet
import HandprobeWire

/// `handprobe read`: the same judgement over a capture file.
struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Judge the TCP connections in a pcap or pcapng file.",
        discussion: """
            One connection gets the full report; of several there is a table, and --flow chooses one. "We" are the end \
            that opened the connection, or, in a file that handprobe wrote, the end that it was. A file of a run that was \
            kept with --write gives the ledger and the findings of that run.

            What is kept is bounded: 65536 connections at a time, about 3 KiB each. One that both ends have closed, or \
            one end reset, is let go when a minute passes without a frame of it, or sooner when there is no room; if all \
            are open, one that was silent for long is given up, which is said unless nobody had answered it. A row waits \
            until those of earlier connections are known; a connection is given up when 262144 others have begun after \
            it. One connection of more than 10000 events, or 16 MiB of frames, is not drawn unless --flow asks for it.

            Needs no privilege, and gives up any before the file is opened.

            Examples:
              handprobe read run.pcapng
              handprobe read --flow 3 -v capture.pcap
              handprobe read --flow 192.0.2.1:40000-198.51.100.7:443 --write one.pcapng capture.pcap
              tcpdump -U -w - tcp | handprobe read -
            """
    )

    @Argument(help: ArgumentHelp("A pcap or pcapng file, or - for standard input.", valueName: "file"))
    var file: String

    @Option(
        help: ArgumentHelp(
            "Only these: a connection by its number, by both ends as host:port-host:port, or those of one host:port.",
            valueName: "flow"),
        transform: reading(FlowSelection.init(_:))
    )
    var flow: FlowSelection?

    @Option(
        help: ArgumentHelp("Which end is \"us\" where it is one of the two; else the opener.", valueName: "address"),
        transform: reading { text throws(ArgumentProblem) in
            guard let address = IPAddress(text) else {
                throw ArgumentProblem("'\(text)' is no address: it is written 192.0.2.1 or 2001:db8::1")
            }
            return address
        })
    var local: IPAddress?

    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "Report") var teaching: TeachingOptions
    @OptionGroup(title: "Report") var record: RecordOptions

    func validate() throws {
        try teaching.check(with: report)
    }

    func run() throws {
        try Privileges.dropAll()
        let input = try InputFile(file)
        if input.isTerminal {
            throw ValidationError("standard input is a terminal: a capture comes from a pipe or a file")
        }
        for (option, path) in [("--write", record.write), ("--html", record.html)] {
            if let path, input.isSame(as: path) {
                throw ValidationError("\(option) would write over the file that is read: give another name")
            }
        }
        let format = ReportFormat(report, teaching, command: "read", host: file)
        let reading = FileReading(
            input, format: format, selection: flow, local: local, record: try record.open("read", file))
        throw try reading.run()
    }
}
