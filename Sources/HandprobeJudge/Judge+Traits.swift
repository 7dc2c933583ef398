import HandprobeTCP
import HandprobeWire

/// Differences between segments of the "same" peer: evidence of a proxy or of an injected segment, never proof.
///
/// What an ordinary host does is left out. Linux makes a RST for which no socket is left, the ACKs of TIME-WAIT and those of
/// a connection not yet accepted outside the connection's socket: identification 0 and don't-fragment whatever the others
/// have, the host's usual TTL whatever the service has set, no timestamps in a RST.
extension Judge {
    /// Hop limits that differ by no more than this may be those of one host: its route may have changed.
    private static let hopTolerance = 1
    /// Ticks that a timestamp may lie behind an earlier one because a segment was overtaken, at a tick a microsecond.
    private static let overtaken = 1 << 16
    /// The fastest timestamp clock in use ticks once a microsecond (Linux, per route); RFC 7323 §5.4 asks for no more than
    /// one a millisecond.
    private static let ticksPerSecond = 1_000_000

    /// Compares a segment of the peer with those before it.
    mutating func compare(_ observed: ObservedSegment, _ seen: SegmentObservation) {
        let segment = observed.segment
        guard traits != nil else {
            let begins = seen.syn == .first || observer.startedLate && observer.peer.base != nil
            if begins, !segment.flags.contains(.rst) { traits = PeerTraits(observed, at: now) }
            return
        }
        compareHopLimit(observed)
        compareFragmentation(observed)
        if let from = traits?.identifications.take(observed, at: now.time) {
            noteDifference(
                .identificationJumped,
                "the peer's \(segment.flags.words) has IP identification \(observed.ip.identification), far from the "
                    + "\(from) before it"
            )
        }
        guard !segment.flags.contains(.rst) else { return }
        compareOptions(segment)
        if seen.windowShrunk > 0 {
            noteDifference(
                .windowShrunk,
                "the peer's \(segment.flags.words) takes back \(Self.count(seen.windowShrunk)) of the window offered before"
            )
        }
    }

    private mutating func noteDifference(_ code: FindingCode, _ sentence: String) {
        guard let traits, !log.contains(code) else { return }
        note(code, sentence, source: .peer, evidence: [traits.index, now.index])
    }

    private mutating func compareHopLimit(_ observed: ObservedSegment) {
        guard let traits else { return }
        let isReset = observed.segment.flags.contains(.rst)
        let hops = observed.ip.hopLimit
        let isOther = { (earlier: UInt8) in abs(Int(hops) - Int(earlier)) > Self.hopTolerance }
        if !isReset { self.traits?.latestHopLimit = hops }
        guard isOther(traits.hopLimit), !isReset || isOther(traits.latestHopLimit) else { return }
        noteDifference(
            isReset ? .resetWithOtherTTL : .ttlChanged,
            "the peer's \(observed.segment.flags.words) came with \(hopName) \(hops), "
                + "its \(traits.flags.words) with \(traits.hopLimit)"
        )
    }

    private var hopName: String { flow.remote.address.family == .v4 ? "TTL" : "hop limit" }

    /// Linux sets don't-fragment on all that it makes without a socket, so only losing it is remarkable there.
    private mutating func compareFragmentation(_ observed: ObservedSegment) {
        guard let before = traits?.dontFragment, let here = observed.ip.dontFragment, before != here,
            let words = traits?.flags.words
        else { return }
        let segment = observed.segment
        guard before || !segment.payload.isEmpty || segment.flags.contains(.fin) else { return }
        noteDifference(
            .dontFragmentChanged,
            "the peer's \(segment.flags.words) came \(here ? "with" : "without") don't-fragment, "
                + "its \(words) \(before ? "with" : "without")"
        )
    }

    private mutating func compareOptions(_ segment: TCPSegment) {
        guard let terms = traits?.terms else { return }
        if segment.flags.contains(.syn) {
            let differences = terms.differences(in: PeerTraits.Terms(segment.options))
            guard !differences.isEmpty else { return }
            noteDifference(
                .synAckOptionsChanged,
                "the \(segment.flags.words) came again with other options: \(differences.joined(separator: ", "))"
            )
        } else if terms.hasTimestamps {
            compareTimestamp(segment)
        } else if !segment.options.isEmpty, segment.options.timestamps != nil {
            noteDifference(
                .optionNotNegotiated,
                "the peer's \(segment.flags.words) carries timestamps, which its \(traits?.flags.words ?? "SYN") had not"
            )
        }
    }

    private mutating func compareTimestamp(_ segment: TCPSegment) {
        guard let offered = offer?.timestamps else { return }
        guard let value = segment.options.timestamps?.value else {
            // Linux leaves the option out of an answer when there is no value of ours to echo.
            guard offered.value != 0 else { return }
            return noteDifference(
                .timestampsDropped,
                "the peer's \(segment.flags.words) has no timestamps, which both SYNs had"
            )
        }
        guard let (highest, time) = traits?.timestamp else { return }
        let distance = Int(Int32(bitPattern: value &- highest))
        let seconds = max(0, now.time.nanoseconds &- time.nanoseconds) / 1_000_000_000
        let reach = (Int(clamping: min(seconds, 3600)) + 1) * Self.ticksPerSecond
        if distance < -Self.overtaken || distance > Self.overtaken + reach {
            noteDifference(
                .timestampJumped,
                "the peer's \(segment.flags.words) has timestamp \(value), \(abs(distance)) "
                    + "\(distance < 0 ? "behind" : "beyond") the \(highest) before it"
            )
        } else if distance < 0 {
            return
        }
        traits?.timestamp = (value, now.time)
    }
}
