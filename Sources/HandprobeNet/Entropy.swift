internal import CLinuxNet
internal import CPcap
internal import Glibc

/// Random numbers from the kernel, for sequence numbers and keys that nobody can guess.
public enum Entropy {
    /// As many random octets as asked for.
    public static func octets(_ count: Int) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            // Up to 256 octets at a time getrandom(2) never fails once the system has booted; EINTR it repeats.
            let part = unsafe octets.withUnsafeMutableBytes {
                unsafe getrandom($0.baseAddress! + filled, min(256, count - filled), 0)
            }
            if part > 0 { filled += part }
        }
        return octets
    }

    /// A random 32-bit number, for an initial sequence number.
    public static func uint32() -> UInt32 {
        octets(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
