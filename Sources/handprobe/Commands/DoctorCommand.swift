import ArgumentParser
import HandprobeNet
import HandprobeReport

/// `handprobe doctor`: is this machine able to probe, and what to do if not.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine can probe, and say what to do if not.",
        discussion: """
            Tries privilege, each guard (with a real handshake on loopback), the capture (a burst of 1,000 frames), the \
            clocks, connection tracking, and the route to HOST if one is given. Exits with 4 when probing cannot work.
            """
    )

    @Argument(help: "A host to look up and find the route to.")
    var host: String?

    @OptionGroup(title: "Report") var report: ReportOptions

    func run() throws {
        let checks = Doctor.examine(host: host)
        let format = ReportFormat(report, command: "doctor", host: host)
        Console.say(format.lines(checks.map(DoctorRow.init)))
        if checks.contains(where: { $0.status == .failed }) { throw ExitCode.environment }
    }
}

extension DoctorRow {
    /// The row that shows a check.
    init(_ check: DoctorCheck) {
        let status: Status =
            switch check.status {
            case .ok: .ok
            case .warning: .warning
            case .failed: .failed
            case .skipped: .skipped
            }
        self.init(name: check.name, status: status, detail: check.detail, advice: check.advice)
    }
}
