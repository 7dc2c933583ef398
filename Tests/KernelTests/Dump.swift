import Glibc
import HandprobeTestKit
import HandprobeWire

/// A capture that tcpdump writes into a file.
final class Dump {
    let path: String
    private let tcpdump: Subprocess

    /// Starts capturing TCP and ICMP on `interface`; returns when frames are being captured.
    init(_ path: String, on interface: String, in namespace: NetworkNamespace, options: [String] = []) throws {
        self.path = path
        // Immediately, so that nothing is still underway when it is ended; not as another user, who has no right to write.
        tcpdump = try Subprocess(
            "tcpdump",
            ["-i", interface, "-w", path, "-U", "--immediate-mode", "-Z", "root"] + options
                + ["tcp", "or", "icmp", "or", "icmp6"],
            in: namespace)
        _ = try tcpdump.waitForLine(.stderr) { $0.contains("listening on") }
    }

    /// Ends the capture when `count` TCP frames with one of these flags are in it.
    func end(when count: Int, flags: TCPFlags) throws {
        let filter = "tcp[tcpflags] & 0x\(String(flags.rawValue, radix: 16)) != 0 or ip6[53] & \(flags.rawValue) != 0"
        try waitUntil("\(count) frames are in \(path)") {
            try Subprocess.run("tcpdump", ["-r", path, "-nn", filter]).stdout.split(separator: "\n").count >= count
        }
        tcpdump.signal(SIGINT)
        try tcpdump.wait()
    }
}
