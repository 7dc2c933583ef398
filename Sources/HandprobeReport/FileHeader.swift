public import HandprobeWire

/// The first lines of the report on a connection in a capture file.
public struct FileHeader: Hashable, Sendable {
    private let flow: FourTuple
    private let file: String

    /// The header of a connection in `file`.
    public init(_ flow: FourTuple, file: String) {
        self.flow = flow
        self.file = file
    }

    /// The lines; none in a quiet style.
    public func lines(style: TextStyle) -> [String] {
        guard style.verbosity != .quiet else { return [] }
        return WordWrap.lines(
            style.safe("handprobe: \(flow.local) → \(flow.remote) in \(file)"), columns: style.columns)
    }
}
