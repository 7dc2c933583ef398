internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeWire

extension Descriptor {
    /// Binds the socket to an address and port of this host.
    func bind(
        to address: SocketAddress,
        doing: @autoclosure () -> String,
        advice: (Int32) -> String? = { _ in nil }
    ) throws(SystemError) {
        let storage = SocketStorage(address)
        try systemCall("bind", to: doing(), advice: advice) {
            unsafe storage.withPointer { unsafe Glibc.bind(number, $0, $1) }
        }
    }

    /// The address and port the socket is bound to.
    func localAddress() throws(SystemError) -> SocketAddress {
        var storage = SocketStorage()
        try systemCall("getsockname", to: "read a socket's own address") {
            unsafe storage.withMutablePointer { unsafe getsockname(number, $0, $1) }
        }
        guard let address = storage.address else {
            throw SystemError(doing: "read a socket's own address", call: "getsockname", errno: EAFNOSUPPORT)
        }
        return address
    }

    /// Starts listening.
    func listen(backlog: Int32 = 1, doing: @autoclosure () -> String) throws(SystemError) {
        try systemCall("listen", to: doing()) { Glibc.listen(number, backlog) }
    }

    /// Reads what is there into `octets`; returns how many came, 0 at the end.
    func read(into octets: inout [UInt8], doing: @autoclosure () -> String) throws(SystemError) -> Int {
        try systemCall("read", to: doing()) {
            unsafe octets.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, $0.count) }
        }
    }
}
