import HandprobeWire

/// A segment in the notation of the field, in as many columns as there are.
struct SegmentText {
    /// Flags, sequence range, length, acknowledgment, window: `S. 0:0(0) ack 1 win 64260`.
    var head: String
    /// The options in order, in full: `TS val 1 ecr 0`.
    var options: [String]
    /// The same options, abbreviated: `TS`.
    var briefOptions: [String]

    /// A segment, its numbers counted from `base`.
    init(_ segment: TCPSegment, relativeTo base: SequenceBase) {
        var bare = segment
        bare.options = TCPOptions()
        head = bare.notation(relativeTo: base)
        let items = { (detail: TCPOptions.Detail) in
            segment.options.notation(relativeTo: base.ack, showing: detail).split(separator: ",").map(String.init)
        }
        options = items(.all)
        briefOptions = items(.withoutClocks)
    }

    /// The text that says most in at most `columns` columns: on one line when that can be, else the options below.
    ///
    /// `full` gives every option with its values, over as many lines as that takes.
    func lines(columns: Int, full: Bool, ellipsis: String) -> [String] {
        let forms = full ? [options] : Self.forms(briefOptions)
        for form in forms {
            let text = form.isEmpty ? head : "\(head) \(Self.bracketed(form))"
            if TerminalText.width(text) <= columns { return [text] }
        }
        let first = WordWrap.lines(head, columns: columns)
        guard !options.isEmpty else { return first }
        if full {
            var items = options
            items[0] = "<" + items[0]
            items[items.count - 1] += ">"
            return first + WordWrap.packed(items, separator: ",", columns: columns)
        }
        let elided = Self.elided(forms.last ?? [], ellipsis: ellipsis)
        let brief = (forms + elided).map(Self.bracketed)
        return first + [brief.first { TerminalText.width($0) <= columns } ?? Self.bracketed([ellipsis])]
    }

    /// The options without clocks, then without padding, then with the shortest name for the window scale.
    private static func forms(_ options: [String]) -> [[String]] {
        let meaningful = options.filter { $0 != "nop" && $0 != "eol" }
        let short = meaningful.map { $0.hasPrefix("wscale ") ? "ws" + $0.dropFirst(6) : $0 }
        return meaningful.isEmpty ? [options] : [options, meaningful, short]
    }

    /// Fewer and fewer options from the first one on.
    private static func elided(_ options: [String], ellipsis: String) -> [[String]] {
        stride(from: options.count - 1, through: 1, by: -1).map { options.prefix($0) + [ellipsis] }
    }

    private static func bracketed(_ options: [String]) -> String {
        "<" + options.joined(separator: ",") + ">"
    }
}
