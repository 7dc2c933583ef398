/// Reads from the beginning of the peer's answer how long it is to be, where it is an answer of HTTP/1 that tells
/// (RFC 9112 §6.3): segments alone do not show whether all of it came.
///
/// Keeps no more than the header, and that only until it is complete.
struct AnswerGauge: Hashable, Sendable {
    /// What is known of the length.
    enum Reading: Hashable, Sendable {
        /// It is no such answer, or does not tell.
        case unknown
        /// It is one, and its header is not complete.
        case header
        /// The octets there are to be, those of the header included.
        case total(Int)
    }

    /// What is known so far.
    private(set) var reading = Reading.unknown
    private var phase = Phase.waiting
    private var header: [UInt8] = []
    /// The number of the octet that comes next.
    private var next = 0
    /// True when our request is one to which a header alone answers.
    private var wantsHeaderOnly = false

    private enum Phase: Hashable, Sendable {
        case waiting, reading, over
    }

    /// The longest header that is read: `read` has many connections at a time.
    private static let longestHeader = 2048
    private static let beginning = Array("HTTP/1.".utf8)
    private static let end = Array("\r\n\r\n".utf8)

    /// Takes note of how our request begins.
    mutating func ask(_ request: some Collection<UInt8>) {
        wantsHeaderOnly = request.starts(with: "HEAD ".utf8)
    }

    /// Takes octets of the answer, of which the first has the number `start`.
    mutating func take(_ octets: some Collection<UInt8>, at start: Int) {
        if phase == .waiting {
            phase = .reading
            next = start
        }
        guard phase == .reading, start + octets.count > next else { return }
        // What comes out of order is not kept, so that the header would have a hole.
        guard start <= next else { return stop(.unknown) }
        header += octets.dropFirst(next - start)
        next = start + octets.count
        read()
    }

    /// Octets of the answer were not captured.
    mutating func miss() {
        if phase != .over { stop(.unknown) }
    }

    private mutating func stop(_ reading: Reading) {
        self.reading = reading
        phase = .over
        header = []
    }

    private mutating func read() {
        let known = min(header.count, Self.beginning.count)
        guard header.prefix(known).elementsEqual(Self.beginning.prefix(known)) else { return stop(.unknown) }
        guard known == Self.beginning.count else { return }
        reading = .header
        if let end = header.firstRange(of: Self.end)?.upperBound {
            stop(length(of: String(decoding: header[..<end], as: UTF8.self)).map { .total(end + $0) } ?? .unknown)
        } else if header.count > Self.longestHeader {
            stop(.unknown)
        }
    }

    /// Octets of the body behind a header; nil where it does not tell.
    private func length(of header: String) -> Int? {
        let lines = header.split(separator: "\r\n")
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased()] = String(parts[1].filter { $0 != " " && $0 != "\t" })
        }
        if status < 200 { return nil }
        if wantsHeaderOnly || status == 204 || status == 304 { return 0 }
        guard fields["transfer-encoding"] == nil, let length = fields["content-length"].flatMap({ Int($0) }) else {
            return nil
        }
        return (0...1 << 60).contains(length) ? length : nil
    }
}
