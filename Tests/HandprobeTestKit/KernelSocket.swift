import CTestKit
import Glibc
import HandprobeWire

/// A TCP socket of the kernel, in a test namespace. Never blocks on its own.
final class KernelSocket: Sendable {
    let descriptor: Descriptor

    private init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
        descriptor.becomeNonBlocking()
    }

    /// A new socket in `namespace`.
    convenience init(_ family: IPAddress.Family, in namespace: NetworkNamespace?) throws {
        let domain = family == .v4 ? AF_INET : AF_INET6
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        self.init(
            try NetworkNamespace.run(in: namespace) {
                try Descriptor(socket(domain, type, 0), from: "socket", "making a socket")
            }
        )
    }

    /// Sets an integer option.
    func set(_ level: Int32, _ option: Int32, _ value: Int32) throws {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        try TestKitError.check(
            unsafe setsockopt(descriptor.number, level, option, &value, size), "setsockopt", "setting option \(option)")
    }

    /// Makes the kernel sign with `key`, and take only what is signed with it, to and from every address (RFC 2385).
    func setMD5Key(_ key: [UInt8], _ family: IPAddress.Family) throws {
        // struct tcp_md5sig of linux/tcp.h: the address of a prefix of length 0, flags, prefix length, key length,
        // interface, eighty octets of key.
        var signature = [UInt8](repeating: 0, count: 216)
        let isV4 = family == .v4
        let put = { (number: UInt16, place: Int) in
            unsafe withUnsafeBytes(of: number) { unsafe signature.replaceSubrange(place..<place + 2, with: $0) }
        }
        put(sa_family_t(isV4 ? AF_INET : AF_INET6), 0)
        signature[128] = 1
        put(UInt16(key.count), 130)
        signature.replaceSubrange(136..<136 + key.count, with: key)
        let extended: Int32 = 32
        try TestKitError.check(
            unsafe setsockopt(
                descriptor.number, Int32(IPPROTO_TCP), extended, &signature, socklen_t(signature.count)),
            "setsockopt", "setting an MD5 key")
    }

    /// Makes closing send RST instead of FIN.
    func lingerZero() throws {
        var value = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        try TestKitError.check(
            unsafe setsockopt(descriptor.number, SOL_SOCKET, SO_LINGER, &value, size), "setsockopt", "setting SO_LINGER"
        )
    }

    func bind(to address: SocketAddress) throws {
        let result = unsafe address.withSockaddr { unsafe Glibc.bind(descriptor.number, $0, $1) }
        try TestKitError.check(result, "bind", "binding \(address)")
    }

    func listen(backlog: Int32) throws {
        try TestKitError.check(Glibc.listen(descriptor.number, backlog), "listen", "listening")
    }

    /// Begins to connect; the socket becomes writable when it is known how that ended.
    func connect(to address: SocketAddress) throws {
        let result = unsafe address.withSockaddr { unsafe Glibc.connect(descriptor.number, $0, $1) }
        if result < 0, errno == EINPROGRESS { return }
        try TestKitError.check(result, "connect", "connecting to \(address)")
    }

    /// The next connection and where it comes from; nil when there is none.
    func accept() throws -> (KernelSocket, SocketAddress)? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let number = unsafe ctk_accept(descriptor.number, &storage, &size)
        if number < 0, errno == EAGAIN || errno == ECONNABORTED { return nil }
        let accepted = try Descriptor(number, from: "accept", "accepting a connection")
        return (KernelSocket(accepted), SocketAddress(storage))
    }

    /// Our own address.
    var name: SocketAddress {
        get throws {
            var storage = sockaddr_storage()
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let result = unsafe withUnsafeMutablePointer(to: &storage) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe getsockname(descriptor.number, $0, &size)
                }
            }
            try TestKitError.check(result, "getsockname", "asking a socket for its address")
            return SocketAddress(storage)
        }
    }

    /// The error the socket met since the last question; 0 when none.
    func takeError() -> Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &value, &size)
        return value
    }

    /// Sends what fits now, without SIGPIPE, and returns how many octets that was; nil when there is no room.
    func send(_ octets: ArraySlice<UInt8>) throws -> Int? {
        let result = unsafe octets.withUnsafeBytes {
            unsafe Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if result < 0, errno == EAGAIN { return nil }
        return try TestKitError.check(result, "send", "sending")
    }

    /// Sends our FIN.
    func endSending() {
        shutdown(descriptor.number, Int32(SHUT_WR))
    }
}

extension SocketAddress {
    /// The address as the kernel takes it.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result) rethrows -> Result {
        var storage = sockaddr_storage()
        var size: Int
        switch address {
        case .v4(let address):
            size = MemoryLayout<sockaddr_in>.size
            let value = sockaddr_in(
                sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian,
                sin_addr: in_addr(s_addr: address.rawValue.bigEndian), sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
            unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: value, as: sockaddr_in.self) }
        case .v6(let address):
            size = MemoryLayout<sockaddr_in6>.size
            var value = sockaddr_in6()
            value.sin6_family = sa_family_t(AF_INET6)
            value.sin6_port = port.bigEndian
            value.sin6_scope_id = scope
            unsafe withUnsafeMutableBytes(of: &value.sin6_addr) {
                unsafe $0.storeBytes(of: address.rawValue.bigEndian, as: UInt128.self)
            }
            unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: value, as: sockaddr_in6.self) }
        }
        return try unsafe withUnsafePointer(to: storage) {
            try unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { try unsafe body($0, socklen_t(size)) }
        }
    }

    /// The address that the kernel gave.
    init(_ storage: sockaddr_storage) {
        self = unsafe withUnsafeBytes(of: storage) { octets in
            if Int32(storage.ss_family) == AF_INET {
                let value = unsafe octets.loadUnaligned(as: sockaddr_in.self)
                return SocketAddress(
                    .v4(IPv4Address(UInt32(bigEndian: value.sin_addr.s_addr))), port: UInt16(bigEndian: value.sin_port))
            }
            let value = unsafe octets.loadUnaligned(as: sockaddr_in6.self)
            let address = unsafe withUnsafeBytes(of: value.sin6_addr) { unsafe $0.loadUnaligned(as: UInt128.self) }
            return SocketAddress(
                .v6(IPv6Address(UInt128(bigEndian: address))), port: UInt16(bigEndian: value.sin6_port),
                scope: value.sin6_scope_id)
        }
    }
}
