import HandprobeTestKit
import Testing

/// A run of the program with `--json`, as jq reads it.
struct ProbeRecord {
    let result: Subprocess.Result
    /// Every segment, in the order in which the program gives them.
    private(set) var segments: [SegmentFacts] = []
    /// How it went, in a line.
    private(set) var headline = ""
    /// The codes of its findings.
    private(set) var codes: [String] = []
    /// What kept this host's kernel out.
    private(set) var guards: [String] = []
    /// The proof that the connection was open; empty without.
    private(set) var proof = ""
    /// The rows of the ledger.
    private(set) var ledger: [String: (attempts: Int, confirmedBy: String?)] = [:]

    private static let filter = #"""
        if .kind == "segment" then .segment as $s
          | ["segment", .from, $s.flags_notation, $s.seq, ($s.ack // ""), $s.window, $s.payload_length, $s.ip.ttl,
             ([$s.options[]? | select(.name == "mss") | .value][0] // ""),
             ([$s.options[]? | select(.name == "wscale") | .value] | if . == [] then "" else .[0] end)]
        elif .type == "summary" then
          ["headline", .headline], ["codes", (.findings | map(.code) | join(" "))],
          ["guards", (.guards | join(" "))], ["proof", (.open_proof.proof // "")],
          (.ledger | to_entries[] | ["ledger", .key, .value.attempt_count, (.value.confirming_flags // "")])
        else empty end | @tsv
        """#

    /// Reads what a run wrote.
    init(_ result: Subprocess.Result) throws {
        self.result = result
        let rows = try Subprocess.check("jq", ["-r", Self.filter], stdin: result.stdout).stdout.split(separator: "\n")
        for row in rows {
            let fields = row.split(separator: "\t", omittingEmptySubsequences: false)
            switch fields[0] {
            case "segment":
                let facts = SegmentFacts(
                    isOurs: fields[1] != "peer", flags: String(fields[2]), numbers: Array(fields[3...]))
                segments.append(try #require(facts, "\(row)"))
            case "headline": headline = String(fields[1])
            case "codes": codes = fields[1].split(separator: " ").map(String.init)
            case "guards": guards = fields[1].split(separator: " ").map(String.init)
            case "proof": proof = String(fields[1])
            default:
                let flags = String(fields[3])
                ledger[String(fields[1])] = (Int(fields[2]) ?? 0, flags.isEmpty ? nil : flags)
            }
        }
    }

    var exitCode: Int32? { result.exitCode }
    /// The run, for a failure.
    var text: String { "\(result.stdout)\(result.stderr)" }

    /// The program has seen what `witness` saw: all that we sent, and all that came while it ran.
    func expectAgreement(
        with witness: [SegmentFacts],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let (ours, theirs) = (segments.filter(\.isOurs), segments.filter { !$0.isOurs })
        #expect(ours == witness.filter(\.isOurs), "\(text)", sourceLocation: sourceLocation)
        #expect(witness.filter { !$0.isOurs }.starts(with: theirs), "\(text)", sourceLocation: sourceLocation)
    }

    /// What `witness` saw of the connection until the program ended: a repeat that was still on its way then is the
    /// witness's only.
    private func whileItRan(_ witness: [SegmentFacts]) -> [SegmentFacts] {
        var unheard = max(0, witness.filter { !$0.isOurs }.count - segments.filter { !$0.isOurs }.count)
        return witness.reversed().filter { segment in
            guard !segment.isOurs, unheard > 0 else { return true }
            unheard -= 1
            return false
        }.reversed()
    }

    /// The program says of the course of a connection what follows from what a witness saw while it ran.
    func expectCourse(of witness: [SegmentFacts], sourceLocation: SourceLocation = #_sourceLocation) {
        let course = WitnessedCourse(segments: whileItRan(witness))
        // Where a packet was captured twice, a witness that only counts cannot say how often it was sent.
        let countsTheirs = !codes.contains("duplicated")
        let words = { (name: String, row: (attempts: Int, confirmedBy: String?)) in
            let attempts = countsTheirs || name.hasPrefix("our") ? "\(row.attempts) times" : "some times"
            return "\(name) \(attempts), confirmed by \(row.confirmedBy ?? "nothing")"
        }
        #expect(
            ledger.map(words).sorted() == course.ledger.map(words).sorted(), "\(text)", sourceLocation: sourceLocation)
        for part in course.closing {
            #expect(headline.contains(part), "\(part): \(text)", sourceLocation: sourceLocation)
        }
    }
}
