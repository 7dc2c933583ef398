import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// What is left of a run that is over: a child may still wait for the kernel to take the capture down.
@Suite(.blocks, Needs.namespaces)
struct LeavingTests {
    /// What runs as process 1 beside the program, as in a container.
    enum FirstProcess: String, CaseIterable, Sendable, CustomTestStringConvertible {
        /// A shell that hears of children and reaps them.
        case attentive
        /// A program that does neither: dead children would stay for ever.
        case careless

        var testDescription: String { rawValue }

        var command: [String] {
            switch self {
            case .attentive: ["sh", "-c", "trap : CHLD; while :; do sleep 0.1; done"]
            case .careless: ["sleep", "1000"]
            }
        }
    }

    @Test(Needs.processNamespaces, arguments: FirstProcess.allCases)
    func noProcessAndNoPortIsLeft(first: FirstProcess) throws {
        let scene = try Scene(.veth4, .echo)
        let container = try Subprocess(
            "unshare", ["--pid", "--fork", "--kill-child", "--mount-proc"] + first.command, in: scene.us)
        defer { container.signal(SIGTERM) }
        var process = ""
        try waitUntil("the container runs") {
            process = try Subprocess.run("pgrep", ["-P", "\(container.pid)"]).stdout.filter { !$0.isNewline }
            return try !process.isEmpty && Subprocess.run("nsenter", enter(process) + ["ps"]).exitCode == 0
        }
        let command = enter(process) + [Program.path, "open", "--end", "rst", scene.target.description]
        let run = try Subprocess.run("nsenter", command, in: scene.us, environment: Program.environment)
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let port = try #require(scene.ourSyns.first).source.port
        #expect(try SocketTable.read(in: scene.us).rows(port: port) == [])
        let left = { try Subprocess.check("nsenter", enter(process) + ["ps", "-e", "-o", "stat=,comm="]).stdout }
        switch first {
        case .attentive: try waitUntil("the child is gone") { try !left().contains("handprobe") }
        case .careless: #expect(try !left().contains("handprobe"))
        }
        try scene.expectGoodManners(run, resets: 1)
    }

    /// The options by which nsenter(1) enters a container.
    private func enter(_ process: String) -> [String] { ["-t", process, "-p", "-m"] }
}
