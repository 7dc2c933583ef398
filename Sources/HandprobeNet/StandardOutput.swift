internal import CLinuxNet
internal import CPcap
internal import Glibc

/// Writing to the standard descriptors without surprises.
public enum StandardOutput {
    /// Makes writing to a closed pipe an error of the call instead of the end of the process, and opens /dev/null where a
    /// standard descriptor is closed, so that no socket of ours ever becomes standard output. To be called first.
    public static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        for number in 0...2 as ClosedRange<Int32> where fcntl(number, F_GETFD) < 0 {
            // The lowest free number is the missing one, as those below it are open by now.
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }

    /// Writes all of `text`. Throws when nobody reads it any more (EPIPE), the disk is full, and so on.
    public static func write(_ text: String, to stream: Terminal.Stream = .output) throws(SystemError) {
        try write(Array(text.utf8), to: stream)
    }

    /// Writes all of `octets`. Throws when nobody reads them any more (EPIPE), the disk is full, and so on.
    public static func write(_ octets: [UInt8], to stream: Terminal.Stream = .output) throws(SystemError) {
        let name = stream == .error ? "standard error" : "standard output"
        var written = 0
        while written < octets.count {
            do {
                written += try systemCall("write", to: "write to \(name)") {
                    unsafe octets.withUnsafeBytes {
                        unsafe Glibc.write(stream.rawValue, $0.baseAddress! + written, $0.count - written)
                    }
                }
            } catch  where error.errno == EAGAIN {
                // The descriptor was made non-blocking by somebody who shares it.
                var wait = pollfd(fd: stream.rawValue, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&wait, 1, -1)
            }
        }
    }
}
