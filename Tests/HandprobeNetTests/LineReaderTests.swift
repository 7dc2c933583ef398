@testable import HandprobeNet
import Testing

struct LineReaderTests {
    @Test func linesAreCutWhereverTheReadingFalls() {
        var reader = LineReader()
        #expect(reader.take(Array("one\ntw".utf8)[...]) == ["one"])
        #expect(reader.take(Array("o\n\nthree".utf8)[...]) == ["two", ""])
        #expect(!reader.isAtEnd)
        #expect(reader.take([]) == ["three"])
        #expect(reader.isAtEnd)
    }

    @Test func aLineWithoutEndIsCut() {
        var reader = LineReader()
        let lines = reader.take(ArraySlice(repeating: UInt8(ascii: "x"), count: 200_000))
        #expect(lines.map(\.utf8.count) == [65536, 65536, 65536])
    }
}
