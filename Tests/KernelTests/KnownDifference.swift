import FoundationEssentials
import Testing

/// Where tshark and we say different things of a frame, why, and in how many frames that may be: a row of
/// `KnownDifferences.md`.
struct KnownDifference {
    /// What differs, as `CaptureTests` names it.
    var kind: String
    /// The most frames for each 4000 that were begun with.
    var most: Int
    /// Why that is right.
    var reason: String

    /// The most frames of so many.
    func most(of count: Int) -> Int { most * ((count + 3999) / 4000) }

    /// All rows of the table.
    static func all() throws -> [KnownDifference] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "KnownDifferences.md")
        let text = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { cell in
                cell.split(separator: " ").joined(separator: " ")
            }
            guard cells.count == 3, let most = Int(cells[1]) else { return nil }
            return KnownDifference(kind: cells[0], most: most, reason: cells[2])
        }
    }
}
