/// A RST of ours on an open connection that is not at exactly the next octet.
struct StrayReset: Hashable, Sendable {
    var moment: Moment
    var exactness: ResetExactness
}
