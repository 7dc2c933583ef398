internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeWire

extension NetworkInterface {
    /// The interfaces that have `address`; for a link-local one with a scope, only the interface of that scope.
    public static func having(_ socket: SocketAddress) throws(SystemError) -> [NetworkInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else {
            throw SystemError(doing: "list the addresses of this host", call: "getifaddrs", errno: errno)
        }
        defer { unsafe freeifaddrs(list) }
        var names: [String] = []
        var next = unsafe list
        while let entry = unsafe next {
            unsafe next = unsafe entry.pointee.ifa_next
            guard let octets = unsafe entry.pointee.ifa_addr else { continue }
            let storage = unsafe SocketStorage(copying: octets)
            guard let address = storage.address, address.address == socket.address,
                socket.scope == 0 || address.scope == socket.scope
            else { continue }
            let name = unsafe String(cString: entry.pointee.ifa_name)
            if !names.contains(name) { names.append(name) }
        }
        var interfaces: [NetworkInterface] = []
        for name in names {
            if let interface = try named(name) { interfaces.append(interface) }
        }
        return interfaces
    }
}

extension SocketStorage {
    /// A copy of an address of IPv4 or IPv6; of another family only that.
    fileprivate init(copying octets: UnsafeMutablePointer<sockaddr>) {
        self.init()
        let count =
            switch unsafe Int32(octets.pointee.sa_family) {
            case AF_INET: MemoryLayout<sockaddr_in>.size
            case AF_INET6: MemoryLayout<sockaddr_in6>.size
            default: MemoryLayout<sa_family_t>.size
            }
        unsafe withUnsafeMutableBytes(of: &storage) {
            unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: octets, count: count))
        }
    }
}
