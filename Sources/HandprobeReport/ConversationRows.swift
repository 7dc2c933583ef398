import HandprobeJudge
import HandprobeWire

/// The connections of a capture file as a table, in the order in which they began, whatever the order they ended in.
public struct ConversationRows: Sendable {
    private let style: TextStyle
    /// Those begun and not written yet, in their order; nil while one is not known.
    private var waiting: [(number: Int, row: ConversationRow?)] = []
    private var start = 0
    /// The column behind the widest flow so far.
    private var flowEnd = 0
    private var hasHeader = false

    private static let numberColumns = 5
    private static let openedColumns = 14
    private static let closedColumns = 15
    /// Findings that have less room than this begin a line of their own.
    private static let leastRoom = 24

    /// A table without rows.
    public init(style: TextStyle) {
        self.style = style
    }

    /// A connection begins, whose row will come.
    public mutating func begin(_ number: Int) {
        waiting.append((number, nil))
    }

    /// The row of a connection that was begun.
    public mutating func add(_ row: ConversationRow) {
        var (low, high) = (start, waiting.count)
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle].number < row.number { low = middle + 1 } else { high = middle }
        }
        if low < waiting.count, waiting[low].number == row.number { waiting[low].row = row }
    }

    /// The lines of the rows whose turn it is; none in a quiet style.
    public mutating func lines() -> [String] {
        let indent = Self.numberColumns + 2
        var end = start
        while end < waiting.count, let width = waiting[end].row?.flow.width {
            flowEnd = max(flowEnd, indent + width)
            end += 1
        }
        var lines: [String] = []
        if style.verbosity != .quiet, end > start {
            lines.reserveCapacity(end - start)
            if !hasHeader { lines.append(header().text(in: style)) }
            hasHeader = true
            for place in start..<end {
                guard let row = waiting[place].row else { continue }
                for line in self.lines(row, indent) { lines.append(line.text(in: style)) }
            }
        }
        forget(to: end)
        return lines
    }

    /// Lets go of the rows before `end`, which are written.
    private mutating func forget(to end: Int) {
        for place in start..<end { waiting[place].row = nil }
        start = end
        guard start > 4096, start * 2 > waiting.count else { return }
        waiting.removeFirst(start)
        start = 0
    }

    /// The names of the columns.
    private func header() -> InkedLine {
        var line = InkedLine()
        line.pad(to: Self.numberColumns - 1)
        line.append("#  flow", .dim)
        guard hasColumns else { return line }
        line.pad(to: openedAt)
        line.append("opened", .dim)
        line.pad(to: closedAt)
        line.append("closed", .dim)
        if hasRoomForFindings {
            line.pad(to: findingsAt)
            line.append("findings", .dim)
        }
        return line
    }

    private var openedAt: Int { flowEnd + 2 }
    private var closedAt: Int { openedAt + Self.openedColumns }
    private var findingsAt: Int { closedAt + Self.closedColumns }
    /// True when a flow, its opening and its closing fit beside each other.
    private var hasColumns: Bool { style.columns == .max || findingsAt <= style.columns }
    private var hasRoomForFindings: Bool { style.columns == .max || findingsAt + Self.leastRoom <= style.columns }

    private func lines(_ row: ConversationRow, _ indent: Int) -> [InkedLine] {
        let number = String(row.number)
        var line = InkedLine()
        line.reserve(columns: 128)
        line.pad(to: Self.numberColumns - number.utf8.count)
        line.append(number, .dim)
        line.append("  ")
        line.append(row.flow)
        guard hasColumns else {
            let words = "opened: \(row.outline.opening.words), closed: \(row.outline.closing.words)"
            return below([line], [SideRemark([words], .plain)] + row.remarks, indent)
        }
        line.pad(to: openedAt)
        line.append(row.outline.opening.words)
        line.pad(to: closedAt)
        line.append(row.outline.closing.words)
        guard hasRoomForFindings else { return below([line], row.remarks, indent) }
        return line.continued(by: row.remarks, at: findingsAt, columns: style.columns)
    }

    private func below(_ lines: [InkedLine], _ remarks: [SideRemark], _ indent: Int) -> [InkedLine] {
        remarks.isEmpty ? lines : lines + InkedLine().continued(by: remarks, at: indent, columns: style.columns)
    }
}
