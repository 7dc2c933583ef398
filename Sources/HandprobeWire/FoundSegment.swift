/// A TCP segment as it was found in a frame, and what the frame says of it.
public struct FoundSegment: Hashable, Sendable {
    /// The segment.
    public let segment: TCPSegment
    /// The IP header it travelled in.
    public let ip: IPHeader
    /// What its checksum field says.
    public let checksum: ChecksumVerdict
    /// VLAN identifiers, outermost first (IEEE 802.1Q).
    public let vlans: [UInt16]
    /// Where and why reading stopped early.
    public let problem: WireError?
    /// Octets of payload that were on the wire but not captured.
    public let missingOctets: Int

    /// A segment from its parts.
    public init(
        _ segment: TCPSegment, in ip: IPHeader, checksum: ChecksumVerdict, vlans: [UInt16], problem: WireError?,
        missingOctets: Int
    ) {
        self.segment = segment
        self.ip = ip
        self.checksum = checksum
        self.vlans = vlans
        self.problem = problem
        self.missingOctets = missingOctets
    }

    /// The segment in a frame that lies in `range` of `storage`, of which its payload will be a slice; `originalLength` is
    /// what the frame had on the wire, in octets.
    ///
    /// A `checksum` that is known already is not summed up again.
    ///
    /// For files of millions of frames. Nil where it takes `Dissection` to say what there is: for anything but a TCP header
    /// in an IP packet that is no fragment and ends within the frame.
    public init?(
        frame range: Range<Int>, of storage: [UInt8], linkType: LinkType, originalLength: Int,
        checksum: ChecksumVerdict? = nil
    ) {
        let frame = storage.span.extracting(range)
        var vlans: [UInt16] = []
        let plain = TransportOctets.plainSegment(
            in: frame, linkType: linkType, originalLength: originalLength, vlans: &vlans)
        guard let (ip, body) = plain else { return nil }
        do throws(WireError) {
            try self.init(
                frame.extracting(body.captured), sharing: storage, from: range.lowerBound, body: body, ip: ip,
                vlans: vlans, checksum: checksum)
        } catch {
            return nil
        }
    }

    /// Reads `octets`, which are what was captured of `body`; the payload is a slice of `storage`, in which the frame begins
    /// at `offset`, or else a copy.
    @inline(__always)
    init(
        _ octets: Span<UInt8>,
        sharing storage: [UInt8]?,
        from offset: Int,
        body: TransportOctets,
        ip: IPHeader,
        vlans: [UInt16] = [],
        checksum: ChecksumVerdict? = nil
    ) throws(WireError) {
        let header: TCPHeader
        do throws(WireError) {
            header = try TCPHeader(parsing: octets)
        } catch {
            throw error.shifted(by: body.start)
        }
        let length = Int(header.dataOffset) * 4
        let optionsEnd = max(TCPHeader.minimumLength, min(length, octets.count))
        let options = TCPOptions(octets: octets.extracting(TCPHeader.minimumLength..<optionsEnd))
        var payload: ArraySlice<UInt8> = []
        if length < TCPHeader.minimumLength || length > body.lengthOnWire {
            problem = .badLength(layer: .tcp, value: length, offset: body.start)
            missingOctets = 0
        } else if length > octets.count {
            problem = .truncated(
                layer: .tcpOptions,
                needed: length - TCPHeader.minimumLength,
                available: octets.count - TCPHeader.minimumLength,
                offset: body.start + TCPHeader.minimumLength
            )
            missingOctets = body.lengthOnWire - length
        } else {
            if length < octets.count {
                let start = offset + body.start
                payload =
                    storage?[start + length..<start + octets.count]
                    ?? [UInt8](copying: octets.extracting(length...))[...]
            }
            problem = nil
            missingOctets = body.lengthOnWire - octets.count
        }
        segment = TCPSegment(header: header, options: options, payload: payload)
        self.checksum =
            checksum
            ?? body.checksumVerdict(on: octets, field: header.checksum, from: ip.source, to: ip.destination)
        self.ip = ip
        self.vlans = vlans
    }
}
