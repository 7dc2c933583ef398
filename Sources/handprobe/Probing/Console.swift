import HandprobeNet
import HandprobeReport
import Synchronization

/// Where the commands write: data to standard output, everything about the run itself to standard error.
enum Console {
    /// How text may look on standard output.
    static func style(_ report: ReportOptions, _ teaching: TeachingOptions? = nil) -> TextStyle {
        TextStyle(
            width: Terminal.isTerminal(.output) ? Terminal.width(of: .output) ?? 80 : TextStyle.unlimited,
            colour: Terminal.allowsColor(on: .output),
            unicode: Terminal.isUTF8,
            verbosity: report.quiet ? .quiet : report.verbose ? .verbose : .normal,
            explains: teaching?.explain ?? false,
            showsOctets: teaching?.octets ?? false
        )
    }

    /// Writes lines to standard output; when nobody reads it any more the transport tells, so that is no error here.
    static func say(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        eraseProgress()
        try? StandardOutput.write(lines.map { $0 + "\n" }.joined())
    }

    /// Writes one sentence about a problem to standard error.
    static func complain(_ sentence: String, prefixed: Bool = true) {
        eraseProgress()
        try? StandardOutput.write((prefixed ? "handprobe: " : "") + sentence + "\n", to: .error)
    }

    /// Asks a question on standard error, without ending the line.
    static func ask(_ question: String) {
        eraseProgress()
        try? StandardOutput.write(question, to: .error)
    }

    /// True while the last line on the terminal is one that says what is waited for.
    private static let isProgressShown = Mutex(false)

    /// True when standard error is a terminal on which a line can be written over.
    static var canShowProgress: Bool { Terminal.allowsRewriting(on: .error) }

    /// Writes on standard error what is waited for, over what was waited for before.
    static func showProgress(_ line: String) {
        let columns = max(1, (Terminal.width(of: .error) ?? 80) - 1)
        try? StandardOutput.write("\r\u{1B}[K" + String(line.prefix(columns)), to: .error)
        isProgressShown.withLock { $0 = true }
    }

    /// Takes that line away, before anything else is written.
    static func eraseProgress() {
        let wasShown = isProgressShown.withLock { shown in
            defer { shown = false }
            return shown
        }
        if wasShown { try? StandardOutput.write("\r\u{1B}[K", to: .error) }
    }
}
