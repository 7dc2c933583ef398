public import HandprobeWire

extension HostResolver {
    /// The addresses of `host` without asking a name server: itself when it is an address, else what /etc/hosts has.
    public static func resolveLocally(
        _ host: String,
        family: IPAddress.Family? = nil,
        numericOnly: Bool = false
    ) throws(ResolveError) -> [SocketAddress] {
        do {
            return try resolve(host, family: family, numericOnly: true)
        } catch .notNumeric where !numericOnly {
            let all = addresses(of: host, inHosts: SystemFile.text("/etc/hosts") ?? "")
            guard !all.isEmpty else { throw .notInHosts(host) }
            let wanted = all.filter { family == nil || $0.address.family == family }
            if let family, wanted.isEmpty { throw .noAddress(host, family: family) }
            return wanted
        }
    }

    /// The addresses that the text of a hosts file (hosts(5)) gives `host`, in its order.
    static func addresses(of host: String, inHosts text: String) -> [SocketAddress] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let address = fields.first.flatMap({ IPAddress(String($0)) }) else { return nil }
            let isNamed = fields.dropFirst().contains { $0.lowercased() == host.lowercased() }
            return isNamed ? SocketAddress(address, port: 0) : nil
        }
    }
}
