extension NetTransport {
    /// Closes the captures at the end of a program that has said all it has to say. Nothing is heard afterwards.
    ///
    /// To take a packet socket down, Linux waits for two RCU grace periods, 20 ms and more in which nobody learns anything
    /// new. Where children are taken care of, a child waits instead and holds nothing else meanwhile: no port, no
    /// terminal, no pipe. Otherwise it is closed here.
    public func closeCaptures() {
        let holder = DescriptorHolder.isWelcome ? DescriptorHolder(holding: captures.map { $0.value.number }) : nil
        captures.removeAll()
        captureWorks.removeAll()
        reportedLosses.removeAll()
        // Only now the child may let go: whoever is last waits.
        _ = consume holder
    }
}
