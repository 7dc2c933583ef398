import HandprobeTestKit
import HandprobeWire
import Testing

@testable import HandprobeReport

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (951_782_400_000_000_041, "2000-02-29T00:00:00.000000041Z"),
        (1_700_000_000_000_000_000, "2023-11-14T22:13:20.000000000Z"),
        (Int64.max, "2262-04-11T23:47:16.854775807Z"),
        (Int64.min, "1677-09-21T00:12:43.145224192Z"),
    ])
    func writesRFC3339(nanoseconds: Int64, text: String) {
        #expect(Timestamp(nanoseconds: nanoseconds).rfc3339 == text)
    }

    /// Every day that the clock can show, at a moment of its own, as date(1) says it.
    @Test func agreesWithDate() throws {
        let seconds = (-106_000...106_000).map { Int64($0) * 86_400 + Int64($0 &* 7919 % 86_400) }
        let input = seconds.map { "@\($0)\n" }.joined()
        let date = try Subprocess.run("date", ["-u", "-f", "-", "+%Y-%m-%dT%H:%M:%S.%NZ"], stdin: input)
        let expected = date.stdout.split(separator: "\n").map(String.init)
        #expect(date.exitCode == 0)
        #expect(seconds.map { Timestamp(nanoseconds: $0 * 1_000_000_000).rfc3339 } == expected)
    }
}
