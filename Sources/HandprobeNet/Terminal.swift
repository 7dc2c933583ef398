internal import CLinuxNet
internal import CPcap
internal import Glibc

/// What the standard descriptors are connected to, and what the person's environment asks for.
public enum Terminal {
    /// One of the three standard descriptors.
    public enum Stream: Int32, Sendable {
        case input = 0
        case output = 1
        case error = 2
    }

    /// True when the descriptor is a terminal.
    public static func isTerminal(_ stream: Stream) -> Bool {
        isatty(stream.rawValue) == 1
    }

    /// Columns of the terminal behind a descriptor; nil when it is none or does not tell.
    public static func width(of stream: Stream = .output) -> Int? {
        var size = winsize()
        guard unsafe ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// True when colour may be used on a descriptor: a terminal, not "dumb", and no `NO_COLOR` (no-color.org).
    public static func allowsColor(on stream: Stream = .output) -> Bool {
        isTerminal(stream) && (value(of: "NO_COLOR") ?? "").isEmpty && value(of: "TERM") != "dumb"
    }

    /// True when a line on a descriptor can be written over: a terminal, not "dumb".
    public static func allowsRewriting(on stream: Stream) -> Bool {
        isTerminal(stream) && value(of: "TERM") != "dumb"
    }

    /// True when the locale's characters are UTF-8, by LC_ALL, LC_CTYPE or LANG, the first that is set (POSIX 8.2).
    public static var isUTF8: Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = value(of: name), !value.isEmpty else { continue }
            let lowered = value.lowercased()
            return lowered.contains("utf-8") || lowered.contains("utf8")
        }
        return false
    }

    /// The value of an environment variable; nil when it is not set.
    public static func value(of variable: String) -> String? {
        unsafe getenv(variable).map { unsafe String(cString: $0) }
    }
}
