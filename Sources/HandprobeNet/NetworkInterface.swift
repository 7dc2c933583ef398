/// A network interface of this host as the kernel describes it now.
public struct NetworkInterface: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its index.
    public var index: UInt32
    /// Octets of the largest IP packet it carries.
    public var maximumTransmissionUnit: Int
    /// True when it has been brought up (IFF_UP).
    public var isUp: Bool
    /// True when there is something at the other end (IFF_LOWER_UP).
    public var hasCarrier: Bool
    /// True for `lo`.
    public var isLoopback: Bool
    /// True when neighbours are found by their hardware address: Ethernet with ARP, not a tunnel or `lo`.
    public var usesNeighbors: Bool
    /// The hardware type (ARPHRD_…).
    public var hardwareType: UInt16
    /// The hardware address; empty when it has none.
    public var hardwareAddress: [UInt8]
    /// The name of the VRF it belongs to or is; nil outside of any.
    public var vrf: String?
}
