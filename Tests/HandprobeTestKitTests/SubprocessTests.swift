import Glibc
import HandprobeTestKit
import Testing

struct SubprocessTests {
    @Test func exitCodeAndBothStreamsAreKept() throws {
        let result = try Subprocess.run("sh", ["-c", "cat; echo bad >&2; exit 3"], stdin: "fed\n")
        #expect(result.status == .exited(3))
        #expect(result.stdout == "fed\n")
        #expect(result.stderr == "bad\n")
    }

    @Test func aMegabyteBothWaysDoesNotDeadlock() throws {
        let text = String(repeating: "0123456789abcde\n", count: 1 << 16)
        let result = try Subprocess.run("tee", ["/dev/stderr"], stdin: text)
        #expect((result.stdout == text) as Bool)
        #expect((result.stderr == text) as Bool)
    }

    @Test func signalsAreSeenAndLinesWaitedFor() throws {
        let child = try Subprocess(
            "sh", ["-c", "trap 'echo caught; exit 9' TERM; echo ready; read line"], keepsInputOpen: true)
        #expect(try child.waitForLine { $0 == "ready" } == "ready")
        child.signal(15)
        #expect(try child.wait().status == .exited(9))
        #expect(child.lines() == ["ready", "caught"])
    }

    @Test func inputCanBeFedLater() throws {
        let child = try Subprocess("cat", keepsInputOpen: true)
        child.write("one\n")
        _ = try child.waitForLine { $0 == "one" }
        child.write("two")
        child.closeInput()
        #expect(try child.wait().stdout == "one\ntwo")
    }

    /// A socket that somebody forgot to keep from programs would stay open in there when its owner closes it.
    @Test func aProgramInheritsNoDescriptorButItsThree() throws {
        let forgotten = dup(0)
        defer { close(forgotten) }
        try #require(forgotten > 2)
        let result = try Subprocess.run("sh", ["-c", "[ -e /proc/$$/fd/2 ] && [ ! -e /proc/$$/fd/\(forgotten) ]"])
        #expect(result.status == .exited(0))
    }

    @Test func waitingForALineThatNeverComesEnds() throws {
        let child = try Subprocess("true")
        #expect(throws: TestKitError.self) { try child.waitForLine { $0 == "never" } }
    }

    @Test func closedOutputBreaksThePipe() throws {
        let child = try Subprocess(
            "sh", ["-c", "read go; while :; do echo line || exit 4; done"], keepsInputOpen: true)
        child.closeOutput()
        child.write("go\n")
        #expect([.signaled(13), .exited(4)].contains(try child.wait().status))
    }

    @Test func aHungProgramIsKilledAtTheLimitAndReaped() throws {
        let child = try Subprocess("sleep", ["1000"])
        #expect(throws: TestKitError.self) { try child.wait(limit: .milliseconds(50)) }
        #expect(try child.wait().status == .signaled(9))
    }

    @Test func aProgramEndsWithItsOwner() throws {
        let pid = try Subprocess("sleep", ["1000"]).pid
        #expect(throws: TestKitError.self) { try Subprocess.check("kill", ["-0", "\(pid)"]) }
    }

    @Test func terminalHasItsSize() throws {
        let child = try Subprocess("sh", ["-c", "test -t 1 && stty size"], streams: .terminal(columns: 97, rows: 31))
        #expect(try child.wait().stdout == "31 97\r\n")
    }

    @Test func terminalIsTheControllingOne() throws {
        let child = try Subprocess(
            "sh", ["-c", "trap 'exit 7' INT; echo go >/dev/tty; while :; do :; done"], keepsInputOpen: true,
            streams: .terminal())
        _ = try child.waitForLine { $0 == "go" }
        child.write("\u{3}")
        #expect(try child.wait().status == .exited(7))
    }

    @Test func aMissingProgramIsNamed() {
        #expect(throws: TestKitError.missing("no-such-program")) { try Subprocess("no-such-program") }
        #expect(throws: TestKitError.self) { try Subprocess("/no/such/program") }
    }

    @Test func environmentIsAddedTo() throws {
        let result = try Subprocess.run("sh", ["-c", "echo $ADDED; test -n \"$PATH\""], environment: ["ADDED": "yes"])
        #expect(result.stdout == "yes\n")
        #expect(result.exitCode == 0)
    }
}
