public import HandprobeWire

/// A SYN that `listen` has left without an answer.
public struct UnansweredSyn: Hashable, Sendable {
    /// Where it came from, and for which socket.
    public var flow: FourTuple
    /// The interface it came in on.
    public var interface: String
    /// Why, as a stable name.
    public var reason: String
    /// The same in words.
    public var words: String
    /// How many were left unanswered for that reason so far, this one included.
    public var count: Int

    /// A SYN from its parts; `flow` is seen from our end.
    public init(flow: FourTuple, interface: String, reason: String, words: String, count: Int) {
        self.flow = flow
        self.interface = interface
        self.reason = reason
        self.words = words
        self.count = count
    }
}
