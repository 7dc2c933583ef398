public import HandprobeWire

/// How much a capture holds, and which frames it asks the kernel for.
public struct CaptureSettings: Hashable, Sendable {
    /// Octets kept of each frame.
    public var snaplen: Int
    /// Frames the kernel holds until they are read. On `lo` each frame takes two.
    public var slots: Int
    /// The other ends; empty for any. Routers' ICMP errors are captured in any case.
    public var peers: [IPAddress]
    /// Our ports; empty for any.
    public var localPorts: [UInt16]

    /// The most of a frame that fits, with the kernel's header before it, into a slot of 64 KiB. One octet more would cost
    /// twice the memory, which the kernel has to clear.
    public static let wholeSlot = 65_400

    /// Room for one probe by default: whole frames, even merged ones, and bursts of them.
    public init(snaplen: Int = wholeSlot, slots: Int = 256, peers: [IPAddress] = [], localPorts: [UInt16] = []) {
        self.snaplen = snaplen
        self.slots = slots
        self.peers = peers
        self.localPorts = localPorts
    }

    /// Room for many connections: headers only, and many of them.
    public static let sweep = CaptureSettings(snaplen: 256, slots: 65536)

    /// More names than this in a filter cost more than they save.
    private static let mostTerms = 16

    /// The filter in pcap-filter(7)'s language: wide, because it must not miss anything of ours. The recorder decides.
    ///
    /// It leaves out only what is certainly not ours: other hosts' packets that are no ICMP, UDP, and whole TCP segments of
    /// other ports. Fragments, extension headers and VLAN tags hide the ports, so all of those pass.
    public func filter(linkType: LinkType) -> String {
        let tcp =
            localPorts.isEmpty || localPorts.count > Self.mostTerms
            ? "tcp" : "tcp and (\(localPorts.map { "port \($0)" }.joined(separator: " or ")))"
        let unclear = "(not tcp and not udp) or (ip and ip[6:2] & 0x1fff != 0) or (ip6 and ip6[6] = 44)"
        var ours = "(\(tcp)) or \(unclear)"
        if !peers.isEmpty, peers.count <= Self.mostTerms {
            ours = "(\(peers.map { "host \($0)" }.joined(separator: " or "))) and (\(ours))"
        }
        let packet = "(\(ours)) or icmp or icmp6 or (ip6 and not tcp and not udp)"
        // "vlan" moves the offsets of all that follows it in the expression, so these come last, one for each depth.
        return linkType == .ethernet ? "(\(packet)) or (vlan and (\(packet))) or (vlan and (\(packet)))" : packet
    }
}
