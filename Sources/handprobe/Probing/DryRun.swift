import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Shows a crafted packet without sending it, and without any privilege.
struct DryRun {
    let path: PathOptions
    let template: SegmentTemplate

    /// Prints the packet that would go to the first address of the target.
    func show(_ target: Target, style: TextStyle) throws {
        let way = try Path.all(to: target, path)[0]
        var template = template
        template.ip.hopLimit = template.ip.hopLimit ?? SystemDefaults.current.hopLimit(along: way.route)
        let local = way.route.local(port: path.sourcePort ?? 40000)
        let packet = template.packet(from: local, to: way.remote)
        Console.say(AnnotatedDump.lines(packet: packet, family: way.remote.address.family, style: style))
    }
}
