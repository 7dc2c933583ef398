/// How much is kept while a capture file is judged.
public struct FileLimits: Hashable, Sendable {
    /// Connections looked at at the same time.
    public var open = 65_536
    /// Connections that may begin while an earlier one is still looked at; nil for any number.
    public var since: Int?
    /// How long after a connection's last frame it is still looked at when both ends have closed it.
    public var linger = Duration.seconds(60)
    /// Frames that are judged together.
    public var batch = FrameBatch.Limits()

    /// The usual limits.
    public init() {}
}
