public import HandprobeWire

/// What one connection is made with: how our segments look, what we can take, and how long we are patient.
public struct ConnectionConfiguration: Sendable {
    /// ISS, the sequence number of our SYN.
    public var iss: SequenceNumber
    /// Source port of every segment.
    public var localPort: UInt16
    /// Destination port of every segment.
    public var remotePort: UInt16
    /// Options of our SYN or SYN-ACK exactly as sent; what they offer is read back out of these octets.
    public var synOptions: TCPOptions
    /// When true, the value and the echo of a well-formed timestamps option in `synOptions` are set at each sending.
    public var refreshesTimestamps: Bool
    /// Flags of our SYN; a SYN-ACK adds ACK.
    public var synFlags: TCPFlags
    /// Window field of our SYN or SYN-ACK, never scaled (RFC 7323 §2.2).
    public var synWindow: UInt16
    /// Octets of queued text that our SYN carries, as the end that opens; what its answer does not confirm is sent anew.
    public var synText: Int
    /// Octets of options that are added to every segment after it was made, as a signature is.
    public var optionReserve: Int
    /// Octets of text we hold until `receive()` takes them; the window offered after the handshake.
    public var receiveBuffer: Int
    /// The largest segment the path carries, in octets of TCP payload; options take their room from it (RFC 6691).
    public var maximumSegment: Int
    /// The peer's MSS when it states none: 536 for IPv4, 1220 for IPv6 (RFC 9293 §3.7.1).
    public var defaultPeerMSS: Int
    /// TSval is this plus the milliseconds of the `Instant`, wrapping.
    public var timestampOffset: UInt32
    /// The first retransmission timeout, before any round trip is measured (RFC 6298 §2.1).
    public var initialRTO: Duration
    /// The least retransmission timeout after a measurement (RFC 6298 §2.4).
    public var minimumRTO: Duration
    /// The most that backing off makes of it (RFC 6298 §2.5).
    public var maximumRTO: Duration
    /// Transmissions of the SYN or SYN-ACK in all, the first one included.
    public var synAttempts: Int
    /// Transmissions of the same data, FIN or window probe in all, without any answer.
    public var attempts: Int
    /// How long TIME-WAIT lasts; RFC 9293 wants 2 MSL, a prober that guards its port needs less.
    public var timeWait: Duration
    /// Whether text beyond a gap is kept until the gap is filled; else it is dropped and the peer sends it again.
    public var keepsOutOfOrder: Bool
    /// Whether a FIN goes out on the last data segment when both are waiting; else always alone.
    public var finRidesOnData: Bool
    /// Whether our SYN-ACK leaves out window scale, SACK-permitted and timestamps where the peer's SYN did not offer them.
    public var answersOnlyOffered: Bool

    /// A configuration; what is left out is what a plain stack would do, with no options at all.
    public init(
        iss: SequenceNumber,
        localPort: UInt16,
        remotePort: UInt16,
        synOptions: TCPOptions = TCPOptions(),
        refreshesTimestamps: Bool = true,
        synFlags: TCPFlags = [.syn],
        synWindow: UInt16 = 65535,
        synText: Int = 0,
        optionReserve: Int = 0,
        receiveBuffer: Int = 65535,
        maximumSegment: Int = 1460,
        defaultPeerMSS: Int = 536,
        timestampOffset: UInt32 = 0,
        initialRTO: Duration = .seconds(1),
        minimumRTO: Duration = .seconds(1),
        maximumRTO: Duration = .seconds(60),
        synAttempts: Int = 3,
        attempts: Int = 6,
        timeWait: Duration = .seconds(1),
        keepsOutOfOrder: Bool = true,
        finRidesOnData: Bool = true,
        answersOnlyOffered: Bool = true
    ) {
        self.iss = iss
        self.localPort = localPort
        self.remotePort = remotePort
        self.synOptions = synOptions
        self.refreshesTimestamps = refreshesTimestamps
        self.synFlags = synFlags
        self.synWindow = synWindow
        self.synText = synText
        self.optionReserve = optionReserve
        self.receiveBuffer = receiveBuffer
        self.maximumSegment = maximumSegment
        self.defaultPeerMSS = defaultPeerMSS
        self.timestampOffset = timestampOffset
        self.initialRTO = initialRTO
        self.minimumRTO = minimumRTO
        self.maximumRTO = maximumRTO
        self.synAttempts = synAttempts
        self.attempts = attempts
        self.timeWait = timeWait
        self.keepsOutOfOrder = keepsOutOfOrder
        self.finRidesOnData = finRidesOnData
        self.answersOnlyOffered = answersOnlyOffered
    }
}
