import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// Every finding of the closed list, each shown by a conversation.
struct FindingTests {
    @Test(arguments: Example.all)
    func isFound(_ example: Example) throws {
        let verdict = try example.conversation().verdict(example.expectation)
        let finding = try #require(verdict.finding(example.code), "found \(verdict.codes): \(verdict.headline)")
        #expect(finding.stage == example.stage)
        #expect(finding.source == example.source)
        #expect(finding.evidence == example.evidence)
        #expect(finding.sentence.contains(example.says), "\(finding.sentence)")
        #expect(verdict.outcome == example.outcome, "\(verdict.headline)")
    }

    /// The same conversation at the ends of the sequence space gives the same findings.
    @Test(arguments: Example.all, [(UInt32.min, UInt32.max), (.max, .min), (.max - 2, .max - 1)])
    func wrapsAnywhere(_ example: Example, numbers: (UInt32, UInt32)) throws {
        let reference = try example.conversation().verdict(example.expectation)
        var conversation = try example.conversation(iss: numbers.0, irs: numbers.1)
        if example.code == .refusalInexact || example.code == .refused { return }
        conversation.start = 0
        #expect(conversation.verdict(example.expectation).codes == reference.codes)
    }

    /// A wrong SYN-ACK is not at the same time a bare ACK.
    @Test func oneSegmentIsOneCause() throws {
        for code in [FindingCode.wrongAcknowledgment, .challenged, .resetStray, .resetWithoutAck] {
            let example = try #require(Example.all.first { $0.code == code })
            #expect(try example.conversation().verdict(example.expectation).codes == [code])
        }
    }

    @Test func everyCodeIsShown() {
        #expect(Set(Example.all.map(\.code)) == Set(FindingCode.allCases))
    }

    /// A run that is not as expected says so in its last line, with code and stage.
    @Test(arguments: Example.all.filter { $0.outcome != .asExpected })
    func isNamedInTheHeadline(_ example: Example) throws {
        let verdict = try example.conversation().verdict(example.expectation)
        let worst = try #require(verdict.findings.first { $0.outcome == verdict.outcome })
        #expect(verdict.headline.contains("[\(worst.code.rawValue), \(worst.stage.rawValue)]"), "\(verdict.headline)")
    }

    @Test func codesAreKebabCaseAndDescribed() {
        for code in FindingCode.allCases {
            #expect(code.rawValue.allSatisfy { $0.isLowercase || $0 == "-" })
            #expect(code.meaning.hasSuffix("."))
            #expect(code.meaning.first?.isUppercase == true)
            #expect(code.clause?.isEmpty != true)
        }
        #expect(Set(FindingCode.allCases.map(\.meaning)).count == FindingCode.allCases.count)
    }
}
