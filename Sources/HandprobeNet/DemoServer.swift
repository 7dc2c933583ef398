internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeWire

/// A small server on loopback inside this process, for `demo`: reads until the client has closed its direction, answers
/// into the half-closed connection, then closes its own.
public final class DemoServer: Sendable {
    /// Where it listens.
    public let address: SocketAddress
    private let listener: Descriptor
    private let answer: [UInt8]
    private let pause: Duration

    /// Listens on a free port of `host` and serves one connection after the other until the process ends.
    ///
    /// `pause` is how long it thinks between the client's FIN and its answer, and again before its own FIN.
    public init(on host: IPAddress, answer: [UInt8], pause: Duration) throws(SystemError) {
        let doing = "start the demo's server on \(host)"
        let descriptor = try Descriptor.socket(host.family.domain, Int32(SOCK_STREAM.rawValue), 0, to: doing)
        try descriptor.bind(to: SocketAddress(host, port: 0), doing: doing) { _ in nil }
        address = try descriptor.localAddress()
        try descriptor.listen(doing: doing)
        listener = descriptor
        self.answer = answer
        self.pause = pause
        try StartedThread(doing: doing, serve).detach()
    }

    private func serve() {
        while true {
            let number = linux_accept(listener.number)
            guard number >= 0 else { return }
            converse(Descriptor(taking: number))
        }
    }

    private func converse(_ connection: consuming Descriptor) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while unsafe read(connection.number, &buffer, buffer.count) > 0 {}
        think()
        _ = unsafe write(connection.number, answer, answer.count)
        think()
    }

    private func think() {
        usleep(UInt32(clamping: pause.components.attoseconds / 1_000_000_000_000))
    }
}
