import CTestKit
import Glibc

/// The owner of a file descriptor, which is closed with it.
final class Descriptor: Sendable {
    /// The descriptor's number.
    let number: Int32

    /// Takes over `number`, the result of `call`.
    init(_ number: Int32, from call: String, _ doing: @autoclosure () -> String) throws {
        self.number = try TestKitError.check(number, call, doing())
    }

    deinit {
        close(number)
    }

    /// Both ends of a new pipe.
    static func pipe() throws -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        try TestKitError.check(unsafe ctk_pipe(&ends), "pipe", "making a pipe")
        return (try Descriptor(ends[0], from: "pipe", ""), try Descriptor(ends[1], from: "pipe", ""))
    }

    /// Makes reads and writes return at once.
    func becomeNonBlocking() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }

    /// What one read gives: octets, nothing at the end, or nil when there is nothing now.
    func read(upTo capacity: Int) throws -> [UInt8]? {
        var reason: Int32 = 0
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let result = unsafe Glibc.read(number, buffer.baseAddress, capacity)
            reason = result < 0 ? errno : 0
            count = max(result, 0)
        }
        if reason == EAGAIN || reason == EINTR { return nil }
        if reason != 0 { throw TestKitError.system(call: "read", errno: reason, doing: "reading") }
        return octets
    }

    /// Writes what fits now and returns how many octets that was; nil when there is no room.
    func write(_ octets: ArraySlice<UInt8>) throws -> Int? {
        let result = unsafe octets.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
        if result >= 0 { return result }
        let reason = errno
        if reason == EAGAIN || reason == EINTR { return nil }
        throw TestKitError.system(call: "write", errno: reason, doing: "writing")
    }
}

/// Wakes a thread that polls.
final class WakeSignal: Sendable {
    let descriptor: Descriptor

    init() throws {
        descriptor = try Descriptor(ctk_eventfd(), from: "eventfd", "making a wake signal")
    }

    /// Makes the descriptor readable.
    func raise() {
        _ = try? descriptor.write([1, 0, 0, 0, 0, 0, 0, 0])
    }

    /// Makes the descriptor unreadable again.
    func clear() {
        _ = try? descriptor.read(upTo: 8)
    }
}
