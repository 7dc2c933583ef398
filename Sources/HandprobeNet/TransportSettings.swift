public import HandprobeWire

/// What a `NetTransport` opens and watches.
public struct TransportSettings: Sendable {
    /// The routes that packets take; empty when whoever comes decides.
    public var routes: [Route]
    /// The interfaces captured on.
    public var interfaces: [NetworkInterface]
    /// The families sent and watched for.
    public var families: Set<IPAddress.Family>
    /// Destinations that are addresses of this host: their answers come by `lo` whatever interface was asked for.
    public var ownDestinations: Set<IPAddress>
    /// The one interface that everything is forced out of; nil leaves it to the routing.
    public var forcedInterface: String?
    /// What is captured.
    public var capture: CaptureSettings
    /// The routes by which frames with a wrong IP header leave, by packet socket; empty when none will.
    public var frameRoutes: [Route] = []
    /// True to take SIGINT, SIGTERM, SIGHUP and SIGQUIT as incidents.
    public var watchesSignals = true
    /// True to notice that nobody reads the output any more.
    public var watchesOutput = true
    /// The descriptor that is the output.
    public var outputDescriptor: Int32 = 1
    /// True to read lines from the input.
    public var readsLines = false
    /// The descriptor that is the input.
    public var inputDescriptor: Int32 = 0

    /// For conversations along `routes`, from our `localPorts`.
    public init(routes: [Route], localPorts: [UInt16], snaplen: Int = CaptureSettings.wholeSlot, slots: Int = 256) {
        var interfaces: [NetworkInterface] = []
        for route in routes where !interfaces.contains(where: { $0.index == route.interface.index }) {
            interfaces.append(route.interface)
        }
        self.routes = routes
        self.interfaces = interfaces
        families = Set(routes.map(\.destination.family))
        ownDestinations = Set(routes.filter(\.isLocal).map(\.destination))
        // For an address of our own the kernel goes by way of lo, forced or not.
        forcedInterface = routes.first { $0.isInterfaceForced && !$0.isLocal }?.interface.name
        capture = CaptureSettings(
            snaplen: snaplen,
            slots: slots,
            peers: routes.map(\.destination),
            localPorts: localPorts
        )
    }

    /// For whoever may come to our `localPorts` by one of `interfaces`.
    public init(
        listeningOn interfaces: [NetworkInterface],
        families: Set<IPAddress.Family>,
        localPorts: [UInt16],
        snaplen: Int = CaptureSettings.wholeSlot,
        slots: Int = 256
    ) {
        routes = []
        self.interfaces = interfaces
        self.families = families
        ownDestinations = []
        capture = CaptureSettings(snaplen: snaplen, slots: slots, localPorts: localPorts)
    }
}
