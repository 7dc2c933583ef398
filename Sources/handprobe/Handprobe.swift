import ArgumentParser
import HandprobeNet

/// The command line: options in, exit code out.
@main
struct Handprobe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handprobe",
        abstract: "Performs a TCP handshake and teardown by hand and says how the host answered each step.",
        discussion: """
            Opening and closing a connection is two ends each making a request (SYN, FIN) and each receiving a \
            confirmation (the ACK that covers it). handprobe makes each of these visible, with its time and its meaning, \
            and keeps this host's kernel out of the connection without touching the firewall.

            Exit codes: 0 as expected, 1 answered but not as expected, 2 no answer, 3 usage, 4 this machine cannot do it, \
            5 result degraded, 128+n ended by signal n.
            """,
        version: Version.text,
        subcommands: [
            OpenCommand.self, CloseCommand.self, SendCommand.self, ListenCommand.self, ReadCommand.self,
            DemoCommand.self, DoctorCommand.self,
        ]
    )

    /// Runs the command; any problem becomes one sentence on standard error and the documented exit code.
    static func main() {
        do {
            StandardOutput.prepare()
            var command = try parseAsRoot()
            try command.run()
        } catch let error as any LocalProblem {
            Console.complain("\(error)")
            exit(withCode: error.exitCode)
        } catch let code as ExitCode {
            exit(withCode: code)
        } catch {
            guard exitCode(for: error) != .success else { exit(withError: error) }
            Console.complain(fullMessage(for: error), prefixed: false)
            exit(withCode: .usage)
        }
    }

    private static func exit(withCode code: ExitCode) -> Never {
        exit(withError: code)
    }
}
