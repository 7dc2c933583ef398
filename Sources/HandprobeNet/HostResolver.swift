internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeWire

/// Names to addresses, by the system's resolver.
public enum HostResolver {
    /// The addresses of `host` in the order the resolver prefers (RFC 6724), with port 0 and, where one belongs to them,
    /// the scope.
    ///
    /// An address is never looked up anywhere. A link-local one may name its interface: `fe80::1%eth0`.
    public static func resolve(
        _ host: String,
        family: IPAddress.Family? = nil,
        numericOnly: Bool = false
    ) throws(ResolveError) -> [SocketAddress] {
        if let numeric = try numericAddress(host) {
            if let family, numeric.address.family != family {
                throw .otherFamily(numeric.address, family: family)
            }
            return [numeric]
        }
        let isOdd = host.isEmpty || host.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "%") }
        if isOdd { throw .unknownHost(host, reason: "it is neither a name nor an address") }
        if numericOnly { throw .notNumeric(host) }
        return try lookUp(host, family: family)
    }

    private static func numericAddress(_ host: String) throws(ResolveError) -> SocketAddress? {
        let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        guard parts.count == 2 else { return SocketAddress(address, port: 0) }
        let scope = String(parts[1])
        let interface: NetworkInterface?
        do throws(SystemError) {
            if let index = UInt32(scope) {
                interface = try NetworkInterface.at(index: index)
            } else {
                interface = try NetworkInterface.named(scope)
            }
        } catch {
            throw .unknownScope(host, scope: scope)
        }
        guard let interface else { throw .unknownScope(host, scope: scope) }
        return SocketAddress(address, port: 0, scope: address.isLinkLocal ? interface.index : 0)
    }

    private static func lookUp(_ host: String, family: IPAddress.Family?) throws(ResolveError) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = family?.domain ?? AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = unsafe getaddrinfo(host, nil, &hints, &list)
        defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
        switch result {
        case 0: break
        case EAI_AGAIN: throw .temporaryFailure(host, reason: reason(for: result))
        case EAI_FAMILY:
            throw .noAddress(host, family: family ?? .v4)
        case EAI_SYSTEM: throw .temporaryFailure(host, reason: SystemError.reason(for: errno))
        default:
            // EAI_NODATA and EAI_ADDRFAMILY: the name exists, an address of this family does not.
            if let family, [-5, -9].contains(result) { throw .noAddress(host, family: family) }
            throw .unknownHost(host, reason: reason(for: result))
        }
        var addresses: [SocketAddress] = []
        var entry = unsafe list
        while let current = unsafe entry {
            var storage = SocketStorage()
            let count = unsafe min(Int(current.pointee.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
            if let octets = unsafe current.pointee.ai_addr {
                unsafe withUnsafeMutableBytes(of: &storage.storage) {
                    unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: octets, count: count))
                }
            }
            if let address = storage.address, !addresses.contains(address) { addresses.append(address) }
            unsafe entry = unsafe current.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw .unknownHost(host, reason: "it has no address") }
        return addresses
    }

    private static func reason(for result: Int32) -> String {
        unsafe String(cString: gai_strerror(result))
    }
}
