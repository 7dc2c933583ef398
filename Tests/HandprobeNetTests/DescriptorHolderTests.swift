import Glibc
import HandprobeTestKit
import Testing

@testable import HandprobeNet

struct DescriptorHolderTests {
    /// What the open descriptors of a process are, all when `numbers` is nil.
    private func descriptors(_ numbers: [Int32]? = nil, of process: Int32) throws -> [Int32: String] {
        let listing = try Subprocess.check("ls", ["/proc/\(process)/fd"]).stdout
        let numbers = numbers ?? listing.split(separator: "\n").compactMap { Int32($0) }
        let pairs = try numbers.map { number in
            (number, try Subprocess.check("readlink", ["/proc/\(process)/fd/\(number)"]).stdout)
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// Two sockets joined to each other. No program that another test starts meanwhile keeps them.
    private func pair() throws -> [Int32] {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try #require(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
        return ends
    }

    /// Whether anybody has the other end of a pair open.
    private func hasPeer(_ end: Int32) -> Bool {
        var entry = pollfd(fd: end, events: 0, revents: 0)
        return unsafe poll(&entry, 1, 0) == 0
    }

    @Test func itHoldsWhatItIsGivenAndNothingElse() throws {
        let (first, second) = (try pair(), try pair())
        let held = [first[0], second[0]]
        let ours = try descriptors(held, of: getpid())
        let child: Int32
        do {
            guard let holder = DescriptorHolder(holding: held.reversed()) else { throw TestKitError.missing("a child") }
            child = holder.process
            let theirs = try descriptors(of: child)
            #expect(theirs.filter { held.contains($0.key) } == ours)
            let others = theirs.filter { !held.contains($0.key) }
            #expect(others.count == 1, "\(others)")
            #expect(others.values.allSatisfy { $0.hasPrefix("socket:") }, "\(others)")
            // Both have a peer as long as it holds them, and none afterwards.
            for end in held { close(end) }
            #expect(hasPeer(first[1]) && hasPeer(second[1]))
            _ = consume holder
        }
        var status: Int32 = 0
        #expect(unsafe waitpid(child, &status, 0) == child)
        #expect(status == 0)
        // A process that is forked this moment has them until it becomes another program.
        try waitUntil("nobody has them any more") { !hasPeer(first[1]) && !hasPeer(second[1]) }
        for end in [first[1], second[1]] { close(end) }
    }
}
