import HandprobeWire

/// Control bits as people name them.
enum FlagsText {
    /// The bits that tell one kind of segment from another: `SYN,ACK`, `FIN,ACK`, `RST`; `no flags` for none of them.
    static func kind(_ flags: TCPFlags) -> String {
        let names: [(TCPFlags, String)] = [(.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.ack, "ACK")]
        let present = names.filter { flags.contains($0.0) }.map(\.1)
        return present.isEmpty ? "segment without flags" : present.joined(separator: ",")
    }
}
