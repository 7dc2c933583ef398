import ArgumentParser
import HandprobeWire

/// From where and over which interface, and in which IP header.
struct PathOptions: ParsableArguments {
    @Flag(name: .customShort("4"), help: "Use IPv4 only.")
    var ipv4 = false

    @Flag(name: .customShort("6"), help: "Use IPv6 only.")
    var ipv6 = false

    @Flag(name: .customShort("n"), help: "Take the host as a number; ask no name server.")
    var numeric = false

    @Option(name: [.customShort("I"), .long], help: "Interface to leave by; the route decides when not given.")
    var interface: String?

    @Option(
        help: "Source address; must be one of this host.",
        transform: { text in
            guard let address = IPAddress(text) else {
                throw ValidationError("'\(text)' is not an IP address, so it cannot be the source")
            }
            return address
        })
    var source: IPAddress?

    @Option(
        help: "Source port; a free one when not given.",
        transform: reading { text throws(ArgumentProblem) in
            let port = try NumberArgument.read(text, upTo: UInt16.max, what: "a port")
            guard port > 0 else {
                throw ArgumentProblem("0 is not a port: give 1 to 65535, or leave --source-port out")
            }
            return port
        })
    var sourcePort: UInt16?

    @Option(
        name: [.customShort("t"), .long], help: "Time to live, or hop limit; the system's when not given.",
        transform: NumberArgument.transform(upTo: UInt8.max, what: "the time to live"))
    var ttl: UInt8?

    @Option(
        help: "Type of service, or traffic class: DSCP in the upper six bits, ECN in the lower two; 0 when not given.",
        transform: NumberArgument.transform(upTo: UInt8.max, what: "the type of service"))
    var tos: UInt8?

    /// The family that was asked for.
    var family: IPAddress.Family? { ipv4 ? .v4 : ipv6 ? .v6 : nil }

    func validate() throws {
        if ipv4 && ipv6 { throw ValidationError("-4 and -6 contradict each other") }
        if let source, let family, source.family != family {
            throw ValidationError("the source \(source) is not of the address family that was asked for")
        }
        if let ttl, ttl == 0 { throw ValidationError("a time to live of 0 never leaves this host: give 1 to 255") }
    }
}
