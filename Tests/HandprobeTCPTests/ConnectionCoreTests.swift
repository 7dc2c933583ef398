import HandprobeTCP
import HandprobeWire
import Testing

@Suite("ConnectionCore")
struct ConnectionCoreTests {
    /// A sweep keeps a million of these in 152 MB; whoever adds a field should know that.
    @Test func theCoreStaysSmall() {
        #expect(MemoryLayout<ConnectionCore>.size == 152)
    }

    /// The core opens, transfers and closes on its own; whoever drives it holds the text.
    @Test func theCoreNeedsNoMachine() throws {
        let configuration = ConnectionConfiguration(iss: .local, localPort: 1, remotePort: 2)
        var core = ConnectionCore(configuration)
        let now = Instant(nanoseconds: 0)
        core.openActive(configuration)
        #expect(core.poll(at: now, configuration)?.transmission.kind == .syn)
        _ = core.segmentArrives(
            TCPSegment(seq: .remote, ack: .local + 1, flags: .syn, wnd: 1000),
            at: now,
            configuration
        )
        #expect(core.poll(at: now, configuration)?.transmission.kind == .ack)
        let isTaken = core.send(octets: 700)
        #expect(isTaken)
        core.close()
        var texts: [Range<Int>] = []
        while let planned = core.poll(at: now, configuration) { texts.append(planned.text) }
        #expect(texts == [0..<536, 536..<700])
        let arrival = core.segmentArrives(
            TCPSegment(seq: .remote + 1, ack: .local + 702, flags: .fin, wnd: 1000, payload: octets(30)[...]),
            at: now,
            configuration
        )
        #expect(arrival.delivered == 0..<30)
        #expect(core.state == .timeWait)
        #expect(core.poll(at: now, configuration)?.segment.ack == .remote + 32)
        _ = core.poll(at: now + .seconds(1), configuration)
        #expect(core.outcome == .closedInOrder)
    }
}
