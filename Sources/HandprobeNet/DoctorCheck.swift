/// One thing that was looked at on this machine, how it stands, and what to do about it.
public struct DoctorCheck: Hashable, Sendable {
    /// How it stands.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case ok
        /// Probing works, but something is worse than it could be.
        case warning
        /// Probing cannot work, or not in this way.
        case failed
        /// It could not be looked at.
        case skipped
    }

    /// What was looked at: `guard md5`.
    public var name: String
    /// How it stands.
    public var status: Status
    /// What was found.
    public var detail: String
    /// What to do about it, when there is something.
    public var advice: String?

    /// A check from its parts.
    public init(name: String, status: Status, detail: String, advice: String? = nil) {
        self.name = name
        self.status = status
        self.detail = detail
        self.advice = advice
    }
}
