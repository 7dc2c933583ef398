import HandprobeJudge
import HandprobeWire
import Testing

/// Numbers and names as a person reads them.
struct TextTests {
    @Test(arguments: [
        (Duration.zero, "0.000 ms"), (.nanoseconds(41_499), "0.041 ms"), (.nanoseconds(41_500), "0.042 ms"),
        (.milliseconds(31), "31.000 ms"), (.microseconds(-2630), "-2.630 ms"),
        (.nanoseconds(999_999_499), "999.999 ms"),
        (.nanoseconds(999_999_500), "1.000 s"), (.milliseconds(1031), "1.031 s"), (.seconds(86_400), "86400.000 s"),
        (.nanoseconds(Int64.min), "-9223372036.855 s"),
    ])
    func durations(duration: Duration, text: String) {
        #expect(duration.text == text)
    }

    @Test(
        arguments: [
            (IPAddress.Family.v4, 3, 3, "destination unreachable: port unreachable"),
            (.v4, 3, 13, "destination unreachable: administratively prohibited"),
            (.v4, 3, 99, "destination unreachable: code 99"),
            (.v4, 3, 4, "fragmentation needed, next-hop MTU 1280"),
            (.v4, 11, 0, "hop limit exceeded in transit"),
            (.v6, 1, 1, "destination unreachable: administratively prohibited"),
            (.v6, 1, 4, "destination unreachable: port unreachable"),
            (.v6, 2, 0, "packet too big, MTU 1280"),
            (.v6, 3, 1, "reassembly time exceeded"),
            (.v6, 200, 7, "ICMPv6 type 200 code 7"),
        ] as [(IPAddress.Family, UInt8, UInt8, String)])
    func icmpErrors(family: IPAddress.Family, type: UInt8, code: UInt8, words: String) {
        let error = ICMPError(family: family, type: type, code: code, parameter: 1280, quote: nil, checksum: .good)
        #expect(error.words == words)
    }
}
