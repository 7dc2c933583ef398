extension LinkType {
    /// Where the IP packet lies in `frame`, link header and padding left out; nil when none can be found.
    ///
    /// A packet whose own length cannot be right is taken to go on to the end of the frame.
    public func packet(in frame: [UInt8]) -> Range<Int>? {
        var vlans: [UInt16] = []
        do throws(WireError) {
            guard let link = try LinkLayer(frame.span, linkType: self, vlans: &vlans), link.headerLength < frame.count
            else { return nil }
            let layout = try? PacketLayout(
                frame.span, at: link.headerLength, family: link.family, wireEnd: frame.count)
            let end = layout.map { min($0.end, frame.count) } ?? frame.count
            return link.headerLength..<(end > link.headerLength ? end : frame.count)
        } catch {
            return nil
        }
    }
}
