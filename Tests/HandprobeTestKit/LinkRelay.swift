import Glibc
import HandprobeTCP

/// The thread behind an `ImpairedLink`.
struct LinkRelay {
    private struct UnderWay {
        var frame: [UInt8]
        var direction: ImpairedLink.Direction
        var due: Instant
    }

    private let us: FramePort
    private let peer: FramePort
    private let seed: UInt64
    private let state: Monitor<ImpairedLink.State>
    private let wake: WakeSignal
    /// In the order in which they are due.
    private var underWay: [UnderWay] = []
    /// Packets that let the next one of their direction go first, and until when.
    private var held: [ImpairedLink.Direction: UnderWay] = [:]
    /// When the last packet of a direction is due: jitter does not reorder.
    private var lastDue: [ImpairedLink.Direction: Instant] = [:]
    private var counts: [ImpairedLink.Direction: Int] = [:]

    init(
        us: FramePort,
        peer: FramePort,
        seed: UInt64,
        state: Monitor<ImpairedLink.State>,
        wake: WakeSignal
    ) {
        self.us = us
        self.peer = peer
        self.seed = seed
        self.state = state
        self.wake = wake
    }

    mutating func run() {
        while !state.withLock({ $0.stops }) {
            let deadline = ([underWay.first?.due] + held.values.map(\.due)).compactMap(\.self).min()
            let entries = [(us.descriptor, POLLIN), (peer.descriptor, POLLIN), (wake.descriptor, POLLIN)]
            let ready = Poll.wait(entries.map { ($0, Int32($1)) }, until: deadline)
            if ready[2] { wake.clear() }
            // A bounded number at a time, so that what is due is not late.
            if ready[0] { take(from: us, .towardsPeer) }
            if ready[1] { take(from: peer, .towardsUs) }
            for (direction, frame) in held where frame.due <= .now { release(direction, at: .now) }
            while let first = underWay.first, first.due <= .now {
                underWay.removeFirst()
                deliver(first.frame, first.direction)
            }
        }
    }

    private mutating func take(from port: FramePort, _ direction: ImpairedLink.Direction) {
        for _ in 0..<64 {
            guard let octets = port.receive() else { return }
            let frame = ObservedFrame(octets: octets)
            if frame.isLinkUpkeep {
                _ = (direction == .towardsPeer ? peer : us).send(octets)
            } else {
                decide(frame, direction)
            }
        }
    }

    private mutating func decide(_ frame: ObservedFrame, _ direction: ImpairedLink.Direction) {
        let number = counts[direction, default: 0]
        counts[direction] = number + 1
        count(direction) { $0.arrived += 1 }
        let (impairment, rules) = state.withLock { ($0.impairments[direction] ?? .none, $0.rules) }
        let fate = impairment.fate(seed: seed, direction: direction, number: number)
        // Rules run without the lock, and once a packet: they may take their time, and count for themselves.
        var decision: LinkRule.Decision?
        for rule in rules where decision == nil { decision = rule.decide(frame, direction, number) }
        switch decision {
        case nil: suffer(fate, frame, direction)
        case .pass: schedule(frame.octets, direction, after: fate.delay)
        case .drop: count(direction) { $0.dropped += 1 }
        case .delay(let extra):
            insert(UnderWay(frame: frame.octets, direction: direction, due: .now + fate.delay + extra))
        case .duplicate:
            count(direction) { $0.duplicated += 1 }
            for _ in 0..<2 { schedule(frame.octets, direction, after: fate.delay) }
        case .replace(let octets):
            count(direction) { $0.replaced += 1 }
            schedule(octets, direction, after: fate.delay)
        }
    }

    private mutating func suffer(_ fate: Impairment.Fate, _ frame: ObservedFrame, _ direction: ImpairedLink.Direction) {
        guard !fate.isLost else { return count(direction) { $0.dropped += 1 } }
        var octets = frame.octets
        if let random = fate.flip, let network = frame.network, network.protocolNumber == 6 {
            // Not the ports, nor the data offset at octet 12: what is flipped must still be told apart.
            let places = (network.start + 4..<network.end).filter { $0 != network.start + 12 }
            if !places.isEmpty {
                octets[places[Int(random >> 3 % UInt64(places.count))]] ^= 1 << UInt8(random & 7)
                count(direction) { $0.corrupted += 1 }
            }
        }
        if fate.isReordered, held[direction] == nil {
            count(direction) { $0.reordered += 1 }
            let due = Instant.now + fate.delay + .milliseconds(20)
            held[direction] = UnderWay(frame: octets, direction: direction, due: due)
            return
        }
        schedule(octets, direction, after: fate.delay)
        if fate.isDuplicated {
            count(direction) { $0.duplicated += 1 }
            schedule(octets, direction, after: fate.delay)
        }
    }

    private mutating func schedule(_ octets: [UInt8], _ direction: ImpairedLink.Direction, after delay: Duration) {
        var due = Instant.now + delay
        if let last = lastDue[direction], due < last { due = last }
        lastDue[direction] = due
        insert(UnderWay(frame: octets, direction: direction, due: due))
        release(direction, at: due)
    }

    private mutating func release(_ direction: ImpairedLink.Direction, at due: Instant) {
        guard var frame = held.removeValue(forKey: direction) else { return }
        frame.due = due
        insert(frame)
    }

    private mutating func insert(_ frame: UnderWay) {
        let index = underWay.lastIndex { $0.due <= frame.due }.map { $0 + 1 } ?? 0
        underWay.insert(frame, at: index)
    }

    private func deliver(_ octets: [UInt8], _ direction: ImpairedLink.Direction) {
        let taken = (direction == .towardsPeer ? peer : us).send(octets)
        count(direction) { statistics in
            if taken { statistics.passed += 1 } else { statistics.refused += 1 }
        }
    }

    private func count(_ direction: ImpairedLink.Direction, _ change: (inout ImpairedLink.Statistics) -> Void) {
        state.withLock { change(&$0.statistics[direction, default: ImpairedLink.Statistics()]) }
    }
}
