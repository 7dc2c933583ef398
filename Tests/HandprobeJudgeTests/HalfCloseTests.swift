import HandprobeTCP
import HandprobeWire
import Testing

@testable import HandprobeJudge

/// What becomes of an answer to a request that our FIN came with (RFC 9112 §6.3 and §8).
@Suite("A half-closed request")
struct HalfCloseTests {
    /// A request with FIN, an answer in pieces of text, and the peer's FIN; `order` is that of the pieces on the wire.
    private func verdict(_ pieces: [String], request: String = "GET / HTTP/1.1\r\n\r\n", order: [Int]? = nil) throws
        -> Verdict
    {
        var conversation = Conversation()
        try conversation.add(Opening.plain)
        try conversation.add(Opening.proof)
        let asked = 1 + request.utf8.count
        try conversation.say("1 us FP. 1:\(asked)(\(asked - 1)) ack 1 win 502", request)
        try conversation.add("2 peer . 1:1(0) ack \(asked + 1) win 509")
        var starts = [1]
        for piece in pieces { starts.append((starts.last ?? 1) + piece.utf8.count) }
        for index in order ?? Array(pieces.indices) {
            let (from, to) = (starts[index], starts[index + 1])
            try conversation.say(
                "3 peer P. \(from):\(to)(\(to - from)) ack \(asked + 1) win 509", pieces[index])
        }
        let end = starts.last ?? 1
        try conversation.add(
            """
            4 peer F. \(end):\(end)(0) ack \(asked + 1) win 509
            5 us   . \(asked + 1):\(asked + 1)(0) ack \(end + 1) win 502
            """)
        return conversation.verdict()
    }

    private func sentence(_ verdict: Verdict) -> String {
        let finding = verdict.findings.first { $0.code.rawValue.hasPrefix("half-close") }
        return finding.map { "\($0.code.rawValue): \($0.sentence)" } ?? "none"
    }

    private static let header = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 10\r\n\r\n"

    @Test func aWholeAnswer() throws {
        let count = Self.header.utf8.count + 10
        let said = "half-close-honoured: the peer answered with \(count) octets, a whole answer, and then closed"
        let scattered = ["HTT", "P/1.1", String(Self.header.dropFirst(8)), "0123456789"]
        for pieces in [[Self.header + "0123456789"], [Self.header, "01234", "56789"], scattered] {
            #expect(sentence(try verdict(pieces)).hasPrefix(said))
        }
        // Only the header must be in order.
        #expect(sentence(try verdict([Self.header, "01234", "56789"], order: [0, 2, 1])).hasPrefix(said))
    }

    @Test func anAnswerCutShort() throws {
        let count = Self.header.utf8.count
        let verdict = try verdict([Self.header + "012"])
        #expect(
            sentence(verdict).hasPrefix(
                "half-close-truncated: the peer answered with \(count + 3) of \(count + 10) octets and then closed"))
        #expect(verdict.outcome == .notAsExpected)
        #expect(
            sentence(try self.verdict([String(Self.header.dropLast())])).hasPrefix(
                "half-close-truncated: the peer closed within the header of its answer, after \(count - 2) octets"))
    }

    /// What does not tell its length is not known to be short.
    @Test(
        arguments: [
            "HTTP/1.1 200 OK\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 10\r\n\r\n0",
            "HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nabc",
            "HTTP/1.1 100 Continue\r\nContent-Length: 10\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTT", "220 ready\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        ])
    func anAnswerThatDoesNotTell(answer: String) throws {
        let said = "half-close-honoured: the peer answered with \(answer.utf8.count) octets and then closed"
        #expect(sentence(try verdict([answer])).hasPrefix(said))
    }

    /// `read` keeps little of each of many connections.
    @Test func aLongHeaderIsNotKept() throws {
        let field = String(repeating: "X: y\r\n", count: 200)
        let pieces = ["HTTP/1.1 200 OK\r\n"] + [field, field] + ["Content-Length: 9\r\n\r\n"]
        let said = "half-close-honoured: the peer answered with 2438 octets and then closed"
        #expect(sentence(try verdict(pieces)).hasPrefix(said))
    }

    @Test func aHeaderWithAHoleDoesNotTell() throws {
        let pieces = ["HTTP/1.1 200 OK\r\n", "Content-Length: 10\r\n", "\r\nabc"]
        let said = sentence(try verdict(pieces, order: [0, 2, 1]))
        #expect(said.hasPrefix("half-close-honoured: the peer answered with 42 octets and then closed"), "\(said)")
    }

    /// Answers that have no body, whatever length they announce.
    @Test(
        arguments: [
            ("HEAD / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
            ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"),
            ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"),
        ])
    func anAnswerWithoutABody(request: String, answer: String) throws {
        #expect(sentence(try verdict([answer], request: request)).contains("octets, a whole answer, and then closed"))
    }
}

extension Conversation {
    /// Adds a segment with this text.
    fileprivate mutating func say(_ line: String, _ text: String) throws {
        try add(line)
        changeLast { $0.segment.payload = Array(text.utf8)[...] }
    }
}
