import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

@testable import HandprobeReport

/// What `--explain` tells.
@Suite struct LessonTests {
    /// No line that explains stands twice, however often a kind of step recurs.
    @Test(arguments: [80, 100, 60, TextStyle.unlimited])
    func tellsNothingTwice(width: Int) throws {
        let stories = try [
            Story.fourWayClose(), .resetClose(), .retransmittedSyn(), .refused(), .silent(),
        ]
        for story in stories {
            let plain = story.report(TextStyle(width: width))
            var told = story.report(TextStyle(width: width, explains: true))
            for line in plain { told.firstIndex(of: line).map { _ = told.remove(at: $0) } }
            let words = told.map { $0.filter { $0 != "│" && $0 != " " } }.filter { !$0.isEmpty }
            #expect(words.count > 5)
            #expect(Set(words).count == words.count)
        }
    }

    /// Every step that the judge can see is in some conversation, and each has its own words and a clause.
    @Test func everyLessonIsComplete() {
        for lesson in Lesson.allCases {
            #expect(lesson.text.words.last.map { ".?".contains($0) } == true)
            #expect(lesson.text.clause.hasPrefix("RFC "))
        }
        #expect(Set(Lesson.allCases.map(\.text.words)).count == Lesson.allCases.count)
    }

    @Test func everyMeaningHasItsLesson() throws {
        var reached: Set<Lesson> = []
        let answers: [[Meaning]] = [
            [.confirms(.ourSyn), .requests(.theirSyn, attempt: 1)], [.confirms(.ourSyn)],
            [.requests(.theirSyn, attempt: 1)], [.confirms(.ourFin), .requests(.theirFin, attempt: 1)],
            [.confirms(.ourFin)], [.requests(.theirFin, attempt: 1)], [.provesOpen(.challengeAnswered)],
            [.provesOpen(.peerData), .carriesData(octets: 1)], [.confirmsData(octets: 1)], [.resets(.exact)],
            [.resets(.stray), .isDisregarded("")], [.confirmsForgotten], [.isDisregarded("")],
        ]
        let ours: [[Meaning]] = [
            [.requests(.ourSyn, attempt: 1)], [.requests(.ourSyn, attempt: 2)], [.confirms(.theirSyn)],
            [.requests(.ourFin, attempt: 1)], [.confirms(.theirFin)], [.asksForProof], [.carriesData(octets: 1)],
            [.resets(.exact)], [.asksWhetherForgotten], [.requests(.theirSyn, attempt: 1)],
        ]
        let segment = try TCPSegment(notation: ". 1:1(0) ack 1 win 1")
        let ip = IPHeader.v4(IPv4Header(source: .loopback, destination: .loopback))
        for (origin, meanings) in answers.map({ (Origin.peer, $0) }) + ours.map({ (.us, $0) }) {
            let kind = Event.Kind.segment(ObservedSegment(origin: origin, segment: segment, ip: ip))
            let reading = Reading(meanings: meanings, ourState: .established, peerState: nil)
            let lessons = Lesson.all(in: reading, of: kind)
            #expect(!lessons.isEmpty, "\(meanings)")
            reached.formUnion(lessons)
        }
        let error = ICMPError(family: .v4, type: 3, code: 1, parameter: 0, quote: nil, checksum: .good)
        for kind in [
            Event.Kind.timer(.gaveUp(.synAck, after: .zero)),
            .icmpError(ObservedICMPError(origin: .peer, error: error, quotesOurs: true)),
        ] {
            reached.formUnion(
                Lesson.all(in: Reading(meanings: [], ourState: .closed, peerState: nil), of: kind))
        }
        // The teacher takes a RST that answers our SYN for this one.
        #expect(reached == Set(Lesson.allCases).subtracting([.refused]))
        let refused = try Story.refused().report(TextStyle(width: 100, explains: true)).joined(separator: "\n")
        #expect(refused.contains("nothing listens on the port"))
    }

    /// The last paragraph says of this run why it took as many segments as it took.
    @Test func theIdeaFitsTheRun() throws {
        let end = { (story: Story) in
            IdeaText.lines(story.verdict, style: TextStyle(width: 80)).joined(separator: " ")
        }
        #expect(end(try .fourWayClose()).contains("Closing needed four"))
        var reset = try Story.fourWayClose()
        (reset.verdict.ledger.ourFin, reset.verdict.ledger.theirFin) = (RequestRecord(), RequestRecord())
        #expect(end(reset).contains("a RST ends both directions at once"))
        #expect(end(try .resetClose()).contains("did not come to its end"))
        #expect(end(try .silent()).contains("never opened"))
        var merged = try Story.fourWayClose()
        merged.verdict.ledger.ourFin.confirmingFlags = [.fin, .ack]
        #expect(end(merged).contains("Closing needed three"))
    }
}
