/// A value for each end that has one.
struct PerEnd<Value: Sendable>: Sendable {
    private var us: Value?
    private var peer: Value?

    /// The value of an end; nil when it has none.
    subscript(end: End) -> Value? {
        // Not `_read`, which allocates for a value of this size.
        @inline(__always) get { end == .us ? us : peer }
        _modify { if end == .us { yield &us } else { yield &peer } }
    }

    /// Takes the value of an end away.
    mutating func remove(_ end: End) -> Value? {
        defer { self[end] = nil }
        return self[end]
    }
}
