import Glibc
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// A classic pcap file, read as `read` reads it: through libpcap from a file. What pcap-savefile(5) says of its records is
/// what must come out, and the connections in it keep the rules of any others.
enum PcapFuzz {
    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        guard let file = Unlinked(octets) else { return }
        let reading = Reading()
        reading.read(file.path)
        let expected = WellFormed(octets)
        for (index, record) in expected.records.enumerated() {
            try expect(
                reading.frames.indices.contains(index),
                "only \(reading.frames.count) frames were read, \(reading.problem ?? "without a problem"): \(record)")
            try expect(reading.frames[index] == record, "frame \(index) is \(reading.frames[index]), not \(record)")
        }
        if !expected.records.isEmpty {
            try expect(
                reading.linkType == LinkType(rawValue: expected.linkType), "the link type is not \(expected.linkType)")
        }
        if expected.isWhole {
            try expect(reading.problem == nil, "a file without a fault has one: \(reading.problem ?? "")")
            try expect(reading.frames.count == expected.records.count, "\(reading.frames.count) frames were read")
        }
        if reading.problem == nil {
            try expect(reading.together == reading.verdicts, "judged together, frames come to something else")
        }
        for conversation in reading.conversations.prefix(8) {
            try VerdictRules.check(conversation.events, conversation.flow, conversation.expectation)
        }
    }

    /// One frame and what the file says of it.
    struct Frame: Hashable {
        var octets: [UInt8]
        var time: Timestamp
        var originalLength: Int
    }

    /// What the product makes of it.
    private final class Reading: ConversationListener {
        var frames: [Frame] = []
        var linkType: LinkType?
        var problem: String?
        var conversations: [(flow: FourTuple, expectation: Expectation, events: [Event])] = []
        /// What each connection came to, judged frame by frame, and judged three frames at a time.
        var verdicts: [Int: Verdict] = [:]
        var together: [Int: Verdict] = [:]

        func read(_ path: String) {
            do {
                let file = try PcapFile(InputFile(path))
                linkType = file.linkType
                let judge = FileJudge(for: self)
                let judged = Judged()
                var limits = FileLimits()
                limits.batch.frames = 3
                let other = FileJudge(for: judged, limits: limits)
                var octets: [UInt8] = []
                while let (time, length) = try file.next(into: &octets) {
                    let frame = Frame(octets: octets, time: time, originalLength: length)
                    frames.append(frame)
                    let fileFrame = FileFrame(
                        octets: frame.octets, linkType: file.linkType, time: time, originalLength: length)
                    judge.take(fileFrame)
                    other.take(fileFrame)
                }
                judge.end()
                other.end()
                together = judged.verdicts
            } catch {
                problem = error.reason
            }
        }

        func began(_ number: Int, _ flow: FourTuple, _ expectation: Expectation, at time: Timestamp) -> Interest {
            conversations.append((flow, expectation, []))
            return .followed
        }

        func observed(_ event: Event, reading: HandprobeJudge.Reading, index: Int, of number: Int) {
            conversations[number - 1].events.append(event)
        }

        func settled(_ number: Int) {}

        func ended(_ conversation: EndedConversation) {
            verdicts[conversation.number] = conversation.conclude()
        }
    }

    /// Hears what each connection came to, no events, and keeps nothing else: what has judged one can judge another.
    private final class Judged: ConversationListener {
        var verdicts: [Int: Verdict] = [:]

        func began(_ number: Int, _ flow: FourTuple, _ expectation: Expectation, at time: Timestamp) -> Interest {
            .judged
        }

        func observed(_ event: Event, reading: HandprobeJudge.Reading, index: Int, of number: Int) {}

        func settled(_ number: Int) {}

        func ended(_ conversation: EndedConversation) {}

        var summarize: @Sendable (EndedConversation) -> (Int, Verdict) { { ($0.number, $0.conclude()) } }

        func judged(_ summaries: [(Int, Verdict)]) {
            for (number, verdict) in summaries { verdicts[number] = verdict }
        }
    }

    /// The records of a file up to the first that pcap-savefile(5) does not vouch for: an original length below the
    /// captured one, more than the snaplen, a fraction of a second and more, an end in the middle.
    private struct WellFormed {
        private(set) var records: [Frame] = []
        private(set) var linkType: UInt32 = 0
        /// True when nothing in the file is left over.
        private(set) var isWhole = false
        /// Link types that handprobe reads, as a file names them; what libpcap rewrites in other ones is its own business.
        private static let known: Set<UInt32> = [0, 1, 101, 108, 113, 228, 229, 276]

        /// True for a CAN frame in a cooked capture: libpcap turns its identifier round where the file has the other byte order.
        private static func carriesCAN(_ frame: [UInt8], _ link: UInt32) -> Bool {
            let type = link == 113 ? frame.dropFirst(14).prefix(2) : link == 276 ? frame.prefix(2) : []
            return type.elementsEqual([0, 0x0C]) || type.elementsEqual([0, 0x0D])
        }

        init(_ octets: [UInt8]) {
            guard octets.count >= 24 else { return }
            let isLittle = octets[0] == 0xD4 || octets[0] == 0x4D
            let number = { (place: Int, count: Int) -> UInt32 in
                let digits = octets[place..<place + count]
                return (isLittle ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | UInt32($1) }
            }
            let magic = number(0, 4)
            guard magic == 0xA1B2_C3D4 || magic == 0xA1B2_3C4D, number(4, 2) == 2, number(6, 2) == 4 else { return }
            let (snaplen, link) = (number(16, 4), number(20, 4))
            guard Self.known.contains(link), (1...262_144).contains(snaplen) else { return }
            linkType = link
            let unit: UInt32 = magic == 0xA1B2_3C4D ? 1 : 1000
            var place = 24
            while place + 16 <= octets.count {
                let (seconds, fraction) = (number(place, 4), number(place + 4, 4))
                let (captured, original) = (number(place + 8, 4), number(place + 12, 4))
                guard captured <= snaplen, captured <= original, original < 1 << 31, fraction < 1_000_000_000 / unit,
                    seconds < 1 << 31, place + 16 + Int(captured) <= octets.count
                else { return }
                let body = Array(octets[place + 16..<place + 16 + Int(captured)])
                guard isLittle || !Self.carriesCAN(body, link) else { return }
                let time = Timestamp(nanoseconds: Int64(seconds) * 1_000_000_000 + Int64(fraction * unit))
                records.append(Frame(octets: body, time: time, originalLength: Int(original)))
                place += 16 + Int(captured)
            }
            isWhole = place == octets.count
        }
    }

    /// A file that has a name only while its descriptor is open.
    private struct Unlinked: ~Copyable {
        private let number: Int32
        var path: String { "/proc/self/fd/\(number)" }

        /// Nil where there is no room for it.
        init?(_ octets: [UInt8]) {
            var name = Array("/dev/shm/handprobe-XXXXXX".utf8CString)
            number = unsafe mkstemp(&name)
            guard number >= 0 else { return nil }
            unsafe unlink(name)
            guard unsafe write(number, octets, octets.count) == octets.count else {
                close(number)
                return nil
            }
        }

        deinit {
            close(number)
        }
    }
}
