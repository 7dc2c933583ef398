import FoundationEssentials
import HandprobeJudge
import Testing

/// The documents say what the code does. `HANDPROBE_RECORD=1` writes them anew.
struct FindingDocumentTests {
    @Test(arguments: [("findings.md", FindingDocuments.findings), ("exit-codes.md", FindingDocuments.exitCodes)])
    func isUpToDate(name: String, text: String) throws {
        let folders = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        let path = folders.joined(separator: "/") + "/Docs/" + name
        if ProcessInfo.processInfo.environment["HANDPROBE_RECORD"] == "1" {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        let written = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(text == written, "Docs/\(name) is not what the code says")
    }

    @Test func listsEveryCode() {
        for code in FindingCode.allCases {
            #expect(FindingDocuments.findings.contains("| `\(code.rawValue)` |"))
            #expect(FindingDocuments.exitCodes.contains("| `\(code.rawValue)` |"))
        }
    }

    /// A port that refuses a crafted SYN has done what was asked of it.
    @Test func sendTakesARefusalForAnAnswer() {
        #expect(FindingDocuments.exitCodes.contains("| `refused` | 1 | 1 | 0 | 1 | 1 |"))
        #expect(FindingDocuments.exitCodes.contains("| `no-answer` | 2 | 2 | 2 | 2 | 2 |"))
        #expect(FindingDocuments.exitCodes.contains("| `guard-breached` | 5 | 5 | 5 | 5 | 5 |"))
    }
}
