/// What the peer said when a silence was over.
struct LateWords: Hashable, Sendable {
    var moment: Moment
    /// How long the silence was.
    var quiet: Duration
    /// Octets so far.
    var octets: Int
}
