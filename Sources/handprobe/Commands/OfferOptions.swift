import ArgumentParser
import HandprobeNet
import HandprobeTCP
import HandprobeWire

/// What the SYN of an active opener asks for beside a connection, and whose SYN it looks like.
struct OfferOptions: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Send the SYN of another stack: its options, window and time to live.",
            valueName: SynLayout.allCases.map(\.rawValue).joined(separator: "|")),
        transform: reading { text throws(ArgumentProblem) in
            guard let layout = SynLayout(rawValue: text) else {
                let known = SynLayout.allCases.map(\.rawValue).joined(separator: ", ")
                throw ArgumentProblem("'\(text)' is no stack whose SYN is known here: give one of \(known)")
            }
            return layout
        })
    var layout: SynLayout?

    @Option(
        help: ArgumentHelp(
            "Send the SYN of a capture: the first in it without ACK, but for its addresses, ports, sequence number and clock.",
            valueName: "file"))
    var like: String?

    @Flag(help: "Ask for accurate ECN: AE, CWR and ECE on the SYN (RFC 9768 §3.1.1).")
    var accecn = false

    @Flag(help: "Ask for a TCP Fast Open cookie (RFC 7413).")
    var tfo = false

    @Option(
        help: ArgumentHelp(
            "Present a TCP Fast Open cookie, 4 to 16 octets in hex; with --data-on syn the request goes with it.",
            valueName: "hex"))
    var tfoCookie: String?

    @Flag(help: "Offer Multipath TCP: MP_CAPABLE, version 1 (RFC 8684).")
    var mptcp = false

    func validate() throws {
        if tfo && tfoCookie != nil {
            throw ValidationError("--tfo asks for a cookie, --tfo-cookie has one: use one of them")
        }
        _ = try extensions
    }

    /// What contradicts the rest of the SYN, or finds no room beside it.
    func validate(with syn: SynOptions, isStepped: Bool) throws {
        let isListed = syn.options != nil || syn.optionsHex != nil
        let isChanged = isListed || syn.wscale != nil || syn.noWscale || syn.noSack || syn.noTimestamps
        if layout != nil, isChanged {
            throw ValidationError(
                "--as gives all options of the SYN: leave the other options about them out, but --mss")
        }
        if like != nil, isChanged || layout != nil || syn.mss != nil {
            throw ValidationError("--like gives all options of the SYN: leave the other options about them out")
        }
        if like == "-", isStepped {
            throw ValidationError("--step reads standard input, and so does --like -: give the name of a file")
        }
        if syn.ecn && accecn { throw ValidationError("--ecn and --accecn are two ways to ask: use one of them") }
        if syn.optionsHex != nil, tfo || tfoCookie != nil || mptcp {
            throw ValidationError("--options-hex gives all option octets: leave --tfo, --tfo-cookie and --mptcp out")
        }
        _ = try preview(with: syn, defaults: .current)
    }

    /// The options of a SYN on some path.
    func preview(with syn: SynOptions, defaults: SystemDefaults) throws -> TCPOptions {
        try options(
            beside: syn.tcpOptions(pathMSS: 1460, defaults: defaults, timestamp: 0), mss: 1460, timestamp: 0)
    }

    /// Changes a connection that `syn` has described, on a path with this MSS; `pattern` is what `like` names.
    func apply(
        to connection: inout ConnectionConfiguration,
        _ syn: SynOptions,
        pathMSS: UInt16,
        like pattern: SynPattern?
    ) throws {
        let mss = syn.mss ?? pathMSS
        connection.synOptions = try options(
            beside: pattern?.options ?? connection.synOptions, mss: mss, timestamp: connection.timestampOffset)
        if let window = pattern?.window ?? layout?.window(mss: mss), syn.win == nil { connection.synWindow = window }
        if let flags = pattern?.flags, syn.flags == nil { connection.synFlags = flags }
        if syn.ecn { connection.synFlags.formUnion([.ece, .cwr]) }
        if accecn { connection.synFlags.formUnion([.ae, .ece, .cwr]) }
    }

    private func options(beside usual: TCPOptions, mss: UInt16, timestamp: UInt32) throws -> TCPOptions {
        var options = layout?.options(mss: mss, timestamp: timestamp) ?? usual
        let extensions = try extensions
        guard extensions.isEmpty || options.appendBeforeEnd(extensions) else {
            throw ValidationError("--tfo, --tfo-cookie and --mptcp find no room beside the other options of the SYN")
        }
        return options
    }

    private var extensions: [TCPOption] {
        get throws {
            var extensions: [TCPOption] = []
            if tfo { extensions.append(.unknown(kind: 34, octets: [])) }
            if let tfoCookie { extensions.append(.unknown(kind: 34, octets: try cookie(tfoCookie))) }
            // Subtype 0 and version 1, then the flags: H for HMAC-SHA256 (RFC 8684 §3.1).
            if mptcp { extensions.append(.unknown(kind: 30, octets: [0x01, 0x01])) }
            return extensions
        }
    }

    /// RFC 7413 §4.1.1.
    private func cookie(_ text: String) throws -> [UInt8] {
        let octets: [UInt8]
        do {
            octets = try [UInt8](hex: text)
        } catch {
            throw ValidationError("cannot read --tfo-cookie: \(error)")
        }
        guard (4...16).contains(octets.count), octets.count % 2 == 0 else {
            throw ValidationError("--tfo-cookie has \(octets.count) octets: a cookie has 4 to 16, an even number")
        }
        return octets
    }
}
