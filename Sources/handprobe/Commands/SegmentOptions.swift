import ArgumentParser
import HandprobeNet
import HandprobeWire

/// The TCP header and text of a crafted segment.
struct SegmentOptions: ParsableArguments {
    @Option(
        help: "Flags, as names (syn,ack), letters (SA), a number (0x12), or none.",
        transform: reading(FlagsArgument.read)
    )
    var flags: TCPFlags = .syn

    @Option(
        help: "Sequence number; random when not given.",
        transform: NumberArgument.transform(upTo: UInt32.max, what: "a sequence number"))
    var seq: UInt32?

    @Option(
        help: "Acknowledgment number; 0 when not given.",
        transform: NumberArgument.transform(upTo: UInt32.max, what: "an acknowledgment number"))
    var ack: UInt32?

    @Option(help: "Window field.", transform: NumberArgument.transform(upTo: UInt16.max, what: "the window"))
    var win: UInt16 = 64240

    @Option(
        help: "Urgent pointer field.", transform: NumberArgument.transform(upTo: UInt16.max, what: "the urgent pointer")
    )
    var urg: UInt16?

    @Option(
        help: "Data offset field, in 32-bit words, right or wrong.",
        transform: NumberArgument.transform(upTo: UInt8(15), what: "the data offset"))
    var dataOffset: UInt8?

    @Option(help: ArgumentHelp("Options in order: mss=N, ws=N, sackok, ts, nop, eol, kind-N=HEX.", valueName: "list"))
    var options: String?

    @Option(help: ArgumentHelp("Option octets as they are, in hex.", valueName: "hex"))
    var optionsHex: String?

    @Option(
        help: ArgumentHelp("Text of the segment; \\n, \\r, \\t, \\0, \\\\ and \\xHH are understood.", valueName: "text")
    )
    var data: String?

    @Option(help: ArgumentHelp("Text of the segment, in hex.", valueName: "hex"))
    var dataHex: String?

    @Option(
        help: "Checksum field, right or wrong.",
        transform: NumberArgument.transform(upTo: UInt16.max, what: "the checksum"))
    var checksum: UInt16?

    @Flag(help: "Send a wrong TCP checksum.")
    var badsum = false

    func validate() throws {
        if options != nil && optionsHex != nil {
            throw ValidationError("--options and --options-hex both give all options: use one of them")
        }
        if data != nil && dataHex != nil {
            throw ValidationError("--data and --data-hex both give the text: use one of them")
        }
        if badsum && checksum != nil { throw ValidationError("--badsum and --checksum both give the checksum") }
        _ = try template()
    }

    /// The template that these options fill in.
    func template() throws -> SegmentTemplate {
        var template = SegmentTemplate()
        template.flags = flags
        template.seq = SequenceNumber(seq ?? Entropy.uint32())
        template.ack = SequenceNumber(ack ?? 0)
        template.window = win
        template.urgentPointer = urg
        template.dataOffset = dataOffset
        template.checksum = checksum
        template.badChecksum = badsum
        do {
            if let options { template.options = try TCPOptions(list: options, timestamps: Entropy.uint32()) }
            if let optionsHex {
                let octets = try [UInt8](hex: optionsHex)
                guard octets.count <= TCPOptions.capacity else {
                    throw ValidationError("--options-hex has \(octets.count) octets: a header takes at most 40")
                }
                template.options = TCPOptions(octets: octets)
            }
            if let dataHex { template.payload = try [UInt8](hex: dataHex)[...] }
        } catch let error as NotationError {
            throw ValidationError("cannot read the segment: \(error)")
        }
        do {
            if let data { template.payload = try EscapedText.octets(data)[...] }
        } catch {
            throw error.validationError
        }
        return template
    }
}
