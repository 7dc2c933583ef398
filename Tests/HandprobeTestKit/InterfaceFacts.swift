import CTestKit
import Glibc

/// What the kernel says of an interface.
struct InterfaceFacts {
    let index: UInt32
    let flags: UInt32
    /// Six octets.
    let hardwareAddress: [UInt8]

    /// Asks for the interface `name` of the calling thread's namespace.
    init(of name: String) throws {
        var (index, flags): (UInt32, UInt32) = (0, 0)
        var octets = [UInt8](repeating: 0, count: 6)
        let found = unsafe ctk_interface(name, &index, &flags, &octets)
        try TestKitError.check(found, "ioctl", "looking for \(name)")
        (self.index, self.flags, hardwareAddress) = (index, flags, octets)
    }

    /// True when frames can pass.
    var isRunning: Bool { flags & UInt32(IFF_RUNNING) != 0 }
}
