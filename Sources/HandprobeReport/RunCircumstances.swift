public import HandprobeWire

/// What a program that reads a report wants to know of the machine that made it.
public struct RunCircumstances: Hashable, Sendable {
    /// What a capture says of itself.
    public struct Capture: Hashable, Sendable {
        /// The interface.
        public var interface: String
        /// Frames that passed the filter; on `lo` each counts twice.
        public var received: Int
        /// Frames that passed the filter and were lost.
        public var dropped: Int

        /// The counts of one capture.
        public init(interface: String, received: Int, dropped: Int) {
            self.interface = interface
            self.received = received
            self.dropped = dropped
        }
    }

    /// When they were looked at, by the capture clock.
    public var time: Timestamp
    /// The guards in force, by name; empty when nothing keeps the kernel out.
    public var guards: [String]
    /// What our SYN is a copy of, in a sentence; nil when it is none.
    public var likeness: String?
    /// The most by which two times of the run may be apart wrongly; nil when it was not measured.
    public var clockError: Duration?
    /// The counts of each capture; empty when nobody counted.
    public var captures: [Capture]

    /// Circumstances from their parts.
    public init(
        time: Timestamp, guards: [String], likeness: String? = nil, clockError: Duration? = nil,
        captures: [Capture] = []
    ) {
        self.time = time
        self.guards = guards
        self.likeness = likeness
        self.clockError = clockError
        self.captures = captures
    }
}
