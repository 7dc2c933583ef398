internal import CLinuxNet
internal import Glibc

/// A regular file that is written once and whole: whoever looks sees what was there before, or all of the new.
///
/// The file is opened at the start, while there are capabilities, so that a path that cannot be written is known before
/// anything is sent. At the end the octets go into a new file beside it that takes its name. Where the folder may not be
/// changed any more, as under sudo in another user's folder, they are written over the old ones instead.
public final class WholeFile {
    /// Its path, as it was given.
    public let path: String
    private let descriptor: Descriptor
    private let mode: mode_t
    private let isNew: Bool
    /// True when another file may take its name: a symbolic link would otherwise be lost.
    private let isReplaceable: Bool
    private var isWritten = false

    /// Makes sure that the file can be written; throws when it cannot, or is there and is no regular file.
    public init(at path: String) throws(SystemError) {
        self.path = path
        let doing = "write to \(path)"
        var status = stat()
        isNew = unsafe lstat(path, &status) != 0
        isReplaceable = isNew || status.st_mode & S_IFMT == S_IFREG
        descriptor = try OutputFile.open(path, to: doing)
        let number = descriptor.number
        try systemCall("fstat", to: doing) { unsafe fstat(number, &status) }
        mode = status.st_mode & 0o7777
    }

    deinit {
        if isNew, !isWritten { _ = unsafe unlink(path) }
    }

    /// Makes `octets` all of the file.
    public func write(_ octets: [UInt8]) throws(SystemError) {
        isWritten = true
        if isReplaceable, try replace(with: octets) { return }
        let number = descriptor.number
        try systemCall("ftruncate", to: "write to \(path)") { ftruncate(number, 0) }
        try OutputFile.write(octets, to: number, path)
    }

    /// Writes a file beside it and gives it this one's name; false when the folder may not be changed.
    private func replace(with octets: [UInt8]) throws(SystemError) -> Bool {
        let temporary = "\(path).\(getpid()).part"
        let number = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard number >= 0 else { return false }
        let file = Descriptor(taking: number)
        do throws(SystemError) {
            let doing = "write to \(path)"
            // The umask does not count: this is the mode of the file that is replaced.
            try systemCall("fchmod", to: doing) { fchmod(file.number, mode) }
            try OutputFile.write(octets, to: file.number, path)
            try systemCall("rename", to: doing) { unsafe rename(temporary, path) }
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
        return true
    }
}
