import HandprobeWire

/// A host and a port as a person writes them, not yet resolved.
struct Target: Hashable, Sendable {
    /// A name, an address, or a link-local address with `%interface`; without brackets.
    var host: String
    /// The port.
    var port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, `[v6]:port`, or two words `host port`.
    init(words: [String]) throws(ArgumentProblem) {
        guard let first = words.first, words.count <= 2, !first.isEmpty else {
            throw ArgumentProblem("a target is one host and one port, as in example.net:443 or [2001:db8::1]:443")
        }
        if words.count == 2 {
            self.init(host: Self.withoutBrackets(first), port: try Self.port(words[1], of: first))
        } else {
            let (host, port) = try Self.split(first)
            self.init(host: host, port: try Self.port(port, of: first))
        }
    }

    /// Host and port as HTTP names them: without the port when it is HTTP's own, and without an interface, which means
    /// nothing to the peer (RFC 9110 §7.2, RFC 6874 §1).
    var authority: String {
        let name = host.contains(":") ? "[\(host.prefix { $0 != "%" })]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    private static func split(_ text: String) throws(ArgumentProblem) -> (host: String, port: String) {
        if text.hasPrefix("[") {
            guard let close = text.lastIndex(of: "]"), text[text.index(after: close)...].hasPrefix(":") else {
                let address = text.hasSuffix("]") ? text : "[address]"
                throw ArgumentProblem("'\(text)' has no port: write it as \(address):port")
            }
            let port = text[text.index(close, offsetBy: 2)...]
            return (String(text[text.index(after: text.startIndex)..<close]), String(port))
        }
        let colons = text.filter { $0 == ":" }.count
        guard colons > 0 else { throw ArgumentProblem("'\(text)' has no port: write it as \(text):port") }
        guard colons == 1, let colon = text.firstIndex(of: ":") else {
            throw ArgumentProblem("'\(text)' is ambiguous: an IPv6 address with a port is written [address]:port")
        }
        guard colon != text.startIndex else { throw ArgumentProblem("'\(text)' has no host before the colon") }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    private static func port(_ text: String, of target: String) throws(ArgumentProblem) -> UInt16 {
        guard let port = UInt16(text), port > 0 else {
            throw ArgumentProblem("'\(text)' in '\(target)' is not a port: ports are whole numbers from 1 to 65535")
        }
        return port
    }
}

extension Target: CustomStringConvertible {
    /// `host:port`, an IPv6 address in brackets.
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
