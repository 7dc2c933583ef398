internal import CLinuxNet
internal import CPcap
internal import Glibc

/// Cuts standard input into lines without ever waiting for one.
struct LineReader {
    private var rest: [UInt8] = []
    /// True once the input has ended.
    private(set) var isAtEnd = false
    /// A longer line than this is cut: nobody types it.
    private static let longestLine = 65536

    /// Reads what is there and returns the lines it completes; to be called when reading would not wait.
    mutating func lines(from number: Int32) -> [String] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, $0.count) }
        if count < 0 {
            isAtEnd = errno != EINTR && errno != EAGAIN
            return []
        }
        return take(buffer.prefix(count))
    }

    /// Takes octets as read, none at the end of the input, and returns the lines they complete.
    mutating func take(_ octets: ArraySlice<UInt8>) -> [String] {
        var lines: [String] = []
        if octets.isEmpty {
            isAtEnd = true
            if !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
            rest = []
        }
        for octet in octets {
            if octet == UInt8(ascii: "\n") || rest.count == Self.longestLine {
                lines.append(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            }
            if octet != UInt8(ascii: "\n") { rest.append(octet) }
        }
        return lines
    }
}
