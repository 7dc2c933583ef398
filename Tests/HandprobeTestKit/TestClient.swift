import Glibc
import HandprobeTCP
public import HandprobeWire

/// A TCP client of the kernel, for testing servers and scripted peers. Every call is bounded in time.
public final class TestClient: Sendable {
    /// How a connection attempt or a read ended.
    public enum Ending: Hashable, Sendable {
        /// The peer's FIN.
        case eof
        /// An error of the kernel: ECONNRESET, ECONNREFUSED, ETIMEDOUT.
        case error(Int32)
    }

    private let socket: KernelSocket
    private let earlyReset: Bool
    /// Where we are connected from.
    public let local: SocketAddress

    /// Connects to `address` from inside `namespace`, or from where we are.
    ///
    /// With a key, everything is signed by the TCP MD5 option. Throws `TestKitError.system` with the kernel's reason when that fails.
    public init(
        to address: SocketAddress,
        from source: SocketAddress? = nil,
        in namespace: NetworkNamespace? = nil,
        key: [UInt8]? = nil,
        limit: Duration = .patience
    ) throws {
        socket = try KernelSocket(address.address.family, in: namespace)
        if let key { try socket.setMD5Key(key, address.address.family) }
        if let source { try socket.bind(to: source) }
        try socket.connect(to: address)
        guard Poll.wait([(socket.descriptor, POLLOUT)], until: .now + limit)[0] else {
            throw TestKitError.timeout("connecting to \(address)")
        }
        let reason = socket.takeError()
        // An attempt is refused (ECONNREFUSED); what is reset has been connected.
        guard reason == 0 || reason == ECONNRESET else {
            throw TestKitError.system(call: "connect", errno: reason, doing: "connecting to \(address)")
        }
        earlyReset = reason == ECONNRESET
        local = try socket.name
    }

    /// Sends all of `octets`; throws with ECONNRESET or EPIPE when the peer has reset.
    public func send(_ octets: [UInt8], limit: Duration = .patience) throws {
        var rest = octets[...]
        let deadline = Instant.now + limit
        while !rest.isEmpty {
            if let count = try socket.send(rest) {
                rest.removeFirst(count)
            } else if !Poll.wait([(socket.descriptor, POLLOUT)], until: deadline)[0] {
                throw TestKitError.timeout("sending with \(rest.count) octets left")
            }
        }
    }

    /// Sends what the window and the buffers take now, and returns how many octets that was.
    public func sendWhatFits(_ octets: [UInt8]) throws -> Int { try socket.send(octets[...]) ?? 0 }

    /// Receives `count` octets.
    public func receive(_ count: Int, limit: Duration = .patience) throws -> [UInt8] {
        var octets: [UInt8] = []
        let deadline = Instant.now + limit
        while octets.count < count {
            if let part = try socket.descriptor.read(upTo: count - octets.count) {
                guard !part.isEmpty else { throw TestKitError.command("end after \(octets.count) of \(count) octets") }
                octets += part
            } else if !Poll.wait([(socket.descriptor, POLLIN)], until: deadline)[0] {
                throw TestKitError.timeout("receiving \(count) octets, \(octets.count) came")
            }
        }
        return octets
    }

    /// Receives until the peer ends the connection, and says how it did.
    public func receiveAll(limit: Duration = .patience) throws -> (octets: [UInt8], ending: Ending) {
        if earlyReset { return ([], .error(ECONNRESET)) }
        var octets: [UInt8] = []
        let deadline = Instant.now + limit
        while true {
            do {
                if let part = try socket.descriptor.read(upTo: 1 << 16) {
                    guard !part.isEmpty else { return (octets, .eof) }
                    octets += part
                    continue
                }
            } catch TestKitError.system(_, let reason, _) {
                return (octets, .error(reason))
            }
            guard Poll.wait([(socket.descriptor, POLLIN)], until: deadline)[0] else {
                throw TestKitError.timeout("waiting for the end after \(octets.count) octets")
            }
        }
    }

    /// Sends our FIN and goes on receiving.
    public func endSending() { socket.endSending() }

    /// The connection will end with RST when this object goes.
    public func resetOnClose() throws { try socket.lingerZero() }
}
