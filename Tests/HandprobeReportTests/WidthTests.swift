import HandprobeJudge
import HandprobeReport
import HandprobeTCP
import HandprobeWire
import Testing

/// No line is wider than the terminal, whatever is shown. Every character used here fills one column.
@Suite struct WidthTests {
    @Test(arguments: [true, false], [TextStyle.Verbosity.normal, .verbose])
    func anyEventFitsAnyWidth(unicode: Bool, verbosity: TextStyle.Verbosity) {
        var random = SplitMix64(seed: 0x51DE)
        for width in Array(stride(from: 20, through: 200, by: 9)) + [80, 99, 100] {
            let style = TextStyle(width: width, unicode: unicode, verbosity: verbosity, explains: verbosity == .normal)
            var ladder = Ladder(peer: random.words(3), style: style)
            var lines = ladder.header()
            for index in 0..<10 {
                lines += ladder.lines(for: random.event(), reading: random.reading(), index: index)
            }
            lines += RunSummary.lines(random.verdict(), start: Story.start, style: style)
            let header = RunHeader(
                local: SocketAddress(IPAddress("2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff")!, port: 65535),
                remote: SocketAddress(IPAddress("2001:db8:1111:2222:3333:4444:5555:6666")!, port: 65535),
                interface: random.words(1),
                guards: ["filter", "md5", "min-hop-limit"],
                name: random.words(2),
                addressCount: 3
            )
            lines += header.lines(style: style)
            #expect(lines.first { $0.unicodeScalars.count > width } == nil, "at \(width) columns")
            if !unicode { #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } }) }
        }
    }

    @Test(arguments: [80, 99, 100, 132, 200])
    func lifelinesAreStraight(width: Int) throws {
        let style = TextStyle(width: width)
        var random = SplitMix64(seed: 7)
        var ladder = Ladder(peer: "peer", style: style)
        var lines: [String] = []
        for index in 0..<60 { lines += ladder.lines(for: random.event(), reading: random.reading(), index: index) }
        let columns = lines.map { line in
            Array(line.unicodeScalars).indices.filter {
                Set("│├┤╞".unicodeScalars).contains(Array(line.unicodeScalars)[$0])
            }
        }
        let first = try #require(columns.first)
        #expect(first.count == 2)
        #expect(columns.allSatisfy { $0 == first })
    }

    @Test func colourDoesNotCount() throws {
        let plain = try Story.fourWayClose().report(TextStyle(width: 90))
        let coloured = try Story.fourWayClose().report(TextStyle(width: 90, colour: true))
        let bare = coloured.map { line in
            line.replacing(#/\u{1B}\[[0-9]*m/#, with: "")
        }
        #expect(bare == plain)
        #expect(coloured != plain)
    }

    @Test func hostileTextNeverReachesTheTerminal() throws {
        var story = try Story.refused()
        story.verdict.findings[0].sentence = "banner \u{1B}[2J\u{202E}evil\r\n"
        story.verdict.headline = "\u{1B}]0;title\u{07}"
        story.verdict.ledger.ourSyn.unconfirmedBecause = "\u{9B}5m"
        let style = TextStyle(width: 100, verbosity: .verbose)
        let text = story.report(style, name: "evil\u{1B}[31m.example").joined(separator: "\n")
        #expect(text.contains(#"evil\x1b[31m.example"#))
        #expect(text.contains(#"banner \x1b[2J\xe2\x80\xaeevil\r\n"#))
        let harmful = text.unicodeScalars.filter { $0 != "\n" && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value)) }
        #expect(harmful.isEmpty)
    }
}
