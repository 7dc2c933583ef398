import HandprobeTCP
import HandprobeWire

extension Judge {
    /// Everything that the first good SYN-ACK says beside confirming our SYN. Deviations only, none of them fatal.
    mutating func inspectSynAck(_ segment: TCPSegment) {
        if !segment.payload.isEmpty {
            note(.synAckWithData, "the SYN-ACK carries \(Self.count(segment.payload.count)) of data", source: .peer)
        }
        if segment.flags.contains(.fin) {
            note(.synAckWithFin, "the SYN-ACK carries a FIN", source: .peer)
        }
        if segment.wnd == 0 {
            note(.zeroWindowInSynAck, "the SYN-ACK advertises a window of zero", source: .peer)
        }
        inspectMaximumSegmentSize(segment.options)
        if let problem = segment.options.problem {
            note(.malformedOptions, "the SYN-ACK's options cannot be read to their end: \(problem)", source: .peer)
        } else if let kind = segment.options.misshapenKind {
            note(.malformedOptions, "the SYN-ACK's option of kind \(kind) has a wrong length", source: .peer)
        }
        if let shift = segment.options.windowScale, shift > 14 {
            note(.windowScaleTooLarge, "the SYN-ACK's window scale is \(shift)", source: .peer)
        }
        guard let offer else { return }
        inspectAgreements(segment, to: offer)
        inspectAnswers(segment.options, to: offer)
    }

    private mutating func inspectMaximumSegmentSize(_ options: TCPOptions) {
        let isV4 = flow.remote.address.family == .v4
        let least = isV4 ? 536 : 1220
        let headers = isV4 ? 40 : 60
        let ethernet = 1500 - headers
        guard let size = options.maximumSegmentSize else {
            note(.noMSS, "the SYN-ACK has no MSS option; \(least) octets must be assumed", source: .peer)
            return
        }
        if size < least {
            note(.oddMSS, "the SYN-ACK's MSS of \(size) is below \(least)", source: .peer)
        } else if size > 65_495 {
            note(.oddMSS, "the SYN-ACK's MSS of \(size) is more than an IP packet holds", source: .peer)
        } else if size > least, size < ethernet, let ours = offer?.maximumSegmentSize, size < ours {
            note(
                .reducedMSS,
                "the SYN-ACK's MSS of \(size), that of an MTU of \(Int(size) + headers), is below our \(ours): the peer's "
                    + "link is narrower, or a device on the way has clamped it",
                source: .peer
            )
        }
    }

    private mutating func inspectAnswers(_ options: TCPOptions, to offer: TCPOptions) {
        var unasked: [String] = []
        if options.windowScale != nil, offer.windowScale == nil { unasked.append("window scale") }
        if options.sackPermitted, !offer.sackPermitted { unasked.append("SACK-permitted") }
        if options.timestamps != nil, offer.timestamps == nil { unasked.append("timestamps") }
        if !unasked.isEmpty {
            note(
                .optionNotOffered,
                "the SYN-ACK carries \(unasked.joined(separator: ", ")), which our SYN did not offer",
                source: .peer
            )
        }
        if let answered = options.timestamps, let offered = offer.timestamps, answered.echoReply == 0,
            offered.value != 0
        {
            note(.timestampEchoZero, "the SYN-ACK echoes timestamp 0, not our \(offered.value)", source: .peer)
        }
    }
}
