internal import CLinuxNet
internal import CPcap
internal import Glibc

/// A regular file that is written from its beginning, each piece at once.
public final class OutputFile {
    /// Its path, as it was given.
    public let path: String
    private let descriptor: Descriptor

    /// Creates the file, or empties it; throws when it cannot be created, or is there and is no regular file.
    public init(creating path: String) throws(SystemError) {
        self.path = path
        let doing = "write to \(path)"
        descriptor = try Self.open(path, to: doing)
        let number = descriptor.number
        try systemCall("ftruncate", to: doing) { ftruncate(number, 0) }
    }

    /// Writes all of `octets` behind what is there.
    public func write(_ octets: [UInt8]) throws(SystemError) {
        try Self.write(octets, to: descriptor.number, path)
    }

    /// Opens the file, made where there is none; throws when it is no regular file.
    static func open(_ path: String, to doing: String) throws(SystemError) -> Descriptor {
        // Not to wait for somebody who reads a pipe of that name.
        let flags = O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let number: Int32
        do throws(SystemError) {
            number = try systemCall("open", to: doing) { unsafe Glibc.open(path, flags, mode_t(0o666)) }
        } catch {
            throw error.errno == ENXIO ? notRegular(doing) : error
        }
        let descriptor = Descriptor(taking: number)
        var status = stat()
        try systemCall("fstat", to: doing) { unsafe fstat(number, &status) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw notRegular(doing) }
        return descriptor
    }

    /// Writes all of `octets` to the descriptor `number`, which is the file at `path`.
    static func write(_ octets: [UInt8], to number: Int32, _ path: String) throws(SystemError) {
        var written = 0
        while written < octets.count {
            written += try systemCall("write", to: "write to \(path)") {
                unsafe octets.withUnsafeBytes {
                    unsafe Glibc.write(number, $0.baseAddress! + written, $0.count - written)
                }
            }
        }
    }

    private static func notRegular(_ doing: String) -> SystemError {
        SystemError(
            doing: doing,
            call: "open",
            errno: 0,
            reason: "it is no regular file",
            advice: "give the name of a file, new or old"
        )
    }
}
