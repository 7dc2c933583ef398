import ArgumentParser
import HandprobeWire

/// Octets to send once the connection is open.
struct SpeechOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Text to send once open; \\n, \\r, \\t, \\0, \\\\ and \\xHH are understood.", valueName: "text"))
    var send: String?

    @Option(help: ArgumentHelp("Octets to send once open, in hex.", valueName: "hex"))
    var sendHex: String?

    /// True when an option was given, even one without an octet.
    var isNamed: Bool { send != nil || sendHex != nil }

    func validate() throws {
        guard send == nil || sendHex == nil else {
            throw ValidationError("--send and --send-hex each give all that is sent: use one of them")
        }
        _ = try octets
    }

    /// The octets; none when none were given.
    var octets: [UInt8] {
        get throws {
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
}
