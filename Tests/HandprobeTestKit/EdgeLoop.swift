import Glibc
import HandprobeTCP
import HandprobeWire

/// The thread behind an `EdgePeer`.
struct EdgeLoop {
    private struct Conversation: Hashable {
        var local: SocketAddress
        var remote: SocketAddress
    }

    /// The peer's hardware address, which is locally administered.
    static let hardwareAddress: [UInt8] = [0x02, 0, 0x77, 0, 0, 2]

    private let port: FramePort
    private let ours: NetworkInterface
    private let state: Monitor<EdgePeer.State>
    private let wake: WakeSignal
    private var conversations: [Conversation: EdgeConversation] = [:]
    /// Frames to be sent, in the order in which they are due.
    private var waiting: [(due: Instant, frame: [UInt8])] = []

    init(port: FramePort, ours: NetworkInterface, state: Monitor<EdgePeer.State>, wake: WakeSignal) {
        self.port = port
        self.ours = ours
        self.state = state
        self.wake = wake
    }

    mutating func run() {
        while !state.withLock({ $0.stops }) {
            let entries = [(port.descriptor, Int32(POLLIN)), (wake.descriptor, Int32(POLLIN))]
            let ready = Poll.wait(entries.map { ($0, $1) }, until: waiting.first?.due)
            if ready[1] { wake.clear() }
            if ready[0] {
                for _ in 0..<64 {
                    guard let frame = port.receive() else { break }
                    take(ObservedFrame(octets: frame))
                }
            }
            while let first = waiting.first, first.due <= .now {
                waiting.removeFirst()
                _ = port.send(first.frame)
            }
        }
    }

    private mutating func take(_ frame: ObservedFrame) {
        if let answer = NeighbourAnswer.frame(to: frame.octets, from: Self.hardwareAddress, ours: ours) {
            if state.withLock({ $0.answersNeighbours }) { _ = port.send(answer) }
            return
        }
        guard let network = frame.network, network.protocolNumber == 6 else { return }
        guard var segment = EdgeSegment(Array(frame.octets[14..<network.end])) else {
            return state.withLock { $0.unreadable += 1 }
        }
        let key = Conversation(local: segment.destination, remote: segment.source)
        var conversation =
            conversations[key] ?? EdgeConversation(local: segment.destination, remote: segment.source)
        conversation.segments += 1
        segment.number = conversation.segments
        let behavior = state.withLock { $0.behavior }
        let now = Instant.now
        for reply in behavior.replies(to: segment, in: &conversation) {
            let packet =
                switch reply.content {
                case .packet(let octets): octets
                case .segment(let template): template.packet(from: segment.destination, to: segment.source)
                }
            insert(packet, at: now + reply.after)
        }
        conversations[key] = conversation
        // Last: who has seen the segment here may rely on the answers being under way.
        state.withLock { $0.segments.append(segment) }
    }

    private mutating func insert(_ packet: [UInt8], at due: Instant) {
        let etherType: [UInt8] = packet.first.map { $0 >> 4 } == 6 ? [0x86, 0xDD] : [0x08, 0x00]
        let frame = ours.hardwareAddress + Self.hardwareAddress + etherType + packet
        let index = waiting.lastIndex { $0.due <= due }.map { $0 + 1 } ?? 0
        waiting.insert((due, frame), at: index)
    }
}
