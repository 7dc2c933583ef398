/// Octets of ours that left after the peer's FIN or RST.
struct LateData: Hashable, Sendable {
    /// The first of the segments that carried them.
    var moment: Moment
    /// How many.
    var octets: Int
    /// Just after the last of them, counted from our SYN.
    var end: Int
    /// True when they came after a RST.
    var isAfterReset: Bool
}

/// Our FIN, a while after the peer expected it or had it.
struct LateFin: Hashable, Sendable {
    var moment: Moment
    /// Since when the peer waits: when we confirmed its FIN, or when it confirmed ours.
    var since: Moment
    /// True when both directions were closed already.
    var isAfterEnd: Bool
}
