internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeWire

/// Keeps the kernel out of connections of ours on one address and port.
///
/// The port is bound exclusively, so it is ours alone, and a socket listens on it that discards all that arrives; a port
/// without a listener would have the kernel answer with RST. All of it ends with the descriptor, however the process ends.
public struct PortGuard: ~Copyable {
    /// The address and port that are guarded.
    public let local: SocketAddress
    /// The guards that the kernel granted.
    public let kinds: [GuardKind]
    /// The guards that the kernel refused, and why.
    public let refusals: [Refusal]
    private let descriptor: Descriptor

    /// What a port is reserved for, which decides what is advised when it cannot be had.
    public enum Purpose: Hashable, Sendable {
        /// A connection of ours, from any port.
        case probe
        /// Clients that come to this port.
        case clients
    }

    /// A guard that the kernel refused.
    public struct Refusal: Hashable, Sendable {
        /// Which.
        public var kind: GuardKind
        /// Why.
        public var error: SystemError
    }

    /// Reserves and guards an address and port; port 0 takes a free one, which `local` then tells.
    ///
    /// Of `kinds`, each that the kernel grants is applied; throws when none is. No kinds at all is no guard, for comparison.
    /// `peers` are for kernels whose MD5 keys hold for one address each. In a VRF the guard must be told which.
    public init(
        local: SocketAddress,
        kinds: [GuardKind] = GuardKind.allCases,
        peers: [IPAddress] = [],
        vrf: String? = nil,
        purpose: Purpose = .probe
    ) throws(SystemError) {
        let family = local.address.family
        let doing = purpose == .probe ? "reserve \(local) for this probe" : "listen on \(local)"
        let descriptor = try Descriptor.socket(family.domain, Int32(SOCK_STREAM.rawValue), 0, to: doing)
        if family == .v6 { try descriptor.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, Int32(1), to: doing) }
        if let vrf { try descriptor.bind(toInterface: vrf) }
        try descriptor.bind(to: local, doing: doing) {
            Self.bindAdvice(errno: $0, local: local, purpose: purpose)
        }
        let bound = try descriptor.localAddress()
        var granted: [GuardKind] = []
        var refusals: [Refusal] = []
        for kind in kinds {
            do {
                try Self.apply(kind, family: family, peers: peers, to: descriptor)
                granted.append(kind)
            } catch {
                refusals.append(Refusal(kind: kind, error: error))
            }
        }
        if granted.isEmpty, let refusal = refusals.last { throw refusal.error }
        // Only now: from listen(2) on the kernel would answer a SYN.
        try descriptor.listen(doing: "guard \(bound)")
        self.local = bound
        self.kinds = granted
        self.refusals = refusals
        self.descriptor = descriptor
    }

    private static func apply(
        _ kind: GuardKind,
        family: IPAddress.Family,
        peers: [IPAddress],
        to descriptor: borrowing Descriptor
    ) throws(SystemError) {
        let doing = "guard a port by \(kind.rawValue)"
        switch kind {
        case .filter:
            try descriptor.attachFilter(BPFInstruction.dropAll, to: doing)
        case .minHopLimit:
            if family == .v4 {
                try descriptor.setOption(Int32(IPPROTO_IP), Int32(LINUX_IP_MINTTL), Int32(255), to: doing)
            } else {
                try descriptor.setOption(Int32(IPPROTO_IPV6), Int32(LINUX_IPV6_MINHOPCOUNT), Int32(255), to: doing)
            }
        case .md5:
            let key = Entropy.octets(16)
            do {
                let everyone: IPAddress = family == .v4 ? .v4(.unspecified) : .v6(.unspecified)
                try setKey(key, for: everyone, prefixLength: 0, on: descriptor, doing: doing)
            } catch {
                // Before Linux 4.13 a key holds for one peer only.
                if peers.isEmpty { throw error }
                for peer in peers where peer.family == family {
                    try setKey(key, for: peer, prefixLength: -1, on: descriptor, doing: doing)
                }
            }
        }
    }

    private static func setKey(
        _ key: [UInt8],
        for address: IPAddress,
        prefixLength: Int32,
        on descriptor: borrowing Descriptor,
        doing: String
    ) throws(SystemError) {
        var storage = SocketStorage(SocketAddress(address, port: 0)).storage
        try systemCall("setsockopt", to: doing) {
            unsafe key.withUnsafeBufferPointer {
                unsafe linux_set_md5_key(descriptor.number, &storage, prefixLength, $0.baseAddress, $0.count)
            }
        }
    }

    private static func bindAdvice(errno: Int32, local: SocketAddress, purpose: Purpose) -> String? {
        switch errno {
        case EADDRINUSE where purpose == .clients:
            "another socket of this host has port \(local.port); `ss -tanp` shows which, or choose another port"
        case EADDRINUSE:
            "another socket of this host has port \(local.port); choose another with --source-port, or none"
        case EACCES:
            "a port below 1024 needs the caller's own right (CAP_NET_BIND_SERVICE); choose one from 1024 on"
        case EADDRNOTAVAIL:
            "\(local.address) is not an address of this host; `ip address` lists those that are"
        default:
            nil
        }
    }
}
