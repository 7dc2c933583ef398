public import HandprobeWire

/// How packets to one destination leave this host, as the kernel's routing decides it.
public struct Route: Hashable, Sendable {
    /// Where to.
    public var destination: IPAddress
    /// The interface they leave by.
    public var interface: NetworkInterface
    /// Our address.
    public var source: IPAddress
    /// The router they are handed to; nil when the destination is on the link.
    public var nextHop: IPAddress?
    /// Octets of the largest IP packet: the route's own limit, or the interface's.
    public var maximumTransmissionUnit: Int
    /// The MSS the route tells us to announce; nil when it is left to the MTU.
    public var advertisedMSS: UInt16?
    /// The hop limit the route tells us to use; nil when it is left to the system.
    public var hopLimit: UInt8?
    /// True when the destination is an address of this host.
    public var isLocal: Bool
    /// True when the interface was asked for rather than found.
    public var isInterfaceForced: Bool

    /// What a link-local address needs beside it: the interface index; 0 for every other.
    public var scope: UInt32 { source.isLinkLocal || destination.isLinkLocal ? interface.index : 0 }

    /// Our end with a port.
    public func local(port: UInt16) -> SocketAddress {
        SocketAddress(source, port: port, scope: source.isLinkLocal ? scope : 0)
    }

    /// The peer's end with a port.
    public func remote(port: UInt16) -> SocketAddress {
        SocketAddress(destination, port: port, scope: destination.isLinkLocal ? scope : 0)
    }
}
