import FoundationEssentials
import HandprobeFuzzing
import Testing

/// Every input that ever failed in `make fuzz`, and the seeds, once more. A failure becomes a file in
/// `Tests/Fuzz/Failures/<target>/`, and stays there when it is mended.
@Suite("Fuzzing")
struct ReplayTests {
    @Test(arguments: FuzzTarget.allCases, ["Failures", "Seeds"])
    func holdsItsRules(_ target: FuzzTarget, _ folder: String) throws {
        let files = try Self.files("\(folder)/\(target.rawValue)")
        if folder == "Seeds" { #expect(!files.isEmpty, "\(target) has no seeds") }
        for file in files {
            let octets = try [UInt8](Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try target.run(octets) }
        }
    }

    private static func files(_ folder: String) throws -> [URL] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let path = tests.appending(path: "Fuzz/\(folder)").path
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map {
            URL(filePath: path).appending(path: $0)
        }
    }
}
