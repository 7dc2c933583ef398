import HandprobeJudge
import HandprobeReport
import HandprobeWire
import Testing

struct ConversationRowsTests {
    private static func row(
        _ number: Int, _ flow: FourTuple = FourTuple(local: Story.v4.us, remote: Story.v4.peer), in style: TextStyle
    ) -> ConversationRow {
        ConversationRow(
            number: number,
            flow: flow,
            outline: Outline(
                opening: .threeSegments, closing: .fourSegments(first: .peer), codes: [.peerClosedFirst, .outOfOrder],
                outcome: .asExpected),
            style: style
        )
    }

    /// Rows come in the order in which connections began, whatever the order in which they ended.
    @Test func inTheOrderOfTheirBeginning() {
        let style = TextStyle(width: TextStyle.unlimited)
        var rows = ConversationRows(style: style)
        for number in [1, 2, 5] { rows.begin(number) }
        rows.add(Self.row(2, in: style))
        #expect(rows.lines().isEmpty)
        rows.add(Self.row(1, in: style))
        #expect(rows.lines().map { $0.split(separator: " ")[0] } == ["#", "1", "2"])
        rows.add(Self.row(5, in: style))
        #expect(rows.lines().map { $0.split(separator: " ")[0] } == ["5"])
        #expect(rows.lines().isEmpty)
    }

    /// Nothing is wider than the terminal, and nothing is left out.
    @Test(arguments: [60, 80, 100, 132, 200]) func fitsTheTerminal(width: Int) {
        for flow in [
            FourTuple(local: Story.v4.us, remote: Story.v4.peer), FourTuple(local: Story.v6.us, remote: Story.v6.peer),
        ] {
            let style = TextStyle(width: width)
            var rows = ConversationRows(style: style)
            rows.begin(1)
            rows.add(Self.row(1, flow, in: style))
            let lines = rows.lines()
            #expect(lines.allSatisfy { $0.count <= width || $0.contains("→") && width < 80 }, "\(lines)")
            let text = lines.joined(separator: " ")
            for word in ["3 segments", "4, peer first", "peer-closed-first", "out-of-order"] {
                #expect(text.contains(word), "\(lines)")
            }
        }
    }

    @Test func nothingWhenQuiet() {
        let style = TextStyle(width: 80, verbosity: .quiet)
        var rows = ConversationRows(style: style)
        rows.begin(1)
        rows.add(Self.row(1, in: style))
        #expect(rows.lines().isEmpty)
    }
}
