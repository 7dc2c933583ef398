import HandprobeReport
import Testing

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("plain text, ~`|", "plain text, ~`|"),
        ("\u{1B}[2J\u{1B}]0;owned\u{07}", #"\x1b[2J\x1b]0;owned\x07"#),
        ("a\r\nb\tc", #"a\r\nb\tc"#),
        ("\u{7F}\u{00}", #"\x7f\x00"#),
        ("\u{9B}31m", #"\xc2\x9b31m"#),
        ("a\u{202E}gpj.exe", #"a\xe2\x80\xaegpj.exe"#),
        ("\u{2066}x\u{2069}\u{200F}", #"\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8f"#),
        ("zero\u{200B}width\u{FEFF}", #"zero\xe2\x80\x8bwidth\xef\xbb\xbf"#),
        ("e\u{0301}", #"e\xcc\x81"#),
        ("line\u{2028}break", #"line\xe2\x80\xa8break"#),
        ("tag\u{E0041}", #"tag\xf3\xa0\x81\x81"#),
        ("\u{3164}filler", #"\xe3\x85\xa4filler"#),
        ("grüße 東京", "grüße 東京"),
    ])
    func text(_ text: String, escaped: String) {
        #expect(TerminalText.escape(text) == escaped)
        #expect(TerminalText.escape(escaped) == escaped)
    }

    @Test(
        arguments: [
            ([0x48, 0x54, 0x54, 0x50, 0x0D, 0x0A], #"HTTP\r\n"#),
            ([0xFF, 0xFE, 0x41], #"\xff\xfeA"#),
            // An overlong slash, a surrogate, a number beyond Unicode, a sequence that stops short.
            ([0xC0, 0xAF], #"\xc0\xaf"#),
            ([0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
            ([0xF4, 0x90, 0x80, 0x80], #"\xf4\x90\x80\x80"#),
            ([0xE2, 0x82], #"\xe2\x82"#),
            ([0xE2, 0x82, 0x41], #"\xe2\x82A"#),
            ([0xE2, 0x82, 0xAC], "€"),
            ([0xF0, 0x9F, 0x98, 0x80], "😀"),
            (Array(#"\x1b"#.utf8), #"\\x1b"#),
            ([0x1B, 0x5B, 0x41], #"\x1b[A"#),
        ] as [([UInt8], String)])
    func octets(_ octets: [UInt8], escaped: String) {
        #expect(TerminalText.escape(octets: octets) == escaped)
    }

    @Test func anyOctetsComeOutHarmless() {
        var random = SplitMix64(seed: 0xE5CA9E)
        for _ in 0..<500 {
            let octets = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let text = TerminalText.escape(octets: octets)
            let controls = text.unicodeScalars.filter { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
            #expect(controls.isEmpty)
            #expect(TerminalText.escape(text) == text)
        }
    }
}
