/// What a link does at random to the IP packets of one direction; probabilities lie in 0 … 1.
///
/// ARP, neighbour discovery and multicast listener reports always pass at once.
public struct Impairment: Hashable, Sendable {
    /// How long every packet is under way.
    public var delay: Duration
    /// The most that is added to the delay, evenly distributed. Jitter alone never reorders.
    public var jitter: Duration
    /// How likely a packet is lost.
    public var loss: Double
    /// How likely a packet comes twice.
    public var duplication: Double
    /// How likely a packet comes only after the next one of its direction, or after 20 ms when there is none.
    public var reordering: Double
    /// How likely one bit of a TCP segment is flipped; the IP header, the ports and the data offset stay right.
    public var corruption: Double

    /// An impairment; what is left out does not happen.
    public init(
        delay: Duration = .zero,
        jitter: Duration = .zero,
        loss: Double = 0,
        duplication: Double = 0,
        reordering: Double = 0,
        corruption: Double = 0
    ) {
        self.delay = delay
        self.jitter = jitter
        self.loss = loss
        self.duplication = duplication
        self.reordering = reordering
        self.corruption = corruption
    }

    /// A wire on which nothing happens.
    public static let none = Impairment()

    /// What chance has in store for one packet.
    struct Fate: Hashable, Sendable {
        var delay: Duration
        var isLost: Bool
        var isDuplicated: Bool
        var isReordered: Bool
        /// Where a bit is flipped, as a random number; nil when none is.
        var flip: UInt64?
    }

    /// The fate of the packet with this number in its direction: it follows from the seed and the number alone.
    func fate(seed: UInt64, direction: ImpairedLink.Direction, number: Int) -> Fate {
        let stream: UInt64 = direction == .towardsPeer ? 0 : 1 << 63
        var random = SplitMix64(seed: seed ^ stream ^ UInt64(number) &* 0xD129_0B26_88F7_8C3B)
        let (wait, lost, twice, late, flipped) = (
            Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random),
            Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random),
            Double.random(in: 0..<1, using: &random)
        )
        return Fate(
            delay: delay + jitter * wait,
            isLost: lost < loss,
            isDuplicated: twice < duplication,
            isReordered: late < reordering,
            flip: flipped < corruption ? random.next() : nil
        )
    }
}
