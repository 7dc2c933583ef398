public import HandprobeWire

/// The first lines of a report: who talks to whom, where, and what keeps the kernel out.
public struct RunHeader: Hashable, Sendable {
    /// Our socket.
    public var local: SocketAddress
    /// The peer's socket.
    public var remote: SocketAddress
    /// The interface that segments leave by and are captured on.
    public var interface: String
    /// The guards in force, by name; empty when nothing keeps the kernel out.
    public var guards: [String]
    /// The name the person gave, when it was no address.
    public var name: String?
    /// True when the peer came to us.
    public var isPassive: Bool
    /// How many addresses the name has; 1 when no name was given.
    public var addressCount: Int
    /// What our SYN is a copy of, in a sentence; nil when it is none.
    public var likeness: String?

    /// A header from its parts.
    public init(
        local: SocketAddress,
        remote: SocketAddress,
        interface: String,
        guards: [String],
        name: String? = nil,
        isPassive: Bool = false,
        addressCount: Int = 1,
        likeness: String? = nil
    ) {
        self.local = local
        self.remote = remote
        self.interface = interface
        self.guards = guards
        self.name = name
        self.isPassive = isPassive
        self.addressCount = addressCount
        self.likeness = likeness
    }

    /// The lines; none in a quiet style.
    public func lines(style: TextStyle) -> [String] {
        guard style.verbosity != .quiet else { return [] }
        var lines: [String] = []
        if let name {
            let several = addressCount > 1 ? " (one of its \(addressCount) addresses)" : ""
            lines += wrapped(["handprobe: \(name) is \(remote.address)\(several)"], style)
        }
        let guarded = guards.isEmpty ? "no guard" : "guard: " + guards.joined(separator: " + ")
        lines += wrapped(["handprobe: \(local) \(isPassive ? "←" : "→") \(remote) on \(interface)", guarded], style)
        if let likeness {
            lines += WordWrap.lines(style.safe("handprobe: " + likeness), columns: style.columns)
        }
        return lines
    }

    private func wrapped(_ items: [String], _ style: TextStyle) -> [String] {
        let indent = "           "
        return WordWrap.packed(
            items.map(style.safe),
            separator: " \(style.glyphs.dot) ",
            columns: style.columns,
            rest: style.columns - indent.count
        ).enumerated().map { $0.offset == 0 ? $0.element : indent + $0.element }
    }
}
