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
            let room = style.columns == .max ? .max : style.columns - indent
            let code = finding.code.rawValue + ":"
            let text = style.safe("\(code) \(finding.sentence) [\(place(finding, style))]")
            for (part, text) in WordWrap.lines(text, columns: room, rest: room - 2).enumerated() {
                var line = InkedLine()
                if part > 0 {
                    line.pad(to: indent + 2)
                    line.append(text)
                } else {
                    if index == 0, !isNarrow { line.append("finding", .bold) }
                    line.pad(to: indent)
                    let named = text.hasPrefix(code) ? code : ""
                    line.append(named, Conclusion.ink(finding.outcome))
                    line.append(String(text.dropFirst(named.count)))
                }
                lines.append(line)
            }
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
        guard style.verbosity == .verbose else { return text }
        if !finding.evidence.isEmpty {
            text += ", events \(finding.evidence.map { "\($0)" }.joined(separator: " "))"
        }
        if let clause = finding.code.clause { text += "; \(clause)" }
        return text
    }
}
