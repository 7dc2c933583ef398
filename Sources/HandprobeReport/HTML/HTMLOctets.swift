import HandprobeJudge
import HandprobeWire

/// The octets of one captured frame, each field with the octets it stands in.
struct HTMLOctets {
    /// The most octets of one field that are shown.
    private static let most = 256
    /// More octets than this are broken over lines wherever they stand.
    private static let few = 16

    let frame: [UInt8]
    let linkType: LinkType
    /// True when the capture cut it short, so that lengths and checksums cannot be held against it.
    let isCut: Bool

    /// A table for each header.
    var markup: HTML {
        guard !frame.isEmpty else { return #"<p class="note">Its octets were not kept.</p>"# }
        let range = linkType.packet(in: frame) ?? frame.count..<frame.count
        var tables: [HTML] = []
        let packet = Array(frame[range])
        var (title, rows): (String, [HTML]) = ("", [])
        var previous: Range<Int>?
        for field in PacketAnnotation.annotate(packet: packet) where !packet.isEmpty {
            if title != field.title {
                if !rows.isEmpty { tables.append(Self.table(title, rows)) }
                (title, rows) = (field.title, [])
            }
            rows.append(row(field, packet, at: range.lowerBound, isOffsetShown: field.octets != previous))
            previous = field.octets
        }
        if !rows.isEmpty { tables.append(Self.table(title, rows)) }
        let link = around(0..<range.lowerBound, range.isEmpty ? "frame that cannot be read" : "link header")
        let padding = around(range.upperBound..<frame.count, "behind the packet")
        return #"\#(link)<div class="octets">\#(tables)</div>\#(padding)"#
    }

    /// Octets that are no part of the packet.
    private func around(_ range: Range<Int>, _ name: String) -> HTML {
        guard !range.isEmpty else { return "" }
        let place = Hex.digits(UInt16(truncatingIfNeeded: range.lowerBound))
        return #"<p class="detail">\#(name), from \#(place): <code>\#(Self.digits(frame[range]))</code></p>"#
    }

    private func row(_ field: FieldAnnotation, _ packet: [UInt8], at start: Int, isOffsetShown: Bool) -> HTML {
        let octets = packet[field.octets.clamped(to: packet.indices)]
        let isSpelled = field.layer == .tcp && field.name == "payload"
        let bits = field.bitPattern(of: octets)
        return Self.row(
            offset: isOffsetShown ? start + octets.startIndex : nil,
            bits ?? Self.digits(octets),
            isLong: octets.count > Self.few,
            field.name,
            isSpelled ? "" : field.value,
            field.meaning(inCutFrame: isCut),
            text: isSpelled ? "\"\(TerminalText.escape(octets: octets.prefix(Self.most)))\"" : ""
        )
    }

    private static func digits(_ octets: ArraySlice<UInt8>) -> String {
        let rest = octets.count - most
        let more = rest > 0 ? " … and \(rest) more" : ""
        return octets.prefix(most).map(Hex.digits).joined(separator: " ") + more
    }

    private static func table(_ title: String, _ rows: [HTML]) -> HTML {
        """
        <table><caption>\(title)</caption><thead><tr><th scope="col">at</th><th scope="col">octets</th>\
        <th scope="col">field</th><th scope="col">value</th></tr></thead><tbody>\(rows)</tbody></table>
        """
    }

    private static func row(
        offset: Int?,
        _ octets: String,
        isLong: Bool,
        _ name: String,
        _ value: String,
        _ meaning: String,
        text: String = ""
    ) -> HTML {
        let place = offset.map { Hex.digits(UInt16(truncatingIfNeeded: $0)) } ?? ""
        let isWrong = meaning.hasPrefix("wrong")
        let value: HTML = value.isEmpty || value == octets.replacing(" ", with: "") ? "" : "<b>\(value)</b> "
        let spelled: HTML = text.isEmpty ? "" : "<br><code>\(text)</code>"
        let meaning: HTML = isWrong ? #"<span class="bad">✕ \#(meaning)</span>"# : "\(meaning)"
        return """
            <tr><td class="at">\(place)</td><td class="\(isLong ? "hex long" : "hex")">\(octets)</td><th scope="row">\(name)</th>\
            <td>\(value)\(meaning)\(spelled)</td></tr>
            """
    }
}
