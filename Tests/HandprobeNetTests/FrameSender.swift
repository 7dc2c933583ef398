import Glibc
import HandprobeTestKit

/// Sends whole Ethernet frames of any content out of an interface of a test namespace.
final class FrameSender {
    private let descriptor: Int32
    private let index: UInt32

    init(_ interface: HandprobeTestKit.NetworkInterface) throws {
        index = interface.index
        descriptor = try interface.namespace.run { socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0) }
    }

    deinit {
        close(descriptor)
    }

    /// True when the kernel took the frame.
    func send(_ frame: [UInt8]) -> Bool {
        // struct sockaddr_ll, of which a whole frame needs the family and the interface only.
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_PACKET)
        unsafe withUnsafeMutableBytes(of: &storage) {
            unsafe $0.storeBytes(of: index, toByteOffset: 4, as: UInt32.self)
        }
        return unsafe withUnsafePointer(to: storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sendto(descriptor, frame, frame.count, 0, $0, 20)
            }
        } == frame.count
    }
}
