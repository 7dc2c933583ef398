import ArgumentParser
import HandprobeNet
import HandprobeWire

/// How our SYN looks. What is not given is as a current Linux client would send it.
struct SynOptions: ParsableArguments {
    @Option(
        help: "Maximum segment size to announce, in octets.",
        transform: NumberArgument.transform(upTo: UInt16.max, what: "the MSS"))
    var mss: UInt16?

    @Option(
        help: "Window scale shift to announce (0 to 14; 15 is sent as it is).",
        transform: NumberArgument.transform(upTo: UInt8(15), what: "the window scale"))
    var wscale: UInt8?

    @Flag(help: "Leave the window scale option out.")
    var noWscale = false

    @Flag(help: "Leave SACK-permitted out.")
    var noSack = false

    @Flag(help: "Leave the timestamps option out.")
    var noTimestamps = false

    @Option(
        help: ArgumentHelp(
            "All options of the SYN, in order: mss=N, ws=N, sackok, ts, nop, eol, md5=HEX, tfo=HEX, kind-N=HEX.",
            valueName: "list"
        )
    )
    var options: String?

    @Option(help: ArgumentHelp("All option octets of the SYN as they are, in hex.", valueName: "hex"))
    var optionsHex: String?

    @Option(
        help: "Initial sequence number; random when not given.",
        transform: NumberArgument.transform(upTo: UInt32.max, what: "a sequence number"))
    var isn: UInt32?

    @Option(help: "Window field of the SYN.", transform: NumberArgument.transform(upTo: UInt16.max, what: "the window"))
    var win: UInt16?

    @Option(
        help: "Flags of the SYN, as names (syn,ece,cwr), letters (SEC) or a number.",
        transform: reading(FlagsArgument.read)
    )
    var flags: TCPFlags?

    @Flag(help: "Ask for ECN: ECE and CWR on the SYN (RFC 3168 §6.1.1).")
    var ecn = false

    func validate() throws {
        if options != nil && optionsHex != nil {
            throw ValidationError("--options and --options-hex both give all options: use one of them")
        }
        if options != nil || optionsHex != nil, mss != nil || wscale != nil || noWscale || noSack || noTimestamps {
            throw ValidationError(
                "--options and --options-hex give all options of the SYN: leave --mss, --wscale, --no-wscale, --no-sack "
                    + "and --no-timestamps out, or name them in the list"
            )
        }
        if wscale != nil && noWscale { throw ValidationError("--wscale and --no-wscale contradict each other") }
        if let flags, !flags.contains(.syn) || !flags.isDisjoint(with: [.rst, .fin, .ack]) {
            throw ValidationError(
                "a handshake begins with SYN and without ACK, FIN or RST: for any other segment use 'handprobe send'"
            )
        }
        _ = try listed(timestamp: 0)
    }

    /// The options that were given as a whole; nil when none were.
    private func listed(timestamp: UInt32) throws -> TCPOptions? {
        do {
            if let options { return try TCPOptions(list: options, timestamps: timestamp) }
            guard let optionsHex else { return nil }
            let octets = try [UInt8](hex: optionsHex)
            guard octets.count <= TCPOptions.capacity, octets.count % 4 == 0 else {
                throw ValidationError(
                    "--options-hex has \(octets.count) octets: a header takes 0 to 40, in steps of 4 (pad with 01 or 00)"
                )
            }
            return TCPOptions(octets: octets)
        } catch let error as NotationError {
            throw ValidationError("cannot read the options: \(error)")
        }
    }

    /// The option octets of our SYN on a path whose MSS and window scale are these.
    func tcpOptions(pathMSS: UInt16, defaults: SystemDefaults, timestamp: UInt32) throws -> TCPOptions {
        if let listed = try listed(timestamp: timestamp) { return listed }
        return TCPOptions(
            linuxLayoutWithMSS: mss ?? pathMSS,
            windowScale: noWscale ? nil : wscale ?? (defaults.offersWindowScale ? defaults.windowScale : nil),
            sackPermitted: !noSack && defaults.offersSACK,
            timestamp: noTimestamps || !defaults.offersTimestamps ? nil : timestamp
        )
    }
}
