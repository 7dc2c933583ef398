/// What was found out about this machine, a row for each thing and below it what to do.
public enum DoctorText {
    /// The rows; in a quiet style only those that failed.
    public static func lines(_ rows: [DoctorRow], style: TextStyle) -> [String] {
        let shown = style.verbosity == .quiet ? rows.filter { $0.status == .failed } : rows
        let names = shown.map { style.safe($0.name) }
        let statusColumns = 9
        let nameColumns = min(names.map(TerminalText.width).max() ?? 0, max(8, style.columns / 3)) + 2
        let indent = style.columns < 60 ? 4 : statusColumns + nameColumns
        var lines: [InkedLine] = []
        for (row, name) in zip(shown, names) {
            var line = InkedLine(row.status.rawValue, ink(row.status))
            line.pad(to: statusColumns)
            line.append(WordWrap.shortened(name, columns: nameColumns - 2, ellipsis: style.glyphs.ellipsis))
            if indent == 4 {
                lines.append(line)
                line = InkedLine()
            }
            lines += line.continued(
                by: [SideRemark([style.safe(row.detail)], .plain)], at: indent, columns: style.columns)
            guard let advice = row.advice else { continue }
            var below = InkedLine()
            below.pad(to: indent)
            below.append(style.glyphs.arrow, .bold)
            let remark = SideRemark([style.safe(advice)], .bold)
            lines += below.continued(by: [remark], at: below.width + 1, columns: style.columns)
        }
        return lines.map { $0.text(in: style) }
    }

    private static func ink(_ status: DoctorRow.Status) -> Ink {
        switch status {
        case .ok: .good
        case .warning: .warning
        case .failed: .bad
        case .skipped: .dim
        }
    }
}
