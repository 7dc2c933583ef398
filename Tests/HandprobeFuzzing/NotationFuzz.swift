import HandprobeWire

/// Text that a person typed. What can be read is written so that it is read as the same.
enum NotationFuzz {
    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        var input = FuzzInput(octets)
        let kind = input.octet() % 5
        let base =
            input.flag()
            ? .absolute : SequenceBase(seq: SequenceNumber(0xFFFF_FFF0), ack: SequenceNumber(0x7FFF_FFFF))
        let text = String(decoding: input.rest(), as: UTF8.self)
        switch kind {
        case 0: try segment(text, base)
        case 1:
            if let options = try read(text, { text throws(NotationError) in try TCPOptions(notation: text) }) {
                try OptionsFuzz.checkNotation(options, relativeTo: SequenceNumber(0))
            }
        case 2:
            if let options = try read(text, { text throws(NotationError) in try TCPOptions(list: text, timestamps: 7) })
            {
                try expect(options.count % 4 == 0, "\(text) became \(options.count) octets")
                try OptionsFuzz.checkNotation(options, relativeTo: SequenceNumber(0))
            }
        case 3:
            guard let flags = TCPFlags(notation: text) else { return }
            try expect(TCPFlags(notation: flags.notation) == flags, "\(text) became \(flags.notation)")
        default:
            guard let octets = try? [UInt8](hex: text) else { return }
            try expect(octets.count <= text.utf8.count / 2, "\(text) became \(octets.count) octets")
        }
    }

    private static func segment(_ text: String, _ base: SequenceBase) throws(BrokenRule) {
        let parsed = try read(text) { text throws(NotationError) in
            try ParsedSegment(notation: text, relativeTo: base)
        }
        guard let segment = parsed?.segment else { return }
        let written = segment.notation(relativeTo: base)
        let again = try read(written) { text throws(NotationError) in
            try TCPSegment(notation: text, relativeTo: base)
        }
        try expect(again == segment, "\(text) is written \(written), which is read as \(String(describing: again))")
    }

    /// What `parse` makes of `text`; nil when it refuses it, for a reason at a column of the text.
    private static func read<Value>(
        _ text: String,
        _ parse: (String) throws(NotationError) -> Value
    ) throws(BrokenRule) -> Value? {
        do {
            return try parse(text)
        } catch {
            try expect((1...text.count + 1).contains(error.column), "column \(error.column) of \(text)")
            return nil
        }
    }
}
