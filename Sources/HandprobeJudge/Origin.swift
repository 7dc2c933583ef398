public import HandprobeWire

/// Who made a segment or an error.
public enum Origin: Hashable, Sendable {
    /// This program, or the first opener in a capture file.
    case us
    /// The other end.
    case peer
    /// A host on the way, by its address.
    case router(IPAddress)
    /// This machine's kernel, which should have kept out.
    case kernel
}
