/// A value for each end that has one.
struct PerEnd<Value: Sendable>: Sendable {
    private var us: Value?
    private var peer: Value?

    /// The value of an end; nil when it has none.
    subscript(end: End) -> Value? {
        _read { if end == .us { yield us } else { yield peer } }
        _modify { if end == .us { yield &us } else { yield &peer } }
    }

    /// Takes the value of an end away.
    mutating func remove(_ end: End) -> Value? {
        defer { self[end] = nil }
        return self[end]
    }
}
