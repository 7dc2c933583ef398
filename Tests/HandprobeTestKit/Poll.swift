import CTestKit
import Glibc
import HandprobeTCP

/// Waiting on several descriptors.
enum Poll {
    /// Waits until one of the entries is ready or `deadline` passes; says of each whether it is. A nil descriptor never is.
    ///
    /// An error or a hang-up counts as ready, so that the next read or write tells.
    static func wait(_ entries: [(descriptor: Descriptor?, events: Int32)], until deadline: Instant? = nil) -> [Bool] {
        var polled = entries.map { pollfd(fd: $0.descriptor?.number ?? -1, events: Int16($0.events), revents: 0) }
        let timeout = deadline.map { max(0, $0.since(.now).wholeNanoseconds) } ?? -1
        guard unsafe ctk_poll(&polled, polled.count, timeout) > 0 else { return entries.map { _ in false } }
        return polled.map { $0.revents != 0 }
    }
}
