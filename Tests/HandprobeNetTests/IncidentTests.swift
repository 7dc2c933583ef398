import Glibc
import HandprobeNet
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(Needs.namespaces)
struct IncidentTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalIsAnIncident(number: Int32) throws {
        try NetworkNamespace().run {
            var settings = try Self.settings()
            settings.watchesSignals = true
            let transport = try NetTransport(settings)
            // To this thread alone: the others of the test run have not asked for it.
            raise(number)
            #expect(TransportTests.incident(from: transport) { _ in true } == .signal(number))
        }
    }

    @Test func quitAsksForFigures() throws {
        try NetworkNamespace().run {
            var settings = try Self.settings()
            settings.watchesSignals = true
            let transport = try NetTransport(settings)
            raise(SIGQUIT)
            raise(SIGINT)
            var arrivals = Arrivals()
            transport.receive(into: &arrivals, until: transport.now + .patience)
            #expect(Set(arrivals.incidents) == [.statisticsWanted, .signal(SIGINT)])
        }
    }

    @Test func anOutputThatNobodyReadsIsNoticedOnce() throws {
        try NetworkNamespace().run {
            var ends: [Int32] = [0, 0]
            try #require(unsafe pipe(&ends) == 0)
            defer { close(ends[1]) }
            var settings = try Self.settings()
            settings.watchesOutput = true
            settings.outputDescriptor = ends[1]
            let transport = try NetTransport(settings)
            var arrivals = Arrivals()
            transport.receive(into: &arrivals, until: transport.now)
            #expect(arrivals.incidents == [])
            close(ends[0])
            #expect(TransportTests.incident(from: transport) { _ in true } == .outputClosed)
            transport.receive(into: &arrivals, until: transport.now)
            #expect(arrivals.incidents == [])
        }
    }

    @Test func linesAreHandedOverAndThenTheEnd() throws {
        try NetworkNamespace().run {
            var ends: [Int32] = [0, 0]
            try #require(unsafe pipe(&ends) == 0)
            defer { close(ends[0]) }
            var settings = try Self.settings()
            settings.readsLines = true
            settings.inputDescriptor = ends[0]
            let transport = try NetTransport(settings)
            var arrivals = Arrivals()
            let text = Array("skip\n\nhal".utf8)
            #expect(unsafe write(ends[1], text, text.count) == text.count)
            transport.receive(into: &arrivals, until: transport.now + .patience)
            #expect(arrivals.incidents == [.line("skip"), .line("")])
            #expect(unsafe write(ends[1], Array("f".utf8), 1) == 1)
            close(ends[1])
            var incidents: [Incident] = []
            while !incidents.contains(.endOfInput) {
                transport.receive(into: &arrivals, until: transport.now + .patience)
                try #require(!arrivals.incidents.isEmpty)
                incidents += arrivals.incidents
            }
            #expect(incidents == [.line("half"), .endOfInput])
        }
    }

    @Test func aDeadlineIsNeverReturnedFromEarly() throws {
        try NetworkNamespace().run {
            let transport = try NetTransport(try Self.settings())
            var arrivals = Arrivals()
            for wait in [Duration.zero, .microseconds(300), .milliseconds(3)] {
                let deadline = transport.now + wait
                transport.receive(into: &arrivals, until: deadline)
                #expect(transport.now >= deadline)
                #expect(arrivals.frames.isEmpty && arrivals.incidents.isEmpty)
            }
        }
    }

    @Test func aBurstIsCapturedWithoutALoss() throws {
        let result = try NetworkNamespace().run { try CaptureBurst.run(frames: 1000) }
        #expect(result.sent == 1000)
        #expect(result.captured == 1000)
        #expect(result.dropped == 0)
    }

    @Test func whatACaptureLosesIsReported() throws {
        try NetworkNamespace().run {
            let (from, to) = (TransportTests.loopback(.v4, port: 40001), TransportTests.loopback(.v4, port: 40002))
            let route = try Route.lookup(to: to)
            var small = TransportSettings(routes: [route], localPorts: [], snaplen: 65536, slots: 16)
            small.watchesSignals = false
            small.watchesOutput = false
            let deaf = try NetTransport(small)
            let sender = try NetTransport(.quiet(on: route))
            let packet = OutgoingPacket(octets: TransportTests.packet(from: from, to: to), destination: to)
            #expect(sender.send(Array(repeating: packet, count: 500)).allSatisfy { $0 == nil })
            var reported = 0
            let incident = TransportTests.incident(from: deaf) {
                if case .captureLoss(let frames) = $0 { reported = frames }
                return reported > 0
            }
            #expect(incident != nil)
            #expect(deaf.captureStatistics[0].dropped == reported)
            #expect(sender.captureStatistics[0].dropped == 0)
        }
    }

    private static func settings() throws -> TransportSettings {
        .quiet(on: try Route.lookup(to: SocketAddress(.v4(.loopback), port: 9)))
    }
}
