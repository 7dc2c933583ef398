extension LinkType {
    /// Octets of `frame` before its IP packet; nil when it carries none.
    public func headerLength(of frame: Span<UInt8>) -> Int? {
        var vlans: [UInt16] = []
        return (try? LinkLayer(frame, linkType: self, vlans: &vlans))?.headerLength
    }
}
