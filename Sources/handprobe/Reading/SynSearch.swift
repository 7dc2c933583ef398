import HandprobeReport
import HandprobeWire

/// Looks for the first SYN in a capture file with which a connection is asked for.
final class SynSearch: CaptureReceiver {
    private(set) var frameCount = 0
    /// What was found; it is in the frame that was counted last.
    private(set) var found: SynPattern?

    var isSatisfied: Bool { found != nil }

    func take(_ frame: FileFrame) {
        guard found == nil else { return }
        frameCount += 1
        found = SynPattern(
            Dissection(frame: frame.octets, linkType: frame.linkType, originalLength: frame.originalLength))
    }

    func take(_ block: PCAPNGBlock) {
        if case .frame(let frame, let interface) = block { take(FileFrame(frame, on: interface)) }
    }
}
