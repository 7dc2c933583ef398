import HandprobeNet

/// Collects lines for standard output, so that many are written at once.
final class OutputBuffer {
    private var octets: [UInt8] = []
    /// True when nobody reads standard output any more.
    private(set) var isClosed = false
    /// Why standard output does not take what is written.
    private(set) var problem: SystemError?

    private static let most = 1 << 16

    func say(_ lines: [String]) {
        for line in lines {
            octets += line.utf8
            octets.append(UInt8(ascii: "\n"))
        }
        if octets.count >= Self.most { flush() }
    }

    /// Writes what has been collected.
    func flush() {
        guard !octets.isEmpty else { return }
        defer { octets.removeAll(keepingCapacity: true) }
        guard !isClosed, problem == nil else { return }
        do {
            try StandardOutput.write(octets)
        } catch {
            if error.isBrokenPipe { isClosed = true } else { problem = error }
        }
    }
}
