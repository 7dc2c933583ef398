import HandprobeTCP
import HandprobeWire
import Testing

/// Sequence numbers so chosen that they wrap within the first octets of every test.
extension SequenceNumber {
    static let local = SequenceNumber(0xFFFF_FFF0)
    static let remote = SequenceNumber(0xFFFF_FFFE)
}

/// Why an exchange did not go as written.
struct ExchangeFailure: Error, CustomStringConvertible {
    var description: String
}

/// `count` octets of either stream in a test from `position` on: a period that no power of two divides.
func octets(_ count: Int, from position: Int = 0) -> [UInt8] {
    let start = ((position % 251) + 251) % 251
    return Array(period[start..<start + count])
}

private let period = (0..<20_000).map { UInt8($0 % 251) }

/// Plays an exchange in packetdrill's notation and returns what the machine made of each segment injected.
///
/// `+DELAY > SEGMENT` is what the machine must send at exactly that moment, `+DELAY < SEGMENT` is injected. `+DELAY
/// open|listen|close|abort`, `+DELAY send N` and `+DELAY receive N` are calls, `+DELAY = STATE` checks the state. Delays are
/// in seconds after the line before. Between the lines the machine must send nothing. Text of both directions is
/// `octets(_:from:)`, counted from the first octet behind the SYN. A window or options not written are not compared.
@discardableResult
func exchange(
    _ machine: inout ConnectionMachine,
    from start: Instant = Instant(nanoseconds: 0),
    _ script: String
) throws -> [Reception] {
    var player = ExchangePlayer(now: start)
    for line in script.split(separator: "\n") {
        let line = line.trimmingSpaces
        if line.isEmpty || line.hasPrefix("//") { continue }
        do {
            try player.play(line, &machine)
        } catch let failure as ExchangeFailure {
            throw ExchangeFailure(description: "\(line)\n  \(failure.description)")
        } catch let error as NotationError {
            throw ExchangeFailure(description: "\(line)\n  \(error)")
        }
    }
    if let segment = machine.poll(at: player.now) {
        throw ExchangeFailure(description: "at the end the machine also sends \(player.text(of: segment, machine))")
    }
    return player.receptions
}

private struct ExchangePlayer {
    var now: Instant
    var receptions: [Reception] = []
    var sent = 0

    func text(of segment: TCPSegment, _ machine: ConnectionMachine) -> String {
        segment.notation(relativeTo: SequenceBase(seq: machine.iss, ack: .remote))
    }

    mutating func play(_ line: Substring, _ machine: inout ConnectionMachine) throws {
        var rest = line
        guard rest.popFirst() == "+" else { throw ExchangeFailure(description: "a line begins with +DELAY") }
        let delay = try duration(rest.prefix { $0 != " " })
        rest = rest.drop { $0 != " " }.trimmingSpaces
        let word = rest.prefix { $0 != " " }
        let argument = rest.dropFirst(word.count).trimmingSpaces
        let mayHaveSomethingDue = word != "<" && (word != "=" || delay == .zero)
        try wait(delay, &machine, mayEndWithSegment: mayHaveSomethingDue)
        switch word {
        case ">": try expect(argument, &machine)
        case "<":
            let parsed = try ParsedSegment(
                notation: String(argument),
                relativeTo: SequenceBase(seq: .remote, ack: machine.iss)
            )
            var segment = parsed.segment
            let first = segment.seq.distance(from: .remote + 1) + (segment.flags.contains(.syn) ? 1 : 0)
            segment.payload = octets(segment.payload.count, from: first)[...]
            receptions.append(machine.segmentArrives(segment, at: now))
        case "open": machine.openActive(at: now)
        case "listen": machine.openPassive()
        case "close": machine.close(at: now)
        case "abort": machine.abort(at: now)
        case "send":
            let count = Int(argument) ?? 0
            machine.send(octets(count, from: sent), at: now)
            sent += count
        case "receive":
            let taken = machine.receive().count
            guard taken == Int(argument) else { throw ExchangeFailure(description: "\(taken) octets were delivered") }
        case "=":
            guard machine.state.rawValue == argument else {
                throw ExchangeFailure(description: "the state is \(machine.state.rawValue)")
            }
        default: throw ExchangeFailure(description: "no such line")
        }
    }

    /// Lets time pass, asking the machine whenever it wants to be asked; it must have nothing to send.
    private mutating func wait(_ delay: Duration, _ machine: inout ConnectionMachine, mayEndWithSegment: Bool) throws {
        let end = now + delay
        while !(mayEndWithSegment && now == end) {
            if let segment = machine.poll(at: now) {
                let seconds = Double(now.nanoseconds) / 1e9
                throw ExchangeFailure(description: "at \(seconds) s the machine sends \(text(of: segment, machine))")
            }
            guard now < end else { return }
            let next = machine.nextTimeout ?? end
            now = next > now && next < end ? next : end
        }
    }

    private func expect(_ notation: Substring, _ machine: inout ConnectionMachine) throws {
        let parsed = try ParsedSegment(
            notation: String(notation),
            relativeTo: SequenceBase(seq: machine.iss, ack: .remote)
        )
        guard let segment = machine.poll(at: now) else {
            throw ExchangeFailure(description: "the machine sends nothing")
        }
        let wanted = parsed.segment
        let first = wanted.seq.distance(from: machine.iss + 1) + (wanted.flags.contains(.syn) ? 1 : 0)
        let agrees =
            segment.flags == wanted.flags && segment.seq == wanted.seq && segment.ack == wanted.ack
            && Array(segment.payload) == octets(wanted.payload.count, from: first)
            && (!parsed.windowGiven || segment.wnd == wanted.wnd)
            && (!parsed.optionsGiven || segment.options == wanted.options)
            && Int(segment.header.dataOffset) == (TCPHeader.minimumLength + segment.options.count + 3) / 4
        guard agrees else { throw ExchangeFailure(description: "the machine sends \(text(of: segment, machine))") }
    }

    private func duration(_ text: Substring) throws -> Duration {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        guard parts.count <= 2, let whole = parts[0].isEmpty ? 0 : Int64(parts[0]), fraction.count <= 9,
            let nanoseconds = fraction.isEmpty
                ? 0 : Int64(fraction + String(repeating: "0", count: 9 - fraction.count))
        else { throw ExchangeFailure(description: "a delay is in seconds") }
        return .nanoseconds(whole * 1_000_000_000 + nanoseconds)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension String {
    fileprivate var trimmingSpaces: Substring { self[...].trimmingSpaces }
}

/// A machine with sequence numbers about to wrap; `change` alters what it is made with.
func machine(_ change: (inout ConnectionConfiguration) -> Void = { _ in }) -> ConnectionMachine {
    var configuration = ConnectionConfiguration(iss: .local, localPort: 40000, remotePort: 80)
    change(&configuration)
    return ConnectionMachine(configuration)
}
