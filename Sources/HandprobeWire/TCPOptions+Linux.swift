extension TCPOptions {
    /// The options of a SYN in the order and with the padding of a current Linux client.
    ///
    /// `timestamp` is the value of the timestamps option, nil to leave it out. The echo is zero, as on any first SYN.
    public init(linuxLayoutWithMSS mss: UInt16, windowScale: UInt8?, sackPermitted: Bool, timestamp: UInt32?) {
        self.init()
        append(.maximumSegmentSize(mss))
        if let timestamp {
            if sackPermitted {
                append(.sackPermitted)
            } else {
                append(.noOperation)
                append(.noOperation)
            }
            append(.timestamps(value: timestamp, echoReply: 0))
        } else if sackPermitted {
            append(.noOperation)
            append(.noOperation)
            append(.sackPermitted)
        }
        if let windowScale {
            append(.noOperation)
            append(.windowScale(windowScale))
        }
    }
}
