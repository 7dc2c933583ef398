import Glibc

/// A folder of this test's own, which goes with it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes it.
    public init() throws {
        var template = Array("/tmp/handprobe-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw TestKitError.command("mkdtemp: errno \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        _ = try? Subprocess.run("rm", ["-r", path])
    }

    /// Writes a file into it.
    public func write(_ name: String, _ text: String) throws {
        try Subprocess.check("tee", ["\(path)/\(name)"], stdin: text)
    }

    /// Reads a file in it; empty when there is none.
    public func read(_ name: String) throws -> String {
        try Subprocess.run("cat", ["\(path)/\(name)"]).stdout
    }
}
