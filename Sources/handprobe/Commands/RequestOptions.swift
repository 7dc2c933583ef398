import ArgumentParser
import HandprobeWire

/// What is sent once the connection is open.
struct RequestOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Text to send once open; \\n, \\r, \\t, \\0, \\\\ and \\xHH are understood.", valueName: "text"))
    var send: String?

    @Option(help: ArgumentHelp("Octets to send once open, in hex.", valueName: "hex"))
    var sendHex: String?

    @Flag(help: "Send a minimal HTTP/1.1 request that asks the server to close after its answer.")
    var http = false

    /// True when there is something to send.
    var isGiven: Bool { send?.isEmpty == false || sendHex?.isEmpty == false || http }

    func validate() throws {
        guard [send != nil, sendHex != nil, http].filter({ $0 }).count <= 1 else {
            throw ValidationError("--send, --send-hex and --http each give the whole request: use one of them")
        }
        _ = try octets(for: Target(host: "host", port: 80))
    }

    /// The octets to send; the target is for the Host line of an HTTP request.
    func octets(for target: Target) throws -> [UInt8] {
        if http {
            return Array(
                "GET / HTTP/1.1\r\nHost: \(target.authority)\r\nUser-Agent: handprobe/\(Version.text)\r\nConnection: close\r\n\r\n"
                    .utf8)
        }
        do {
            if let sendHex { return try [UInt8](hex: sendHex) }
        } catch {
            throw ValidationError("cannot read --send-hex: \(error)")
        }
        do {
            return try send.map(EscapedText.octets) ?? []
        } catch {
            throw error.validationError
        }
    }
}
