import Glibc
import HandprobeNet
import HandprobeTestKit
import HandprobeWire
import Testing

/// Capabilities belong to threads, and a namespace's `run` makes one that ends with it: nothing leaks into other tests.
@Suite(Needs.namespaces)
struct PrivilegesTests {
    @Test func everySetIsEmptyAfterDropping() throws {
        let status = try NetworkNamespace().run {
            try Privileges.dropAll()
            return try ownStatus()
        }
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            #expect(status[set] == "0000000000000000", "\(set)")
        }
        #expect(status["NoNewPrivs"] == "1")
    }

    @Test func onlyWhatIsKeptRemains() throws {
        let status = try NetworkNamespace().run {
            try Privileges.drop(keeping: [.netRaw])
            return try ownStatus()
        }
        // CAP_NET_RAW is number 13.
        for set in ["CapPrm", "CapEff", "CapBnd"] { #expect(status[set] == "0000000000002000", "\(set)") }
        #expect(status["CapInh"] == "0000000000000000")
    }

    @Test func openSocketsWorkWithoutAnyCapability() throws {
        try NetworkNamespace().run {
            let trial = try LoopbackTrial(family: .v4)
            try Privileges.dropAll()
            #expect(try trial.handshake(guardedBy: [.md5]) == .expected([.md5]))
        }
    }

    @Test func whatIsMissingIsNamedWithTheWayToGetIt() throws {
        let (errors, checks) = try NetworkNamespace().run {
            try Privileges.dropAll()
            let errors = [
                #expect(throws: SystemError.self) { try Privileges.requireRawSockets() },
                #expect(throws: SystemError.self) {
                    _ = try NetTransport(.quiet(on: try Route.lookup(to: SocketAddress(.v4(.loopback), port: 9))))
                },
            ]
            return (errors, Doctor.examine())
        }
        for error in errors {
            let sentence = try #require(error?.description)
            #expect(sentence.contains("CAP_NET_RAW"))
            #expect(sentence.contains("sudo setcap cap_net_raw=ep /"))
        }
        #expect(checks.first { $0.name == "privilege" }?.status == .failed)
        #expect(checks.first { $0.name == "guards" }?.status == .skipped)
    }

    private func ownStatus() throws -> [String: String] {
        let text = try threadFile("status")
        let pairs = text.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1) }
        return Dictionary(
            uniqueKeysWithValues: pairs.map { pair in
                (String(pair[0]), pair.count == 2 ? String(pair[1].filter { !$0.isWhitespace }) : "")
            })
    }

    private func threadFile(_ name: String) throws -> String {
        let file = unsafe try #require(unsafe fopen("/proc/thread-self/\(name)", "r"))
        defer { unsafe fclose(file) }
        var octets = [UInt8](repeating: 0, count: 16384)
        let count = unsafe fread(&octets, 1, octets.count, file)
        return String(decoding: octets.prefix(count), as: UTF8.self)
    }
}

extension TransportSettings {
    /// For one route, without the signals and standard descriptors of the test run.
    static func quiet(on route: Route, localPorts: [UInt16] = []) -> TransportSettings {
        var settings = TransportSettings(routes: [route], localPorts: localPorts)
        settings.watchesSignals = false
        settings.watchesOutput = false
        return settings
    }
}
