import HandprobeNet
import HandprobeWire

extension SegmentTemplate {
    /// Fills in what the person has left open and this machine or chance decides: for a live run and a dry one alike.
    mutating func fillIn(towards family: IPAddress.Family, along route: Route?) {
        let defaults = SystemDefaults.current
        let usual = family == .v4 ? defaults.timeToLive : defaults.hopLimit
        ip.hopLimit = ip.hopLimit ?? route.map(defaults.hopLimit(along:)) ?? usual
        switch family {
        case .v4: ip.identification = ip.identification ?? UInt16(truncatingIfNeeded: Entropy.uint32() | 1)
        case .v6: ip.flowLabel = ip.flowLabel ?? Entropy.uint32() & 0xFFFFF
        }
    }
}
