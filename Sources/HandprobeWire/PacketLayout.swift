/// Where the parts of an IP packet lie in a frame.
struct PacketLayout {
    /// The header.
    var ip: IPHeader
    /// What the payload is.
    var protocolNumber: UInt8
    /// Where the payload begins in the frame.
    var start: Int
    /// Where the packet ends in the frame by its own length field, which may lie anywhere.
    var end: Int
    /// Where the packet lies in a larger one.
    var fragment: FragmentPosition?
    /// False while a routing header still holds the address that the pseudo-header is made with (RFC 8200 §8.1).
    var isDestinationFinal = true
    /// Why the extension headers could not be walked to their end; the protocol number is then that of the bad one.
    var problem: WireError?

    /// Reads the header at `offset` of `frame`. A length field of 0 means up to `wireEnd`, where the frame ended on the wire:
    /// a packet that segmentation offload made too big for its own length field.
    init(
        _ frame: Span<UInt8>,
        at offset: Int,
        family: IPAddress.Family?,
        wireEnd: Int
    ) throws(WireError) {
        let octets = frame.extracting(offset...)
        let family = family ?? (octets.count > 0 && octets[0] >> 4 == 6 ? .v6 : .v4)
        do throws(WireError) {
            switch family {
            case .v4:
                let header = try IPv4Header(parsing: octets)
                ip = .v4(header)
                protocolNumber = header.protocolNumber
                start = offset + header.length
                end = header.totalLength == 0 ? wireEnd : offset + Int(header.totalLength)
                if header.fragmentOffset != 0 || header.moreFragments {
                    fragment = FragmentPosition(
                        offset: Int(header.fragmentOffset) * 8,
                        moreFragments: header.moreFragments,
                        identification: UInt32(header.identification)
                    )
                }
            case .v6:
                let header = try IPv6Header(parsing: octets)
                ip = .v6(header, extensions: [])
                protocolNumber = header.nextHeader
                start = offset + IPv6Header.length
                end = header.payloadLength == 0 && header.nextHeader != 59 ? wireEnd : start + Int(header.payloadLength)
                walkExtensions(frame, header: header)
            }
        } catch {
            throw error.shifted(by: offset)
        }
    }

    /// The layout of a packet that is all of `packet`, whatever its version and length fields say; nil when it has none.
    init?(crafted packet: [UInt8], family: IPAddress.Family) {
        guard packet.count >= IPv4Header.minimumLength else { return nil }
        var repaired = packet
        repaired[0] = (family == .v4 ? 0x40 : 0x60) | packet[0] & 0x0F
        repaired.replaceSubrange(family == .v4 ? 2..<4 : 4..<6, with: [0, 0])
        do throws(WireError) {
            try self.init(repaired.span, at: 0, family: family, wireEnd: packet.count)
        } catch {
            return nil
        }
        guard problem == nil else { return nil }
    }

    /// The version that a packet's first octet gives, or 4.
    static func family(of packet: [UInt8]) -> IPAddress.Family {
        packet.first.map { $0 >> 4 } == 6 ? .v6 : .v4
    }

    /// Passes the extension headers (RFC 8200 §4), up to the payload, a later fragment, or one that is not all there.
    private mutating func walkExtensions(_ frame: Span<UInt8>, header: IPv6Header) {
        let limit = min(end, frame.count)
        var passed: [UInt8] = []
        defer { if !passed.isEmpty { ip = .v6(header, extensions: passed) } }
        while Self.isExtension(protocolNumber) {
            guard start + 8 <= limit else {
                problem = .truncated(
                    layer: .extensionHeader, needed: 8, available: max(0, limit - start), offset: start)
                return
            }
            let length = Self.length(ofExtension: protocolNumber, lengthOctet: frame[start + 1])
            guard start + length <= limit else {
                problem = .truncated(layer: .extensionHeader, needed: length, available: limit - start, offset: start)
                return
            }
            passed.append(protocolNumber)
            if protocolNumber == 43, frame[start + 3] != 0 { isDestinationFinal = false }
            if protocolNumber == 44 {
                let place = frame.uint16(at: start + 2)
                // A fragment header on a whole packet, an atomic fragment, means nothing (RFC 6946).
                if place & 0xFFF9 != 0 {
                    fragment = FragmentPosition(
                        offset: Int(place & 0xFFF8),
                        moreFragments: place & 1 != 0,
                        identification: frame.uint32(at: start + 4)
                    )
                }
            }
            protocolNumber = frame[start]
            start += length
            if let fragment, fragment.offset > 0 { return }
        }
    }

    /// Hop-by-hop, routing, fragment, authentication, destination, mobility, host identity, shim6.
    private static func isExtension(_ number: UInt8) -> Bool {
        switch number {
        case 0, 43, 44, 51, 60, 135, 139, 140: true
        default: false
        }
    }

    private static func length(ofExtension number: UInt8, lengthOctet: UInt8) -> Int {
        switch number {
        case 44: 8
        case 51: 4 * (Int(lengthOctet) + 2)  // RFC 4302 §2.2
        default: 8 * (Int(lengthOctet) + 1)
        }
    }
}
