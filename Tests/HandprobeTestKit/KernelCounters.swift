/// The counters of a namespace's kernel, of /proc/net/snmp, snmp6 and netstat.
public struct KernelCounters: Hashable, Sendable {
    private var values: [String: Int] = [:]

    /// Reads the counters of `namespace`, or of where we are.
    public static func read(in namespace: NetworkNamespace? = nil) throws -> KernelCounters {
        let (pairs, single) = try NetworkNamespace.run(in: namespace) {
            ([try readFile("/proc/net/snmp"), try readFile("/proc/net/netstat")], try readFile("/proc/net/snmp6"))
        }
        var counters = KernelCounters()
        for text in pairs {
            let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
            for index in stride(from: 0, to: lines.count - 1, by: 2) {
                let group = lines[index][0].dropLast()
                for (name, value) in zip(lines[index], lines[index + 1]).dropFirst() {
                    counters.values["\(group).\(name)"] = Int(value)
                }
            }
        }
        for line in single.split(separator: "\n") {
            let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if fields.count == 2 { counters.values[String(fields[0])] = Int(fields[1]) }
        }
        return counters
    }

    /// A counter by group and name: `Tcp.OutRsts`, `TcpExt.TCPChallengeACK`, `Ip6InReceives`; nil when the kernel has none.
    public subscript(name: String) -> Int? { values[name] }

    /// Segments with RST that the kernel sent; on loopback the peer's are counted as well.
    public var outRsts: Int { self["Tcp.OutRsts"] ?? 0 }
}
