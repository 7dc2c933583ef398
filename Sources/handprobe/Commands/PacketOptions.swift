import ArgumentParser
import HandprobeWire

/// The IP header of a crafted segment, beyond its addresses, time to live and type of service.
struct PacketOptions: ParsableArguments {
    @Option(
        help: "IPv4 identification field.",
        transform: NumberArgument.transform(upTo: UInt16.max, what: "the identification"))
    var id: UInt16?

    @Flag(help: "Leave the don't-fragment bit out (IPv4).")
    var noDf = false

    @Option(
        help: "IPv6 flow label.", transform: NumberArgument.transform(upTo: UInt32(0xFFFFF), what: "the flow label"))
    var flowLabel: UInt32?

    @Option(
        help: "IPv4 total length, or IPv6 payload length, right or wrong.",
        transform: NumberArgument.transform(upTo: UInt16.max, what: "the IP length"))
    var ipLength: UInt16?

    @Option(
        help: "IPv4 header checksum, right or wrong.",
        transform: NumberArgument.transform(upTo: UInt16.max, what: "the IP checksum"))
    var ipChecksum: UInt16?

    /// Fills in what was given.
    func apply(to template: inout SegmentTemplate) {
        template.ip.identification = id
        if noDf { template.ip.dontFragment = false }
        template.ip.flowLabel = flowLabel
        template.ip.length = ipLength
        template.ip.checksum = ipChecksum
    }
}
