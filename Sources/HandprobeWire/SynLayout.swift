/// How the SYN of a well-known stack looks on an Ethernet path.
///
/// Options and their order are those of each system's own source or documentation; window and hop limit are its defaults.
/// What was seen of them in captures, and what was not, is in Docs/syns.md.
public enum SynLayout: String, Hashable, Sendable, CaseIterable {
    /// Linux: `tcp_syn_options` and `tcp_options_write` in net/ipv4/tcp_output.c; `tcp_select_initial_window` gives the
    /// largest multiple of the MSS below 65536, and window scale 7 with the default `tcp_rmem` of 6 MiB (5.4 and later).
    case linux
    /// Windows 10 and 11, which have timestamps off by default (`Get-NetTCPSetting`, "Timestamps: Disabled") and offer
    /// window scale 8; hop limit 128 (`DefaultTTL`).
    case windows
    /// macOS 10.13 and later: `tcp_output` in XNU's bsd/netinet/tcp_output.c writes MSS, window scale, timestamps, then
    /// SACK-permitted, and ends the list; window 65535, window scale 6.
    case macos
    /// FreeBSD 9 and later: `tcp_addoptions` in sys/netinet/tcp_output.c goes by the bits of `TOF_MSS`, `TOF_SCALE`,
    /// `TOF_SACKPERM`, `TOF_TS`; window 65535, and window scale 6 with the default `kern.ipc.maxsockbuf` of 2 MiB.
    case freebsd
    /// No options at all: the least that RFC 9293 §3.1 allows, with the largest window.
    case bare

    /// The options of its SYN.
    public func options(mss: UInt16, timestamp: UInt32) -> TCPOptions {
        let size = TCPOption.maximumSegmentSize(mss)
        let clock = TCPOption.timestamps(value: timestamp, echoReply: 0)
        let list: [TCPOption] =
            switch self {
            case .linux: [size, .sackPermitted, clock, .noOperation, .windowScale(7)]
            case .windows: [size, .noOperation, .windowScale(8), .noOperation, .noOperation, .sackPermitted]
            case .macos:
                [size, .noOperation, .windowScale(6), .noOperation, .noOperation, clock, .sackPermitted, .endOfList]
            case .freebsd: [size, .noOperation, .windowScale(6), .sackPermitted, clock]
            case .bare: []
            }
        return TCPOptions(list) ?? TCPOptions()
    }

    /// The window field of its SYN.
    public func window(mss: UInt16) -> UInt16 {
        switch self {
        case .linux, .windows: mss == 0 ? 65535 : 65535 / mss * mss
        case .macos, .freebsd, .bare: 65535
        }
    }

    /// The time to live or hop limit of its packets.
    public var hopLimit: UInt8 { self == .windows ? 128 : 64 }
}
