import CTestKit

/// The outside of an interface: the frames that its kernel sends come out here, and what is put in here it receives.
///
/// Checksums are filled in and no frame is larger than the MTU.
public final class FramePort: Sendable {
    /// What carries the frames.
    enum Kind: Hashable, Sendable {
        case tap, packetSocket
    }

    /// The name of the interface inside its namespace, whatever carries the frames.
    static let interface = "link0"

    let kind: Kind
    let descriptor: Descriptor
    /// Where the outer end of a veth pair lives; its kernel is kept silent.
    private let outside: NetworkNamespace?

    /// Makes `link0` in `namespace`, without addresses and not yet up: a TAP device, or veth where there can be none.
    init(in namespace: NetworkNamespace, kind: Kind? = nil) throws {
        self.kind = kind ?? (TestEnvironment.canOpenTun ? .tap : .packetSocket)
        switch self.kind {
        case .tap:
            outside = nil
            descriptor = try namespace.run {
                try Descriptor(unsafe ctk_open_tap(Self.interface), from: "open", "making a TAP device")
            }
        case .packetSocket:
            let outside = try NetworkNamespace()
            try outside.sysctl("net.ipv6.conf.default.disable_ipv6", "1")
            try Testbed.pair(namespace, Self.interface, outside, "outer")
            try outside.ip("link set outer arp off up")
            try namespace.switchOffOffloads(of: Self.interface)
            descriptor = try outside.run {
                let index = try InterfaceFacts(of: "outer").index
                return try Descriptor(ctk_open_packet_socket(index, 1), from: "socket", "reading the link")
            }
            self.outside = outside
        }
    }

    /// The next frame that the kernel behind the port has sent; nil when there is none now.
    func receive() -> [UInt8]? {
        // EIO is what a TAP device says that is down.
        let frame = try? descriptor.read(upTo: 1 << 16)
        return frame?.isEmpty == false ? frame : nil
    }

    /// Lets the kernel behind the port receive a frame; false when it did not take it.
    func send(_ frame: [UInt8]) -> Bool {
        (try? descriptor.write(frame[...])) == .some(frame.count)
    }
}
