import HandprobeWire

/// One end of a connection as segments show it from outside.
///
/// Sequence numbers count from its SYN, which is 0, and do not wrap: a wire number is taken to be the one nearest to
/// what the end sent last.
struct ObservedEnd: Hashable, Sendable {
    /// The wire number that counts as 0: the initial sequence number, as seen or as implied by what was seen.
    private(set) var base: SequenceNumber?
    /// SND.NXT: just after the highest octet it has sent.
    private(set) var next = 0
    /// SND.UNA: just after the highest octet that the other end has acknowledged.
    private(set) var acknowledged = 0
    /// What of its sequence space has been captured, SYN and FIN included.
    private(set) var coverage = SequenceCoverage()
    /// The number of its FIN.
    private(set) var fin: Int?
    /// The window shift in its SYN, when it had one; 14 at most.
    private(set) var windowShift: UInt8?
    /// The right edge of the widest window that the other end has offered it; nil when the scale is not known.
    private(set) var limit: Int?
    /// True when the base was inferred from a later segment, so that the window scale is not known.
    private(set) var isInferred = false

    /// How far beyond the limit a segment may lie before it is disregarded: the limit is a lower bound, because the
    /// capture may have missed a window update.
    private static let slack = 65_536

    /// The wire number counted from the SYN; nil while no base is known.
    func relative(_ number: SequenceNumber) -> Int? {
        base.map { next &+ number.distance(from: $0 + next) }
    }

    /// RCV.NXT of the other end, as far as the capture shows it.
    var expected: Int { max(coverage.next, acknowledged) }

    /// True when the other end has acknowledged the SYN.
    var synConfirmed: Bool { acknowledged > 0 }
    /// True when the other end has acknowledged the FIN.
    var finConfirmed: Bool { fin.map { acknowledged > $0 } ?? false }

    /// Starts the sequence space at a captured SYN.
    mutating func begin(at initial: SequenceNumber, windowShift: UInt8?) {
        self = ObservedEnd()
        base = initial
        self.windowShift = windowShift.map { min($0, 14) }
        next = 1
        _ = coverage.add(0..<1)
    }

    /// Starts the sequence space so that `number` is the first octet after a SYN that was not captured.
    mutating func infer(first number: SequenceNumber) {
        self = ObservedEnd()
        base = number - 1
        isInferred = true
        next = 1
        coverage.skip(to: 1)
    }

    /// True when octets from `number` on lie beyond what the other end can have asked for.
    func isOutsideWindow(_ number: Int) -> Bool {
        number > (limit ?? next &+ (1 << 30)) &+ Self.slack
    }

    /// Takes note of octets sent.
    mutating func send(_ range: Range<Int>) -> SequenceCoverage.Addition {
        next = max(next, range.upperBound)
        return coverage.add(range)
    }

    /// Takes note of a FIN sent; false when another number had been its FIN's before.
    mutating func sendFin(at number: Int) -> Bool {
        _ = send(number..<number &+ 1)
        if fin == nil { fin = number }
        return fin == number
    }

    /// Takes note that the other end has acknowledged everything before `number` and offered a window behind it.
    mutating func acknowledge(_ number: Int, window: Int?) {
        acknowledged = max(acknowledged, number)
        coverage.skip(to: acknowledged)
        limit = window.map { max(limit ?? 0, number &+ $0) }
    }
}
