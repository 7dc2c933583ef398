import HandprobeWire

extension ICMPError {
    /// True for an error that says the destination will not be reached however often we try: protocol or port
    /// unreachable, or prohibited by an administrator (RFC 1122 §4.2.3.9, RFC 4443 §3.1).
    var isHard: Bool {
        switch family {
        case .v4: type == 3 && [2, 3, 9, 10, 13].contains(code)
        case .v6: type == 1 && [1, 4, 5, 6].contains(code)
        }
    }
}
