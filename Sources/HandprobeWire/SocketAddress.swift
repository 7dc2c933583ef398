/// An address and a port: what RFC 9293 calls a socket.
public struct SocketAddress: Hashable, Sendable {
    /// The IP address.
    public var address: IPAddress
    /// The TCP port.
    public var port: UInt16
    /// The interface index that gives a link-local address its meaning; 0 for every other address.
    public var scope: UInt32

    /// An address, a port, and for a link-local address the index of its interface.
    @inlinable
    public init(_ address: IPAddress, port: UInt16, scope: UInt32 = 0) {
        self.address = address
        self.port = port
        self.scope = scope
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `192.0.2.1:80` or `[2001:db8::1]:80`; the scope is not shown.
    public var description: String {
        switch address {
        case .v4(let address):
            // As one piece: tables have many.
            unsafe String(unsafeUninitializedCapacity: 21) { octets in
                var end = unsafe address.write(to: octets, at: 0)
                unsafe octets[end] = UInt8(ascii: ":")
                end += 1
                return unsafe port.writeDecimal(to: octets, at: end)
            }
        case .v6(let address): "[\(address)]:\(port)"
        }
    }
}

/// A connection, as seen from this end: the pair of sockets that names it (RFC 9293 §3.3.1).
public struct FourTuple: Hashable, Sendable {
    /// Our socket.
    public var local: SocketAddress
    /// The peer's socket.
    public var remote: SocketAddress

    /// The pair of sockets.
    @inlinable
    public init(local: SocketAddress, remote: SocketAddress) {
        self.local = local
        self.remote = remote
    }

    /// The same connection seen from the other end.
    @inlinable
    public var reversed: FourTuple { FourTuple(local: remote, remote: local) }
}
