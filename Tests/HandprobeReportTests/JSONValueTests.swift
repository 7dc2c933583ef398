import FoundationEssentials
import Testing

@testable import HandprobeReport

/// The writer, against the standard's own examples and against a reader that is not ours.
@Suite struct JSONValueTests {
    @Test func keepsOrderAndLeavesOutWhatIsNotThere() {
        let value: JSONValue = [
            "z": .integer(1), "gone": nil, "a": .array([.boolean(true), .boolean(false)]), "m": ["": "x"],
        ]
        #expect(value.text == #"{"z":1,"a":[true,false],"m":{"":"x"}}"#)
        #expect((JSONValue.array([])).text == "[]")
        #expect(([:] as JSONValue).text == "{}")
        #expect((["a": "1"] + ["b": nil] + ["c": "2"] as JSONValue).text == #"{"a":"1","c":"2"}"#)
    }

    @Test func numbersKeepAllTheirDigits() {
        #expect(JSONValue.number(Int64.min).text == "-9223372036854775808")
        #expect(JSONValue.number(UInt32.max).text == "4294967295")
        #expect(JSONValue.nanoseconds(.seconds(-1) - .nanoseconds(1)).text == "-1000000001")
        #expect(JSONValue.nanoseconds(.seconds(Int64.max)).text == "9223372036854775807")
        #expect(JSONValue.nanoseconds(.seconds(Int64.min)).text == "-9223372036854775808")
    }

    @Test(arguments: [
        ("\"\\/", #""\"\\/""#), ("\u{0}\u{1f}\u{7f}", #""\u0000\u001f\u007f""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{9b}5m", #""\u009b5m""#), ("\u{202e}", #""\u202e""#), ("\u{2028}\u{2029}", #""\u2028\u2029""#),
        ("é→ 本", #""é→ 本""#), ("\u{e0001}", #""\udb40\udc01""#), ("\u{10ffff}", #""\udbff\udfff""#),
    ])
    func escapes(text: String, written: String) {
        #expect(JSONValue.string(text).text == written)
    }

    /// Scalars of every plane come back as they were, and none is written that steers a terminal.
    @Test func anotherReaderReadsTheSame() throws {
        for plane in stride(from: UInt32(0), through: 0x10FFFF, by: 0x4000) {
            var text = ""
            for value in stride(from: plane, to: plane + 0x4000, by: plane < 0x4000 ? 1 : 61) {
                if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            }
            let written = JSONValue.string(text).text
            let read = try JSONDecoder().decode(String.self, from: Data(written.utf8))
            #expect(Array(read.unicodeScalars) == Array(text.unicodeScalars), "from \(plane) on")
            #expect(!written.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        }
    }
}
