import ArgumentParser
import HandprobeNet
import HandprobeTCP
import HandprobeWire

/// What every segment of ours is signed with, and every one of the peer must be.
struct SignatureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Sign every segment by the TCP MD5 option (RFC 2385), and believe the peer only when it does. Other users see the key.",
            valueName: "key"))
    var md5: String?

    @Option(
        help: ArgumentHelp(
            "The same with the key in a file, but for a line feed at its end; - reads standard input.",
            valueName: "file"))
    var md5KeyFile: String?

    var isGiven: Bool { md5 != nil || md5KeyFile != nil }

    func validate() throws {
        if md5 != nil && md5KeyFile != nil {
            throw ValidationError("--md5 and --md5-key-file both give the key: use one of them")
        }
        if let md5, SignatureKey(Array(md5.utf8)) == nil { throw Self.lengthProblem("--md5") }
    }

    /// What contradicts the rest of the command: other readers of standard input, and options that leave no room.
    func validate(with syn: SynOptions, _ offer: OfferOptions, isStepped: Bool) throws {
        guard isGiven else { return }
        if offer.like == nil { try check(offer.preview(with: syn, defaults: .forSignedSyn)) }
        guard md5KeyFile == "-" else { return }
        if isStepped {
            throw ValidationError("--step reads standard input, and so does --md5-key-file -: give the name of a file")
        }
        if offer.like == "-" {
            throw ValidationError("--like - and --md5-key-file - both read standard input: give the name of a file")
        }
    }

    /// The same where nothing else reads standard input and nothing is offered.
    func validate(with syn: SynOptions) throws {
        guard isGiven else { return }
        try check(syn.tcpOptions(pathMSS: 1460, defaults: .forSignedSyn, timestamp: 0))
    }

    private func check(_ options: TCPOptions) throws {
        var options = options
        try options.reserveSignature()
    }

    /// The key; nil when none was given.
    ///
    /// To be called before capabilities are dropped: under sudo it is a capability that lets root read the person's file.
    func key() throws -> SignatureKey? {
        if let md5 { return SignatureKey(Array(md5.utf8)) }
        guard let md5KeyFile else { return nil }
        let input = try InputFile(md5KeyFile)
        var octets = input.peek(SignatureKey.mostOctets + 3)
        if let problem = input.problem { throw problem }
        if case .signal(let number)? = input.interruption { throw ExitCode.interrupted(by: number) }
        if octets.last == UInt8(ascii: "\n") { octets.removeLast() }
        if octets.last == UInt8(ascii: "\r") { octets.removeLast() }
        guard let key = SignatureKey(octets) else { throw Self.lengthProblem("the key in \(input.name)") }
        return key
    }

    private static func lengthProblem(_ what: String) -> ValidationError {
        ValidationError("\(what) is to have 1 to \(SignatureKey.mostOctets) octets")
    }
}

extension TCPOptions {
    /// Makes room for a signature; throws when there is none.
    mutating func reserveSignature() throws {
        let taken = count
        guard makeRoomForSignature() else {
            throw ValidationError(
                "the MD5 option takes 18 octets of 40, and the other options have \(taken): leave some out")
        }
    }
}

extension ConnectionConfiguration {
    /// Makes room for the signature of every segment; throws when the SYN has none.
    mutating func reserveSignature() throws {
        try synOptions.reserveSignature()
        // Later segments have two NOPs in front of it.
        optionReserve = 20
    }
}

extension SystemDefaults {
    /// Linux offers no timestamps in a SYN that it signs: the options have no room for both and for SACK blocks.
    static var forSignedSyn: SystemDefaults {
        var defaults = SystemDefaults.current
        defaults.offersTimestamps = false
        return defaults
    }
}
