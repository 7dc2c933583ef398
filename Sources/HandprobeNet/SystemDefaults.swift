internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeWire

/// What this kernel would put into a SYN of its own, by its settings and Linux's arithmetic.
public struct SystemDefaults: Hashable, Sendable {
    /// The receive buffer a socket begins with, in octets (the second number of net.ipv4.tcp_rmem).
    public var receiveBuffer: Int
    /// The largest receive buffer, in octets (the third of net.ipv4.tcp_rmem, or net.core.rmem_max when that is more).
    public var largestReceiveBuffer: Int
    /// Whether window scaling is offered (net.ipv4.tcp_window_scaling).
    public var offersWindowScale: Bool
    /// Whether selective acknowledgments are offered (net.ipv4.tcp_sack).
    public var offersSACK: Bool
    /// Whether timestamps are offered (net.ipv4.tcp_timestamps).
    public var offersTimestamps: Bool
    /// Whether connections ask for ECN of their own accord (net.ipv4.tcp_ecn is 1).
    public var asksForECN: Bool
    /// The time to live of IPv4 packets.
    public var timeToLive: UInt8
    /// The hop limit of IPv6 packets.
    public var hopLimit: UInt8

    /// The defaults of a kernel nobody has tuned.
    public init() {
        receiveBuffer = 131_072
        largestReceiveBuffer = 6_291_456
        offersWindowScale = true
        offersSACK = true
        offersTimestamps = true
        asksForECN = false
        timeToLive = 64
        hopLimit = 64
    }

    /// The settings of this kernel, in this network namespace; what cannot be read is as in a kernel nobody has tuned.
    public static var current: SystemDefaults {
        var defaults = SystemDefaults()
        let buffers = SystemFile.numbers("/proc/sys/net/ipv4/tcp_rmem")
        if buffers.count == 3 {
            defaults.receiveBuffer = buffers[1]
            defaults.largestReceiveBuffer = max(buffers[2], SystemFile.number("/proc/sys/net/core/rmem_max") ?? 0)
        }
        func setting(_ name: String) -> Int? { SystemFile.number("/proc/sys/net/ipv4/\(name)") }
        if let value = setting("tcp_window_scaling") { defaults.offersWindowScale = value != 0 }
        if let value = setting("tcp_sack") { defaults.offersSACK = value != 0 }
        if let value = setting("tcp_timestamps") { defaults.offersTimestamps = value != 0 }
        if let value = setting("tcp_ecn") { defaults.asksForECN = value == 1 }
        if let value = setting("ip_default_ttl").flatMap({ UInt8(exactly: $0) }) { defaults.timeToLive = value }
        if let value = SystemFile.number("/proc/sys/net/ipv6/conf/all/hop_limit").flatMap({ UInt8(exactly: $0) }) {
            defaults.hopLimit = value
        }
        return defaults
    }

    /// The shift of the window scale option, as Linux computes it: 7 with 6 MiB, 10 with 32 MiB; never beyond 14.
    public var windowScale: UInt8 {
        let space = UInt64(clamping: max(largestReceiveBuffer, 65535))
        let log2 = UInt64.bitWidth - 1 - space.leadingZeroBitCount
        return UInt8(clamping: min(max(log2 - 15, 0), 14))
    }

    /// The window field of a SYN that announces `mss`: as many whole segments as half the buffer and the field hold.
    public func window(mss: UInt16) -> UInt16 {
        let space = min(max(receiveBuffer / 2, 0), 65535)
        let segment = max(Int(mss), 1)
        return UInt16(clamping: space > segment ? space / segment * segment : space)
    }

    /// The options of a SYN, in Linux's order.
    public func synOptions(mss: UInt16, timestamp: UInt32) -> [TCPOption] {
        var options: [TCPOption] = [.maximumSegmentSize(mss)]
        if offersTimestamps {
            options += offersSACK ? [.sackPermitted] : [.noOperation, .noOperation]
            options.append(.timestamps(value: timestamp, echoReply: 0))
        }
        if offersWindowScale { options += [.noOperation, .windowScale(windowScale)] }
        if offersSACK, !offersTimestamps { options += [.noOperation, .noOperation, .sackPermitted] }
        return options
    }

    /// Time to live or hop limit of packets along `route`.
    public func hopLimit(along route: Route) -> UInt8 {
        route.hopLimit ?? (route.destination.family == .v4 ? timeToLive : hopLimit)
    }
}

extension Route {
    /// The MSS to announce, as Linux derives it: the route's own, or what the MTU leaves after two plain headers, but never
    /// less than 256 (IPv4) or 1220 (IPv6), and never more than a packet holds.
    public var maximumSegmentSize: UInt16 {
        if let advertisedMSS { return advertisedMSS }
        switch destination.family {
        case .v4: return UInt16(clamping: min(max(maximumTransmissionUnit - 40, 256), 65495))
        case .v6: return UInt16(clamping: min(max(maximumTransmissionUnit - 60, 1220), 65515))
        }
    }
}
