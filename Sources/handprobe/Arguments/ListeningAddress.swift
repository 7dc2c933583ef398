import HandprobeNet
import HandprobeWire

/// Where to listen as a person writes it: a port, or an address or name of this host and a port.
struct ListeningAddress: Hashable, Sendable {
    /// Nil is loopback.
    private let host: String?
    /// The port.
    let port: UInt16

    /// Reads `port`, `address:port`, `[v6]:port`, or two words `address port`.
    init(words: [String]) throws(ArgumentProblem) {
        if words.count == 1, let word = words.first, !word.isEmpty, word.allSatisfy({ $0.isASCII && $0.isNumber }) {
            let target = try Target(words: ["loopback", word])
            (host, port) = (nil, target.port)
        } else {
            let target = try Target(words: words)
            (host, port) = (target.host, target.port)
        }
    }

    /// The socket: the first address that the host has, of `family` where one was asked for.
    func socket(_ family: IPAddress.Family?) throws(ResolveError) -> SocketAddress {
        guard let host else {
            return SocketAddress(family == .v6 ? .v6(.loopback) : .v4(.loopback), port: port)
        }
        let address = try HostResolver.resolve(host, family: family)[0]
        return SocketAddress(address.address, port: port, scope: address.scope)
    }
}
