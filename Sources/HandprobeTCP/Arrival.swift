/// What the core made of a segment, and what of its text is for whom.
public struct Arrival: Hashable, Sendable {
    /// The judgement. Text beyond a gap is reported as dropped; who keeps it says so instead.
    public var reception: Reception
    /// Octets of the payload that were delivered in order, by their place in it.
    public var delivered: Range<Int> = 0..<0
    /// Octets of the payload that lie beyond a gap and in the window, by their place in it.
    public var beyondGap: Range<Int> = 0..<0
    /// True when the segment's FIN lies beyond a gap and in the window.
    public var finBeyondGap = false

    init(_ reception: Reception) {
        self.reception = reception
    }
}
