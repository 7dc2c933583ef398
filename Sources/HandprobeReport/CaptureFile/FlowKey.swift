import HandprobeWire

/// Two sockets in an order of their own, so that both directions of a connection have the same key.
struct FlowKey: Hashable, Sendable {
    private let lower: Socket
    private let upper: Socket

    // Numbers that a file cannot know, so that none can be made of flows that all have the same hash.
    private static let secrets = (0..<4).map { _ in UInt64.random(in: .min ... .max) }

    private struct Socket: Hashable, Sendable {
        /// The address in two words; an IPv4 address alone in the second.
        var first: UInt64
        var second: UInt64
        /// The port, and above it the family.
        var port: UInt32

        init(_ address: IPAddress, _ port: UInt16) {
            switch address {
            case .v4(let address):
                (first, second) = (0, UInt64(address.rawValue))
                self.port = UInt32(port)
            case .v6(let address):
                first = UInt64(truncatingIfNeeded: address.rawValue >> 64)
                second = UInt64(truncatingIfNeeded: address.rawValue)
                self.port = UInt32(port) | 1 << 16
            }
        }

        func isBefore(_ other: Socket) -> Bool {
            if first != other.first { return first < other.first }
            return second != other.second ? second < other.second : port < other.port
        }
    }

    init(_ flow: FourTuple) {
        let (local, remote) = (
            Socket(flow.local.address, flow.local.port), Socket(flow.remote.address, flow.remote.port)
        )
        (lower, upper) = remote.isBefore(local) ? (remote, local) : (local, remote)
    }

    /// Hashes the sockets as one word: `Hasher` takes its time for each, and every frame has a key.
    func hash(into hasher: inout Hasher) {
        let secrets = Self.secrets
        let ports = UInt64(lower.port) << 32 | UInt64(upper.port)
        let addresses = Self.mix(lower.second ^ secrets[0], upper.second ^ secrets[1])
        let prefixes = Self.mix(lower.first ^ secrets[2], upper.first ^ ports ^ secrets[3])
        hasher.combine(addresses ^ prefixes)
    }

    /// Both halves of the product.
    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
