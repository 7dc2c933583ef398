import HandprobeWire

/// The first thing that came from outside in answer to us.
struct FirstAnswer: Sendable {
    /// What it was.
    enum Kind: Sendable {
        case segment(TCPFlags, isChecksumWrong: Bool, isSignatureWrong: Bool)
        /// An ICMP error: what it says.
        case error(String)
    }

    var moment: Moment
    var kind: Kind

    init(moment: Moment, kind: Kind) {
        self.moment = moment
        self.kind = kind
    }

    init(_ observed: ObservedSegment, at moment: Moment) {
        self.moment = moment
        kind = .segment(
            observed.segment.flags, isChecksumWrong: observed.checksum == .bad,
            isSignatureWrong: observed.isSignatureWrong)
    }

    var words: String {
        switch kind {
        case .segment(let flags, isChecksumWrong: true, _): "\(flags.words) whose checksum is wrong"
        case .segment(let flags, _, isSignatureWrong: true): "\(flags.words) without the right MD5 digest"
        case .segment(let flags, _, _): flags.words
        case .error(let words): "an ICMP error: \(words)"
        }
    }
}
