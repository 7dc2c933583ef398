/// The flows spoken of lately, at most so many: those not spoken of for longest are given up first.
///
/// Two generations: when the younger one is full, what is left in the older one has been idle longest and goes.
struct RecentFlows<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var younger: [Key: Value] = [:]
    private var older: [Key: Value] = [:]
    private let generation: Int

    /// Room for `most` flows, two at the least.
    init(most: Int) {
        generation = max(1, most / 2)
    }

    /// Changes the value of a flow in place and makes it recent; nil when the flow is not here.
    mutating func update<Result>(_ key: Key, _ body: (inout Value) -> Result) -> Result? {
        if let place = younger.index(forKey: key) { return body(&younger.values[place]) }
        guard var value = older.removeValue(forKey: key) else { return nil }
        defer { younger[key] = value }
        return body(&value)
    }

    /// Adds a flow; returns those that had to go.
    mutating func insert(_ value: Value, for key: Key) -> [Value] {
        var gone: [Value] = []
        if younger.count >= generation {
            gone = Array(older.values)
            older = younger
            younger = [:]
        }
        younger[key] = value
        return gone
    }

    /// Takes a flow out.
    mutating func remove(_ key: Key) -> Value? {
        younger.removeValue(forKey: key) ?? older.removeValue(forKey: key)
    }

    /// All flows, in no order.
    var values: [Value] { Array(older.values) + Array(younger.values) }

    /// Changes every value in place.
    mutating func updateAll(_ body: (inout Value) -> Void) {
        for place in younger.indices { body(&younger.values[place]) }
        for place in older.indices { body(&older.values[place]) }
    }
}
