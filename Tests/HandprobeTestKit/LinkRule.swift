import HandprobeWire

/// A rule of an impaired link for particular packets. The first rule that decides about a packet replaces chance for it;
/// the direction's delay still applies.
public struct LinkRule: Sendable {
    /// What becomes of a packet.
    public enum Decision: Hashable, Sendable {
        case pass
        case drop
        /// Passes later than others by this much.
        case delay(Duration)
        /// Passes twice.
        case duplicate
        /// This Ethernet frame passes instead.
        case replace([UInt8])
    }

    /// Decides about a packet, its direction and its number among the packets of that direction, from 0; nil leaves it to
    /// the next rule, at last to chance.
    public var decide: @Sendable (ObservedFrame, ImpairedLink.Direction, Int) -> Decision?

    /// A rule by its closure, which runs on the link's thread.
    public init(_ decide: @escaping @Sendable (ObservedFrame, ImpairedLink.Direction, Int) -> Decision?) {
        self.decide = decide
    }

    /// Decides about the TCP segments of one direction that satisfy `matches`: those whose number among them, from 1, is
    /// in `which`.
    public static func segments(
        _ direction: ImpairedLink.Direction,
        _ which: ClosedRange<Int>,
        _ decision: Decision,
        where matches: @escaping @Sendable (ObservedSegment) -> Bool = { _ in true }
    ) -> LinkRule {
        let seen = Monitor(0)
        return LinkRule { frame, way, _ in
            guard way == direction, let segment = frame.tcp, matches(segment) else { return nil }
            let number = seen.withLock { seen in
                seen += 1
                return seen
            }
            return which.contains(number) ? decision : nil
        }
    }

    /// Drops the first `count` SYNs of ours.
    public static func dropSYN(_ count: Int = 1) -> LinkRule {
        segments(.towardsPeer, 1...count, .drop) { $0.flags.contains(.syn) && !$0.flags.contains(.ack) }
    }

    /// Drops the first SYN-ACK of the peer, so that ours is the SYN that comes again: our first one takes 200 ms longer than
    /// others, or the timers of both ends would run out in the same moment.
    public static func loseSYNACK() -> [LinkRule] {
        [
            segments(.towardsPeer, 1...1, .delay(.milliseconds(200))) { $0.flags.contains(.syn) },
            segments(.towardsUs, 1...1, .drop) { $0.flags.isSuperset(of: [.syn, .ack]) },
        ]
    }

    /// Drops the first `count` segments that would complete our handshake: ACK without data, FIN or SYN.
    public static func dropThirdACK(_ count: Int = 1) -> LinkRule {
        segments(.towardsPeer, 1...count, .drop) { $0.flags == .ack && $0.payload.isEmpty }
    }

    /// Drops the first `count` FINs of one direction.
    public static func dropFIN(_ direction: ImpairedLink.Direction, _ count: Int = 1) -> LinkRule {
        segments(direction, 1...count, .drop) { $0.flags.contains(.fin) }
    }

    /// Drops every TCP segment of one direction.
    public static func silence(_ direction: ImpairedLink.Direction) -> LinkRule {
        segments(direction, 1...Int.max, .drop)
    }
}
