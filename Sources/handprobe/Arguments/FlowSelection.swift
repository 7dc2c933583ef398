import HandprobeWire

/// Which connections of a capture file are asked for.
enum FlowSelection: Hashable, Sendable {
    /// The one with this number.
    case number(Int)
    /// Those between two sockets.
    case flow(SocketAddress, SocketAddress)
    /// Those of one socket.
    case socket(SocketAddress)

    /// Reads `3`, `host:port-host:port` or `host:port`; hosts are addresses, as in the table.
    init(_ text: String) throws(ArgumentProblem) {
        if let number = Int(text), number > 0 {
            self = .number(number)
            return
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count <= 2 else { throw Self.problem(text) }
        let first = try Self.socket(ends[0], of: text)
        self = ends.count == 2 ? .flow(first, try Self.socket(ends[1], of: text)) : .socket(first)
    }

    private static func socket(_ end: String, of text: String) throws(ArgumentProblem) -> SocketAddress {
        guard let target = try? Target(words: [end]), let address = IPAddress(target.host) else { throw problem(text) }
        return SocketAddress(address, port: target.port)
    }

    private static func problem(_ text: String) -> ArgumentProblem {
        ArgumentProblem("'\(text)' chooses no connection: write 3, 192.0.2.1:40000-192.0.2.2:80 or [2001:db8::1]:443")
    }

    /// True when all that it can choose follow one another, so that each can be shown as it happens.
    var isOneFlow: Bool { if case .socket = self { false } else { true } }

    /// True when it chooses this connection.
    func includes(_ number: Int, _ flow: FourTuple) -> Bool {
        switch self {
        case .number(let wanted): return number == wanted
        case .socket(let socket): return Self.isSame(flow.local, socket) || Self.isSame(flow.remote, socket)
        case .flow(let one, let other):
            return Self.isSame(flow.local, one) && Self.isSame(flow.remote, other)
                || Self.isSame(flow.local, other) && Self.isSame(flow.remote, one)
        }
    }

    /// Addresses and ports only: a frame does not carry the scope of a link-local address.
    private static func isSame(_ one: SocketAddress, _ other: SocketAddress) -> Bool {
        one.address == other.address && one.port == other.port
    }
}
