internal import CLinuxNet
internal import CPcap
internal import Glibc

/// The one owner of a file descriptor: closing it is what forgetting it means.
struct Descriptor: ~Copyable {
    /// The number, valid while this value lives.
    let number: Int32

    /// Takes over an open descriptor.
    init(taking number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// A new socket, closed on exec.
    static func socket(
        _ domain: Int32,
        _ type: Int32,
        _ protocolNumber: Int32,
        to doing: @autoclosure () -> String,
        advice: (Int32) -> String? = { _ in nil }
    ) throws(SystemError) -> Descriptor {
        Descriptor(
            taking: try systemCall("socket", to: doing(), advice: advice) {
                Glibc.socket(domain, type | Int32(SOCK_CLOEXEC.rawValue), protocolNumber)
            }
        )
    }

    /// Sets a socket option of any plain type.
    func setOption<Value: BitwiseCopyable>(
        _ level: Int32,
        _ name: Int32,
        _ value: Value,
        to doing: @autoclosure () -> String,
        advice: (Int32) -> String? = { _ in nil }
    ) throws(SystemError) {
        try systemCall("setsockopt", to: doing(), advice: advice) {
            unsafe withUnsafeBytes(of: value) {
                unsafe setsockopt(number, level, name, $0.baseAddress, socklen_t($0.count))
            }
        }
    }

    /// Binds the socket to an interface (SO_BINDTODEVICE).
    func bind(toInterface interface: String) throws(SystemError) {
        let name = Array(interface.utf8)
        try systemCall("setsockopt", to: "bind a socket to interface \(interface)") {
            unsafe name.withUnsafeBytes {
                unsafe setsockopt(number, SOL_SOCKET, SO_BINDTODEVICE, $0.baseAddress, socklen_t($0.count))
            }
        }
    }

    /// Makes the kernel drop whatever a classic BPF program returns 0 for (SO_ATTACH_FILTER).
    func attachFilter(_ program: [BPFInstruction], to doing: @autoclosure () -> String) throws(SystemError) {
        try systemCall("setsockopt", to: doing()) { BPFInstruction.attach(program, to: number) }
    }
}
