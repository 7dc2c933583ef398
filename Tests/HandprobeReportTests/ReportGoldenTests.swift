import HandprobeReport
import Testing

@Suite struct ReportGoldenTests {
    @Test(arguments: [80, 100, 132])
    func fourWayClose(width: Int) throws {
        try Golden.expect(Story.fourWayClose().report(TextStyle(width: width)), "four-way-close-\(width)")
    }

    @Test func fourWayCloseVerbose() throws {
        let style = TextStyle(width: 100, verbosity: .verbose)
        try Golden.expect(Story.fourWayClose().report(style, name: "www.example.net"), "four-way-close-verbose")
    }

    @Test func fourWayCloseQuiet() throws {
        let style = TextStyle(width: 100, verbosity: .quiet)
        try Golden.expect(Story.fourWayClose().report(style), "four-way-close-quiet")
    }

    @Test func fourWayCloseASCII() throws {
        let style = TextStyle(width: 80, unicode: false)
        try Golden.expect(Story.fourWayClose().report(style), "four-way-close-ascii")
    }

    @Test func compactOnANarrowTerminal() throws {
        try Golden.expect(Story.fourWayClose().report(TextStyle(width: 70)), "four-way-close-70")
    }

    @Test func compactInAPipe() throws {
        let style = TextStyle(width: TextStyle.unlimited)
        try Golden.expect(Story.fourWayClose().report(style), "four-way-close-pipe")
    }

    @Test func explained() throws {
        try Golden.expect(Story.fourWayClose().report(TextStyle(width: 80, explains: true)), "explained-80")
        let ascii = TextStyle(width: 60, unicode: false, explains: true)
        try Golden.expect(Story.silent().report(ascii), "explained-silent-60-ascii")
    }

    @Test func retransmittedSyn() throws {
        try Golden.expect(Story.retransmittedSyn().report(TextStyle(width: 100)), "retransmitted-syn-100")
        try Golden.expect(Story.retransmittedSyn().report(TextStyle(width: 80)), "retransmitted-syn-80")
    }

    @Test func refused() throws {
        try Golden.expect(Story.refused().report(TextStyle(width: 100, colour: true)), "refused-colour")
    }

    @Test func filtered() throws {
        try Golden.expect(Story.filtered().report(TextStyle(width: 100)), "filtered-100")
    }

    @Test func silent() throws {
        try Golden.expect(Story.silent().report(TextStyle(width: 80)), "silent-80")
    }

    @Test func incidents() throws {
        try Golden.expect(Story.resetClose().report(TextStyle(width: 100)), "incidents-100")
        try Golden.expect(Story.resetClose().report(TextStyle(width: TextStyle.unlimited)), "incidents-pipe")
    }
}
