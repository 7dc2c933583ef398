public import HandprobeTCP
public import HandprobeWire

/// The TCP sockets of a namespace as its kernel lists them in /proc/net/tcp and tcp6.
///
/// The list is not made at one instant: where sockets come and go, as in the root namespace, a row can be missed.
public struct SocketTable: Hashable, Sendable {
    /// One socket.
    public struct Row: Hashable, Sendable {
        /// The kernel's end.
        public var local: SocketAddress
        /// The other end; unspecified for a listener.
        public var remote: SocketAddress
        /// The state; a request socket is SYN-RECEIVED.
        public var state: ConnectionState
    }

    /// Every socket, IPv4 first.
    public var rows: [Row]

    /// Reads the table of `namespace`, or of where we are.
    public static func read(in namespace: NetworkNamespace? = nil) throws -> SocketTable {
        let texts = try NetworkNamespace.run(in: namespace) {
            (try readFile("/proc/net/tcp"), (try? readFile("/proc/net/tcp6")) ?? "")
        }
        return SocketTable(rows: [texts.0, texts.1].flatMap { $0.split(separator: "\n").compactMap(row) })
    }

    /// The sockets that have `port` at either end.
    public func rows(port: UInt16) -> [Row] { rows.filter { $0.local.port == port || $0.remote.port == port } }

    /// The connections, listeners left out, that have `port` at either end and a state.
    public func connections(port: UInt16) -> [Row] { rows(port: port).filter { $0.state != .listen } }

    private static func row(_ line: Substring) -> Row? {
        let fields = line.split(separator: " ")
        guard fields.count > 3, let local = address(fields[1]), let remote = address(fields[2]),
            let number = Int(fields[3], radix: 16)
        else { return nil }
        // The order of include/net/tcp_states.h; 12 is TCP_NEW_SYN_RECV.
        let states: [ConnectionState?] = [
            nil, .established, .synSent, .synReceived, .finWait1, .finWait2, .timeWait, .closed, .closeWait, .lastAck,
            .listen, .closing, .synReceived,
        ]
        guard states.indices.contains(number), let state = states[number] else { return nil }
        return Row(local: local, remote: remote, state: state)
    }

    /// The address in words of 32 bits in the machine's own order, then the port.
    private static func address(_ field: Substring) -> SocketAddress? {
        let parts = field.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { return nil }
        let digits = Array(parts[0])
        let words = stride(from: 0, to: digits.count, by: 8).compactMap {
            UInt32(String(digits[$0..<min($0 + 8, digits.count)]), radix: 16).map(\.bigEndian)
        }
        switch words.count {
        case 1: return SocketAddress(.v4(IPv4Address(words[0])), port: port)
        case 4:
            let value = words.reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
            return SocketAddress(.v6(IPv6Address(value)), port: port)
        default: return nil
        }
    }
}
