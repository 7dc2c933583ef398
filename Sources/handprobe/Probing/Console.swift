import HandprobeNet
import HandprobeReport

/// Where the commands write: data to standard output, everything about the run itself to standard error.
enum Console {
    /// How text may look on standard output.
    static func style(_ report: ReportOptions) -> TextStyle {
        TextStyle(
            width: Terminal.isTerminal(.output) ? Terminal.width(of: .output) ?? 80 : TextStyle.unlimited,
            colour: Terminal.allowsColor(on: .output),
            unicode: Terminal.isUTF8,
            verbosity: report.quiet ? .quiet : report.verbose ? .verbose : .normal
        )
    }

    /// Writes lines to standard output; when nobody reads it any more the transport tells, so that is no error here.
    static func say(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        try? StandardOutput.write(lines.map { $0 + "\n" }.joined())
    }

    /// Writes one sentence about a problem to standard error.
    static func complain(_ sentence: String, prefixed: Bool = true) {
        try? StandardOutput.write((prefixed ? "handprobe: " : "") + sentence + "\n", to: .error)
    }

    /// Asks a question on standard error, without ending the line.
    static func ask(_ question: String) {
        try? StandardOutput.write(question, to: .error)
    }
}
