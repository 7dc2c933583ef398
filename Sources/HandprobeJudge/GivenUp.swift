/// A timer that ran out for good.
struct GivenUp: Hashable, Sendable {
    var moment: Moment
    var after: Duration
}
