import HandprobeTCP
import HandprobeWire

/// A peer with a whole TCP behind it and a small application on top.
final class MachinePeer: MemoryPeer {
    /// When the application closes its side.
    enum Closing {
        case onEndOfFile, atOnce, never
    }

    private(set) var machine: ConnectionMachine
    private(set) var received: [UInt8] = []
    private let closing: Closing
    private let response: [UInt8]
    private var hasClosed = false
    private var hasResponded = false

    init(_ configuration: ConnectionConfiguration, closing: Closing, response: [UInt8] = []) {
        machine = ConnectionMachine(configuration)
        machine.openPassive()
        self.closing = closing
        self.response = response
    }

    var nextTimeout: Instant? { machine.nextTimeout }

    func arrives(_ segment: TCPSegment, at now: Instant) {
        _ = machine.segmentArrives(segment, at: now)
        received += machine.receive()
        let isOpen = machine.state.isSynchronized
        let hasEnded = machine.state == .closeWait
        if isOpen, !hasResponded, hasEnded || closing == .atOnce {
            hasResponded = true
            machine.send(response, at: now)
        }
        if isOpen, !hasClosed, closing == .atOnce || closing == .onEndOfFile && hasEnded {
            hasClosed = true
            machine.close(at: now)
        }
    }

    func poll(at now: Instant) -> TCPSegment? { machine.poll(at: now) }
}

/// A peer without TCP behind it: a function from segment to answers.
final class ScriptedPeer: MemoryPeer {
    private let answer: (TCPSegment) -> [TCPSegment]
    private var waiting: [TCPSegment] = []
    var nextTimeout: Instant? { nil }

    init(_ answer: @escaping (TCPSegment) -> [TCPSegment]) {
        self.answer = answer
    }

    func arrives(_ segment: TCPSegment, at now: Instant) {
        waiting += answer(segment).map { reply in
            var reply = reply
            reply.header.sourcePort = segment.header.destinationPort
            reply.header.destinationPort = segment.header.sourcePort
            return reply
        }
    }

    func poll(at now: Instant) -> TCPSegment? { waiting.isEmpty ? nil : waiting.removeFirst() }
}
