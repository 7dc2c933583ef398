import ArgumentParser

/// What is sent once the connection is open, where it may be a request to a web server.
struct RequestOptions: ParsableArguments {
    @OptionGroup var speech: SpeechOptions

    @Flag(help: "Send a minimal HTTP/1.1 request that asks the server to close after its answer.")
    var http = false

    /// True when there is something to send.
    var isGiven: Bool { http || (try? speech.octets.isEmpty) == false }

    func validate() throws {
        if http, speech.isNamed {
            throw ValidationError("--http and --send or --send-hex each give the whole request: use one of them")
        }
    }

    /// The octets to send; the target is for the Host line of an HTTP request.
    func octets(for target: Target) throws -> [UInt8] {
        guard http else { return try speech.octets }
        let lines = [
            "GET / HTTP/1.1", "Host: \(target.authority)", "User-Agent: handprobe/\(Version.text)", "Connection: close",
        ]
        return Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
    }
}
