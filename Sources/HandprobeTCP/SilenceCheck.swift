/// What this machine has looked at before it lets silence count as an answer.
public struct SilenceCheck: Hashable, Sendable {
    /// Whether the machine that our packets are handed to is known by its link address.
    public enum NextHop: String, Hashable, Sendable, CaseIterable {
        /// It has answered for its link address.
        case resolved
        /// It has not.
        case unresolved
        /// The interface needs none: loopback, a tunnel.
        case notNeeded = "not-needed"
    }

    /// The next hop; nil when it could not be looked up.
    public var nextHop: NextHop?
    /// True when an answer that came by another interface than the one captured would have been noticed.
    public var watchesOtherInterfaces: Bool

    /// A check from its parts.
    public init(nextHop: NextHop?, watchesOtherInterfaces: Bool) {
        self.nextHop = nextHop
        self.watchesOtherInterfaces = watchesOtherInterfaces
    }
}
