/// What a pcapng section says of itself.
public struct PCAPNGSection: Hashable, Sendable {
    /// Comments on the section; handprobe writes its command line.
    public var comments: [String]
    /// The operating system of the host that captured.
    public var system: String?
    /// The program that wrote the section.
    public var application: String?

    /// A section from its parts.
    public init(comments: [String] = [], system: String? = nil, application: String? = nil) {
        self.comments = comments
        self.system = system
        self.application = application
    }
}
