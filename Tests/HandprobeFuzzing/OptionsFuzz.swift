import HandprobeWire

/// Option octets: the wire's form, the option list and the notation give each other's octets.
enum OptionsFuzz {
    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        let options = TCPOptions(octets: octets)
        let kept = Array(octets.prefix(TCPOptions.capacity))
        try expect(options.octets == kept, "\(kept) became \(options.octets)")
        try checkReading(options)
        try checkNotation(options, relativeTo: SequenceNumber(0))
        try checkNotation(options, relativeTo: SequenceNumber(0x8000_0001))
    }

    /// What was read, appended again, gives the octets it was read from.
    private static func checkReading(_ options: TCPOptions) throws(BrokenRule) {
        let (list, problem) = options.parsed
        var again = TCPOptions()
        for option in list { try expect(again.append(option), "\(option) finds no room where it stood") }
        try expect(
            options.octets.starts(with: again.octets), "\(options.octets) is read as \(list), which is \(again.octets)")
        if problem == nil, !list.contains(.endOfList) {
            try expect(again.count == options.count, "\(options.octets) is read as \(list) without a reason")
        }
        let (mss, shift) = (options.maximumSegmentSize, options.windowScale)
        try expect(
            mss == nil || list.contains { $0.kind == 2 } && options.count >= 4,
            "an MSS of \(String(describing: mss)) that is no option")
        try expect(shift == nil || list.contains { $0.kind == 3 }, "a shift that is no option")
    }

    static func checkNotation(_ options: TCPOptions, relativeTo base: SequenceNumber) throws(BrokenRule) {
        let text = options.notation(relativeTo: base)
        do {
            let again = try TCPOptions(notation: text, relativeTo: base)
            try expect(again == options, "\(options.octets) is written \(text), which is read as \(again.octets)")
        } catch let error as NotationError {
            throw BrokenRule("\(options.octets) is written \(text), which cannot be read: \(error)")
        } catch let error as BrokenRule {
            throw error
        } catch {
            throw BrokenRule("\(error)")
        }
    }
}
