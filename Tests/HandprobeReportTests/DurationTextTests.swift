import HandprobeReport
import Testing

@Suite struct DurationTextTests {
    @Test(arguments: [
        (Duration.zero, "0.000 ms"),
        (.nanoseconds(41_499), "0.041 ms"),
        (.nanoseconds(41_500), "0.042 ms"),
        (.microseconds(-12), "-0.012 ms"),
        (.microseconds(999_999), "999.999 ms"),
        (.nanoseconds(999_999_600), "1.000 s"),
        (.milliseconds(1031), "1.031 s"),
        (.microseconds(1_012_653), "1.013 s"),
        (.microseconds(59_999_500), "1 min 0.000 s"),
        (.milliseconds(-1031), "-1.031 s"),
        (.seconds(60), "1 min 0.000 s"),
        (.milliseconds(125_500), "2 min 5.500 s"),
        (.seconds(3604), "1 h 0 min 4.000 s"),
    ])
    func length(_ duration: Duration, text: String) {
        #expect(DurationText.length(duration) == text)
    }

    @Test(arguments: [
        (Duration.zero, "0.000 ms"),
        (.nanoseconds(1_000_301_000), "1000.301 ms"),
        (.seconds(-2), "-2000.000 ms"),
    ])
    func moment(_ duration: Duration, text: String) {
        #expect(DurationText.moment(duration) == text)
    }

    @Test func noDurationIsTooLong() {
        #expect(DurationText.length(.seconds(Int64.max)) == "2500000 h 0 min 0.000 s")
        #expect(DurationText.length(.seconds(Int64.min)) == "-2500000 h 0 min 0.000 s")
    }
}
