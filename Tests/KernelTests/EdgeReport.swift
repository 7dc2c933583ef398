import HandprobeTestKit

/// What a run of the program says of itself, read from its stdout by a few lines of this test's own.
struct EdgeReport {
    /// A segment as it is listed: who sent it, and the notation without its window and options.
    struct Line: Hashable {
        var isOurs: Bool
        /// Flags in packetdrill's letters: `S.`.
        var flags: Substring
        /// Octets of payload.
        var length: Int
    }

    /// All of stdout.
    let text: String
    /// The lines of stdout.
    let lines: [Substring]
    /// The last one that is no event: how it went. While the program lingers, events may still follow it.
    let conclusion: String
    /// The codes of the findings, in the order in which they are given; what comes late is given after the rest.
    let codes: [String]
    /// The segments, in the order in which they are listed.
    let segments: [Line]

    init(_ text: String) {
        self.text = text
        lines = text.split(separator: "\n")
        conclusion = lines.last { !$0.hasPrefix(" ") }.map(String.init) ?? ""
        var isFinding = false
        codes = lines.compactMap { row in
            isFinding = row.hasPrefix("finding  ") || isFinding && row.hasPrefix("         ")
            guard isFinding else { return nil }
            return row.dropFirst(9).firstIndex(of: ":").map { String(row.dropFirst(9)[..<$0]) }
        }
        segments = lines.compactMap { line in
            guard let arrow = line.firstIndex(of: "→"), let name = line[..<arrow].split(separator: " ").last,
                name == "us" || name == "peer"
            else { return nil }
            let words = line[arrow...].dropFirst().split(separator: " ", maxSplits: 2)
            guard words.count > 1, let open = words[1].firstIndex(of: "("), words[1].last == ")",
                let length = Int(words[1][open...].dropFirst().dropLast())
            else { return nil }
            return Line(isOurs: name == "us", flags: words[0], length: length)
        }
    }

    /// The flags of our segments as they are listed.
    var ours: [Line] { segments.filter(\.isOurs) }
    /// The flags of the peer's segments as they are listed.
    var theirs: [Line] { segments.filter { !$0.isOurs } }

    /// The row of the ledger for a request: `our SYN`.
    func ledger(_ request: String) -> String {
        let rows = lines.filter { $0.dropFirst(9).hasPrefix(request + " ") }
        return rows.first.map(String.init) ?? ""
    }
}
