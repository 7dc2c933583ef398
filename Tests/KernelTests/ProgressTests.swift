import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// The line that says what is waited for: on a terminal only, and gone before anything else is written.
@Suite(.blocks, Needs.namespaces)
struct ProgressTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What takes a line away that stands on the terminal.
    private static let erasure = "\r\u{1B}[K"

    /// What a terminal shows in the end: of each line what was written after the last erasure.
    private func shown(_ text: String) -> [String] {
        text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.ranges(of: Self.erasure).last.map { String(line[$0.upperBound...]) } ?? String(line)
        }
    }

    /// The lines about waiting, each with what was written over or after it: nothing but an erasure may be.
    private func waits(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> [String] {
        let parts = text.split(separator: Self.erasure, omittingEmptySubsequences: false).dropFirst()
        let lines = parts.filter { $0.contains("waiting for ") }
        for line in lines {
            #expect(!line.contains("\n"), "it was not erased: \(line)", sourceLocation: sourceLocation)
            #expect(line != parts.last, "it is the last thing on the terminal", sourceLocation: sourceLocation)
        }
        return lines.map(String.init)
    }

    /// The peer's firewall drops our SYN: what is awaited is the answer, and the next attempt when a timer runs out.
    @Test func aRetransmissionTimer() throws {
        let scene = try Scene(.veth4, .echo)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) drop")
        let probe = try scene.start(
            "open", ["--timeout", "2500ms"], keepsInputOpen: true, streams: .terminal(columns: 132))
        try probe.waitForText("waiting for an answer to our SYN: 0.")
        // The second attempt is shown by a line of its own, at the place where that was.
        _ = try probe.waitForLine { $0.contains("attempt 2") }
        let run = try probe.wait()
        #expect(run.exitCode == 2)
        let lines = waits(run.stdout)
        #expect(lines.contains { $0.contains("; the next attempt, or the end, in 0.") }, "\(lines)")
        #expect(!shown(run.stdout).contains { $0.contains("waiting for") }, "\(run.stdout)")
        // Nothing else is missing from what a pipe gets.
        let piped = try scene.start("open", ["--timeout", "2500ms"]).wait()
        #expect(shown(run.stdout).count { $0.contains("S 0:0(0)") } == piped.lines.count { $0.contains("S 0:0(0)") })
    }

    /// The peer confirms our FIN and makes none of its own.
    @Test func aHalfClosedPeer() throws {
        let scene = try Scene(.veth4, .neverCloses)
        let probe = try scene.start(
            "close", ["--wait", "2s"], keepsInputOpen: true, streams: .terminal(columns: 132))
        let run = try probe.wait()
        #expect(run.exitCode == 1)
        let lines = waits(run.stdout)
        #expect(
            lines.contains { $0.hasPrefix("waiting for the peer's FIN: ") && $0.contains("; at most ") }, "\(lines)")
        #expect(!shown(run.stdout).contains { $0.contains("waiting for") }, "\(run.stdout)")
    }

    /// A line is cut where the terminal ends, so that it can be erased.
    @Test func aNarrowTerminal() throws {
        let scene = try Scene(.veth4, .neverCloses)
        let run = try scene.start(
            "close", ["--wait", "1200ms"], keepsInputOpen: true, streams: .terminal(columns: 30)
        ).wait()
        let lines = waits(run.stdout)
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { $0.count < 30 }, "\(lines)")
    }

    /// Of a series it says which run it is, and of how many.
    @Test func aSeries() throws {
        let scene = try Scene(.veth4, .echo)
        try scene.peer.filter(input: "tcp dport \(scene.target.port) drop")
        let run = try scene.start(
            "open", ["--timeout", "1500ms", "-c", "2", "-i", "2s"], keepsInputOpen: true,
            streams: .terminal(columns: 132)
        ).wait()
        #expect(run.exitCode == 2)
        let lines = waits(run.stdout)
        for number in 1...2 {
            #expect(
                lines.contains { $0.hasPrefix("run \(number) of 2: waiting for an answer to our SYN: ") },
                "\(run.stdout)")
        }
        let shown = shown(run.stdout)
        #expect(!shown.contains { $0.contains("waiting for") }, "\(run.stdout)")
        #expect(shown.contains { $0.contains("2 runs") }, "\(run.stdout)")
    }

    /// A client that confirms our FIN and makes none of its own; where several may come, it is said which one it is.
    @Test(arguments: [1, 2])
    func aClient(count: Int) throws {
        let scene = try ListenScene(.veth4)
        let options = ["--close", "first", "--timeout", "2s", "--count", "\(count)", "--from", "10.77.0.0/24"]
        let program = try Program.start(
            ["listen"] + options + [scene.address.description], in: scene.us, keepsInputOpen: true,
            streams: .terminal(columns: 132))
        try program.waitForText("waiting for a client")
        let clients = try (0..<count).map { _ in try scene.connect() }
        for client in clients { #expect(try client.receiveAll().ending == .eof) }
        let run = try program.wait()
        #expect(run.exitCode == 1, "\(run.stdout)")
        let start = count > 1 ? "client 1: waiting for the peer's FIN: " : "waiting for the peer's FIN: "
        let lines = waits(run.stdout)
        #expect(lines.contains { $0.hasPrefix(start) && $0.contains("; at most ") }, "\(lines)")
        #expect(!shown(run.stdout).contains { $0.contains("waiting for the peer's FIN") }, "\(run.stdout)")
    }

    /// Standard error in a file, a terminal that cannot erase, and `-q`: not a word.
    @Test func nowhereElse() throws {
        let scene = try Scene(.veth4, .neverCloses)
        let piped = try scene.start("close", ["--wait", "1200ms"]).wait()
        #expect(!(piped.stdout + piped.stderr).contains("waiting for"), "\(piped.stderr)")
        #expect(piped.stderr.isEmpty)

        let command = "\(Program.path) close --wait 1200ms \(scene.target)"
        for (line, environment) in [
            ("\(command) 2>\(folder.path)/errors", [:]), (command, ["TERM": "dumb"]), ("\(command) -q", [:]),
        ] {
            let run = try Subprocess(
                "sh", ["-c", line], keepsInputOpen: true, in: scene.us,
                environment: Program.environment.merging(environment) { $1 }, streams: .terminal(columns: 132)
            ).wait()
            #expect(run.stdout.contains("the peer"), "\(run.stdout)")
            #expect(!run.stdout.contains("waiting for") && !run.stdout.contains(Self.erasure), "\(run.stdout)")
        }
        #expect(try Subprocess.check("cat", ["\(folder.path)/errors"]).stdout.isEmpty)
    }

    /// Ctrl-C in the middle of a wait: the line is gone, and the goodbye is shown.
    @Test func interrupted() throws {
        let scene = try Scene(.veth4, .neverCloses)
        let probe = try scene.start(
            "close", ["--wait", "60s"], keepsInputOpen: true, streams: .terminal(columns: 132))
        try probe.waitForText("waiting for the peer's FIN: ")
        probe.signal(SIGINT)
        let run = try probe.wait()
        #expect(run.exitCode == 130)
        #expect(!waits(run.stdout).isEmpty)
        #expect(!shown(run.stdout).contains { $0.contains("waiting for") }, "\(run.stdout)")
    }
}
