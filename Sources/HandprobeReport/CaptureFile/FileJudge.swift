public import HandprobeWire

/// Sorts the frames of a capture file into connections, and judges each: of handprobe's own files exactly what was
/// recorded, of any other what its frames show.
///
/// What it keeps is bounded: at most `FileLimits.open` connections at a time, of each no more than recorder and judge do,
/// and a few batches of frames that are judged together.
public final class FileJudge<Listener: ConversationListener> {
    // One value, so that a frame begins one access to it and not one to each of its parts.
    private var sorter: FrameSorter<Listener>

    /// Judges for a listener. "Us" is the end at `local`, where there is one; else the end that opens. Connections whose
    /// events the listener need not hear are judged by `batchJudge`.
    public init(
        for listener: Listener,
        local: IPAddress? = nil,
        limits: FileLimits = FileLimits(),
        batchJudge: (any BatchJudging<Listener.Summary>)? = nil
    ) {
        sorter = FrameSorter(
            for: listener, local: local, limits: limits,
            batchJudge: batchJudge ?? BatchJudge(keeping: listener.summarize))
    }

    /// What was counted so far.
    public var figures: FileFigures { sorter.figures }

    /// The latest time of a frame.
    public var latest: Timestamp { sorter.latest }

    /// Takes the next frame.
    public func take(_ frame: FileFrame) { sorter.take(frame) }

    /// Takes the next block of a pcapng file.
    public func take(_ block: PCAPNGBlock) { sorter.take(block) }

    /// The file ends here, and with it every connection.
    public func end() { sorter.end() }

    /// Judges everything that was taken so far.
    public func catchUp() { sorter.catchUp() }
}
