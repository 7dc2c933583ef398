import HandprobeWire

extension TCPFlags {
    /// The control bits by name, the ones that name a segment first: `SYN,ACK`, `FIN,ACK`, `RST`; `no flags` for none.
    var words: String {
        let names: [(TCPFlags, String)] = [
            (.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.ack, "ACK"), (.urg, "URG"),
        ]
        let present = names.filter { contains($0.0) }.map(\.1)
        return present.isEmpty ? "segment without flags" : present.joined(separator: ",")
    }
}
