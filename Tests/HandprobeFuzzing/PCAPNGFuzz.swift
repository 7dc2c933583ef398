import HandprobeJudge
import HandprobeReport
import HandprobeWire

/// A pcapng file: how it comes in pieces makes no difference, what is read is written so that it is read as the same.
enum PCAPNGFuzz {
    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        var input = FuzzInput(octets)
        let piece = 1 + Int(input.octet())
        let file = input.rest()
        let whole = blocks(file, piece: max(1, file.count))
        let pieces = blocks(file, piece: piece)
        try expect(whole == pieces, "in pieces of \(piece) it is \(pieces), else \(whole)")
        try checkWriting(whole.blocks)
        try checkTranscript(file)
    }

    private struct Reading: Equatable {
        var blocks: [PCAPNGBlock] = []
        var problem: PCAPNGError?
    }

    private static func blocks(_ file: [UInt8], piece: Int) -> Reading {
        var reader = PCAPNGReader()
        var reading = Reading()
        var rest = file[...]
        do throws(PCAPNGError) {
            repeat {
                reader.append(rest.prefix(piece))
                rest = rest.dropFirst(piece)
                while let block = try reader.next() { reading.blocks.append(block) }
            } while !rest.isEmpty
            reading.problem = reader.end()
        } catch {
            reading.problem = error
        }
        return reading
    }

    /// Frames, interfaces and sections are written and read as they were.
    private static func checkWriting(_ blocks: [PCAPNGBlock]) throws(BrokenRule) {
        var writer = PCAPNGWriter()
        var expected: [PCAPNGBlock] = []
        for block in blocks {
            switch block {
            case .section(let section):
                writer.write(section)
                expected.append(block)
            case .interface(let interface):
                writer.write(interface)
                expected.append(block)
            case .frame(let frame, let interface):
                // The writer's ticks are nanoseconds; another resolution is for reading only.
                guard interface.resolution == 9, interface.offset == 0, frame.time != nil else { continue }
                writer.write(frame)
                expected.append(block)
            case .statistics, .skipped, .malformed: break
            }
        }
        let again = self.blocks(writer.take(), piece: Int.max)
        let isLong = expected.contains { $0.isTooLong }
        try expect(
            isLong || again.blocks == expected, "written and read again \(expected) is \(again.blocks)")
        if !expected.isEmpty { try expect(again.problem == nil, "what was written is not whole: \(again)") }
    }

    /// The conversations of the file, judged, and written into a file of their own.
    private static func checkTranscript(_ file: [UInt8]) throws(BrokenRule) {
        for conversation in TranscriptFile.read(file).conversations.prefix(8) {
            try VerdictRules.check(conversation.events, conversation.flow, conversation.expectation)
            try RenderFuzz.checkRewriting(
                conversation.events, conversation.flow, conversation.expectation, settledAt: conversation.settledAt)
        }
    }
}

extension PCAPNGBlock {
    /// True when no block of a file has room for it.
    fileprivate var isTooLong: Bool {
        guard case .frame(let frame, _) = self else { return false }
        return frame.octets.count + frame.comments.reduce(0) { $0 + $1.utf8.count } > 1 << 19
    }
}
