import Glibc
import HandprobeWire

/// The thread behind a `TestServer`.
struct ServerLoop {
    private struct Link {
        /// nil once it has been closed.
        var socket: KernelSocket?
        var pending: [UInt8]
        var responded: Bool
        /// Nothing more will be learnt from it.
        var ended = false
    }

    let behavior: TestServer.Behavior
    let listener: KernelSocket
    let state: Monitor<TestServer.State>
    let wake: WakeSignal
    private var links: [Link] = []

    init(
        behavior: TestServer.Behavior,
        listener: KernelSocket,
        state: Monitor<TestServer.State>,
        wake: WakeSignal
    ) {
        self.behavior = behavior
        self.listener = listener
        self.state = state
        self.wake = wake
    }

    mutating func run() {
        while !state.withLock({ $0.stops }) {
            var entries: [(descriptor: Descriptor?, events: Int32)] = [
                (wake.descriptor, POLLIN), (behavior.accepts ? listener.descriptor : nil, POLLIN),
            ]
            for (index, link) in links.enumerated() { entries.append((watched(link, index), events(link, index))) }
            let ready = Poll.wait(entries)
            if ready[0] { wake.clear() }
            for index in links.indices where ready[index + 2] { attend(index, hasNews: true) }
            for index in links.indices where !ready[index + 2] { attend(index, hasNews: false) }
            if ready[1] { acceptAll() }
        }
    }

    private func seen(_ index: Int) -> TestServer.Connection { state.withLock { $0.connections[index] } }

    private func watched(_ link: Link, _ index: Int) -> Descriptor? {
        let seen = seen(index)
        // A socket that has hung up would wake the loop for ever.
        let finished = link.ended || seen.sawReset || (seen.sawEOF && seen.closed)
        return finished ? nil : link.socket?.descriptor
    }

    private func events(_ link: Link, _ index: Int) -> Int32 {
        let reads = behavior.reads && !seen(index).sawEOF
        return (reads ? POLLIN : 0) | (link.pending.isEmpty ? 0 : POLLOUT)
    }

    private mutating func acceptAll() {
        while let (socket, remote) = try? listener.accept() {
            links.append(Link(socket: socket, pending: behavior.greeting, responded: behavior.response.isEmpty))
            state.withLock { $0.connections.append(TestServer.Connection(remote: remote)) }
            attend(links.count - 1, hasNews: false)
        }
    }

    private mutating func attend(_ index: Int, hasNews: Bool) {
        guard !links[index].ended, let socket = links[index].socket else { return }
        do {
            if hasNews { try read(index, socket) }
            while !links[index].pending.isEmpty, let count = try socket.send(links[index].pending[...]) {
                links[index].pending.removeFirst(count)
            }
        } catch {
            state.withLock { $0.connections[index].sawReset = true }
            links[index].pending = []
        }
        closeIfDue(index)
    }

    private mutating func read(_ index: Int, _ socket: KernelSocket) throws {
        guard behavior.reads, !seen(index).sawEOF else {
            // The only news for one that does not read are an error and the end of both directions.
            let reason = socket.takeError()
            links[index].ended = reason == 0
            if reason != 0 { throw TestKitError.system(call: "read", errno: reason, doing: "reading") }
            return
        }
        while let octets = try socket.descriptor.read(upTo: 1 << 16) {
            if octets.isEmpty {
                state.withLock { $0.connections[index].sawEOF = true }
                links[index].pending += behavior.farewell
                return
            }
            state.withLock { $0.connections[index].received += octets }
            if behavior.echoes { links[index].pending += octets }
            if !links[index].responded {
                links[index].pending += behavior.response
                links[index].responded = true
            }
        }
    }

    private mutating func closeIfDue(_ index: Int) {
        let seen = seen(index)
        guard !seen.closed, links[index].pending.isEmpty else { return }
        let due =
            switch behavior.closing {
            case .atOnce: links[index].responded
            case .afterPeer: seen.sawEOF
            case .whenTold: state.withLock { $0.closes }
            case .never: false
            }
        guard due || seen.sawReset else { return }
        if behavior.resets { try? links[index].socket?.lingerZero() }
        if behavior.resets || behavior.hangsUp || seen.sawEOF || seen.sawReset {
            links[index].socket = nil
        } else {
            links[index].socket?.endSending()
        }
        state.withLock { $0.connections[index].closed = true }
    }
}
