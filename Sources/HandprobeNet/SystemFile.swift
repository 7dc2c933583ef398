internal import CLinuxNet
internal import CPcap
internal import Glibc

/// Small files of /proc and /sys.
enum SystemFile {
    /// The file's text, up to 64 KiB; nil when it cannot be read.
    static func text(_ path: String) -> String? {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let file = Descriptor(taking: number)
        var octets = [UInt8](repeating: 0, count: 65536)
        guard let count = try? file.read(into: &octets, doing: "read \(path)") else { return nil }
        return String(decoding: octets.prefix(count), as: UTF8.self)
    }

    /// The numbers in the file, split at white space; empty when it cannot be read.
    static func numbers(_ path: String) -> [Int] {
        (text(path) ?? "").split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }

    /// The one number in the file; nil when it cannot be read.
    static func number(_ path: String) -> Int? {
        numbers(path).first
    }
}
