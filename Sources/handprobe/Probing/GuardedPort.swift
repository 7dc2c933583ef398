import HandprobeNet

/// A guard that can be kept in collections and ends with the last reference to it.
final class GuardedPort {
    let portGuard: PortGuard

    init(_ portGuard: consuming PortGuard) {
        self.portGuard = portGuard
    }
}
