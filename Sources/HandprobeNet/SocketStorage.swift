internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeWire

/// A socket address in the kernel's form.
struct SocketStorage {
    /// The octets.
    var storage = sockaddr_storage()
    /// How many of them count.
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// Room for an address that the kernel is to fill in.
    init() {}

    // sockaddr_in and sockaddr_in6 are stored field by field: the union in the latter hides it from generic loads.
    private static let portOffset = 2
    private static let v4AddressOffset = 4
    private static let v6AddressOffset = 8
    private static let v6ScopeOffset = 24

    /// The kernel's form of `address`.
    init(_ address: SocketAddress) {
        storage.ss_family = sa_family_t(address.address.family.domain)
        store(address.port.bigEndian, at: Self.portOffset)
        switch address.address {
        case .v4(let host):
            store(host.rawValue.bigEndian, at: Self.v4AddressOffset)
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
        case .v6(let host):
            store(host.rawValue.bigEndian, at: Self.v6AddressOffset)
            store(address.scope, at: Self.v6ScopeOffset)
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        }
    }

    private mutating func store<Field: BitwiseCopyable>(_ field: Field, at offset: Int) {
        unsafe withUnsafeMutableBytes(of: &storage) {
            unsafe $0.storeBytes(of: field, toByteOffset: offset, as: Field.self)
        }
    }

    private func load<Field: BitwiseCopyable>(at offset: Int, as field: Field.Type) -> Field {
        unsafe withUnsafeBytes(of: storage) { unsafe $0.loadUnaligned(fromByteOffset: offset, as: Field.self) }
    }

    /// The address as a value; nil when it is of another family than IPv4 and IPv6.
    var address: SocketAddress? {
        let port = UInt16(bigEndian: load(at: Self.portOffset, as: UInt16.self))
        switch Int32(storage.ss_family) {
        case AF_INET:
            let host = UInt32(bigEndian: load(at: Self.v4AddressOffset, as: UInt32.self))
            return SocketAddress(.v4(IPv4Address(host)), port: port)
        case AF_INET6:
            let host = UInt128(bigEndian: load(at: Self.v6AddressOffset, as: UInt128.self))
            let scope = load(at: Self.v6ScopeOffset, as: UInt32.self)
            return SocketAddress(.v6(IPv6Address(host)), port: port, scope: scope)
        default:
            return nil
        }
    }

    /// Calls `body` with the address as system calls take it.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    /// Lets `body` fill the address in.
    mutating func withMutablePointer<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &length) }
        }
    }
}

extension IPAddress.Family {
    /// AF_INET or AF_INET6.
    var domain: Int32 {
        switch self {
        case .v4: AF_INET
        case .v6: AF_INET6
        }
    }

    /// IPv4 or IPv6, as people write it.
    var name: String {
        switch self {
        case .v4: "IPv4"
        case .v6: "IPv6"
        }
    }
}
