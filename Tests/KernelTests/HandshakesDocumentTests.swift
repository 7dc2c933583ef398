import FoundationEssentials
import HandprobeTestKit
import Testing

/// `Docs/handshakes.md` shows what the program prints.
///
/// `HANDPROBE_RECORD=1 swift test --filter HandshakesDocumentTests` puts what was printed into the document; read the
/// difference before committing it.
@Suite(.blocks, Needs.namespaces, Needs.lwip)
struct HandshakesDocumentTests {
    private static let path: String = {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return tests.joined(separator: "/") + "/Docs/handshakes.md"
    }()

    @Test func everyLadderIsWhatIsPrinted() async throws {
        var document = String(decoding: try Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
        let printed = try await withThrowingTaskGroup { group in
            for (index, ladder) in HandshakeLadder.all.enumerated() {
                group.addTask { (index, try ladder.lines()) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let records = ProcessInfo.processInfo.environment["HANDPROBE_RECORD"] == "1"
        for (index, ladder) in HandshakeLadder.all.enumerated() {
            let lines = try #require(printed[index])
            let range = try #require(Self.block(ladder.name, in: document), "no ladder “\(ladder.name)”")
            let shown = document[range].split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            if records {
                document.replaceSubrange(range, with: lines.joined(separator: "\n"))
            } else {
                #expect(
                    Self.timeless(shown) == Self.timeless(lines),
                    "\(ladder.name) prints:\n\(lines.joined(separator: "\n"))")
            }
        }
        if records { try Data(document.utf8).write(to: URL(filePath: Self.path)) }
        #expect(document.split(separator: "<!-- ladder: ").count - 1 == HandshakeLadder.all.count)
    }

    /// The lines between the fences that follow a ladder's mark.
    private static func block(_ name: String, in document: String) -> Range<String.Index>? {
        guard let mark = document.firstRange(of: "<!-- ladder: \(name) -->\n```\n") else { return nil }
        guard let end = document[mark.upperBound...].firstRange(of: "\n```\n") else { return nil }
        return mark.upperBound..<end.lowerBound
    }

    private static func isTime(_ word: String) -> Bool {
        word.contains(".") && Double(word.filter { !",;)".contains($0) }) != nil
    }

    /// The words of lines without what depends on the moment and the machine: decimals are times, windows and scales are
    /// the kernel's. Where lines are broken depends on them, too: a time may end one, and its unit begin the next.
    private static func timeless(_ lines: [String]) -> [String] {
        let words = lines.flatMap { $0.split(separator: " ") }.map(String.init)
        return words.indices.compactMap { index in
            let word = words[index]
            if word.allSatisfy({ "─╌│├┤▶◀".contains($0) }) { return word.filter { !"─╌".contains($0) } }
            if index > 0, ["win", "wscale", "ws"].contains(where: words[index - 1].hasSuffix) { return "#" }
            if isTime(word) { return "#" }
            if index > 0, isTime(words[index - 1]), ["ms", "s"].contains(word.filter { $0 != "," && $0 != ";" }) {
                return nil
            }
            return word
        }
    }
}
