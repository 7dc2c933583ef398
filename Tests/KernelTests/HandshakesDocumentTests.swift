import FoundationEssentials
import HandprobeTestKit
import Testing

/// `Docs/handshakes.md` shows what the program prints.
///
/// `HANDPROBE_RECORD=1 swift test --filter HandshakesDocumentTests` puts the ladders that go another way than they are shown
/// into the document; read the difference before committing it.
@Suite(.blocks, Needs.namespaces, Needs.lwip)
struct HandshakesDocumentTests {
    private static let path: String = {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return tests.joined(separator: "/") + "/Docs/handshakes.md"
    }()

    /// How often a ladder is played until it goes as it is shown: whether what two ends send in the same millisecond comes
    /// together or apart is up to their kernels, and on a busy machine mostly apart. The document shows one such course.
    private static let mostAttempts = 12

    private static let records = ProcessInfo.processInfo.environment["HANDPROBE_RECORD"] == "1"

    @Test func everyLadderIsWhatIsPrinted() async throws {
        var document = String(decoding: try Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
        let before = document
        let printed = try await withThrowingTaskGroup { group in
            for (index, ladder) in HandshakeLadder.all.enumerated() {
                group.addTask { (index, try Self.play(ladder, asShownIn: before)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, ladder) in HandshakeLadder.all.enumerated() {
            let lines = try #require(printed[index])
            let range = try #require(Self.block(ladder.name, in: document), "no ladder “\(ladder.name)”")
            guard Self.timeless(document[range]) != Self.timeless(lines) else { continue }
            if Self.records {
                document.replaceSubrange(range, with: lines.joined(separator: "\n"))
            } else {
                Issue.record("\(ladder.name) prints:\n\(lines.joined(separator: "\n"))")
            }
        }
        if Self.records { try Data(document.utf8).write(to: URL(filePath: Self.path)) }
        #expect(document.split(separator: "<!-- ladder: ").count - 1 == HandshakeLadder.all.count)
    }

    /// What a ladder prints, if possible as `document` shows it.
    private static func play(_ ladder: HandshakeLadder, asShownIn document: String) throws -> [String] {
        var lines = try ladder.lines()
        guard let range = block(ladder.name, in: document) else { return lines }
        for attempt in 2...mostAttempts where timeless(document[range]) != timeless(lines) {
            lines = try ladder.lines()
            print("ladder \(ladder.name): played \(attempt) times")
        }
        return lines
    }

    /// The lines between the fences that follow a ladder's mark.
    private static func block(_ name: String, in document: String) -> Range<String.Index>? {
        guard let mark = document.firstRange(of: "<!-- ladder: \(name) -->\n```\n") else { return nil }
        guard let end = document[mark.upperBound...].firstRange(of: "\n```\n") else { return nil }
        return mark.upperBound..<end.lowerBound
    }

    /// True for a decimal, and for several in one word, as in `rtt=10.536` and `10.536/11.954/13.371`.
    private static func isTime(_ word: String) -> Bool {
        word.split { "=/,;)".contains($0) }.contains { $0.contains(".") && Double($0) != nil }
    }

    /// The words of lines without what depends on the moment and the machine: decimals are times, windows and scales are
    /// the kernel's. Where lines are broken depends on them, too: a time may end one, and its unit begin the next.
    private static func timeless(_ lines: [String]) -> [String] { timeless(lines.joined(separator: "\n")[...]) }

    private static func timeless(_ lines: Substring) -> [String] {
        let words = lines.split { $0 == " " || $0 == "\n" }.map(String.init)
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
