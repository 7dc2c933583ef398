public import HandprobeJudge
import HandprobeWire

/// What is worth saying about a run, each finding with its code, its sentence, its stage and its source.
public enum FindingsText {
    /// The lines, in the judge's order; none in a quiet style.
    public static func lines(_ findings: [Finding], style: TextStyle) -> [String] {
        guard style.verbosity != .quiet else { return [] }
        let isNarrow = style.columns < 100
        let indent = isNarrow ? 2 : 9
        var lines: [InkedLine] = isNarrow && !findings.isEmpty ? [InkedLine("findings", .bold)] : []
        for (index, finding) in findings.enumerated() {
            var line = InkedLine()
            if index == 0, !isNarrow { line.append("finding", .bold) }
            line.pad(to: indent)
            line.append(finding.code.rawValue, .warning)
            line.append(": ")
            let text = style.safe("\(finding.sentence) [\(place(finding, style))]")
            let room = style.columns == .max ? .max : style.columns - indent - 2
            let parts = WordWrap.lines(text, columns: room - (line.width - indent - 2), rest: room)
            for (part, text) in parts.enumerated() {
                if part > 0 {
                    lines.append(line)
                    line = InkedLine()
                    line.pad(to: indent + 2)
                }
                line.append(text)
            }
            lines.append(line)
        }
        return lines.map { $0.text(in: style) }
    }

    private static func place(_ finding: Finding, _ style: TextStyle) -> String {
        var text = finding.stage.rawValue
        switch finding.source {
        case .us: text += ", by ourselves"
        case .peer: text += ", by the peer"
        case .router(let address): text += ", by router \(address)"
        case .kernel: text += ", by this machine's kernel"
        case nil: break
        }
        if style.verbosity == .verbose, !finding.evidence.isEmpty {
            text += ", events \(finding.evidence.map { "\($0)" }.joined(separator: " "))"
        }
        return text
    }
}
