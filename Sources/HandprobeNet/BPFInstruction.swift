internal import CLinuxNet
internal import CPcap
internal import Glibc

/// One instruction of a classic BPF program.
struct BPFInstruction: Hashable {
    /// The operation.
    var code: UInt16
    /// Instructions to skip when a test holds.
    var jumpTrue: UInt8 = 0
    /// Instructions to skip when a test does not hold.
    var jumpFalse: UInt8 = 0
    /// The operand.
    var constant: UInt32 = 0

    /// Drops everything.
    static let dropAll = [BPFInstruction(code: 0x06)]

    /// Keeps raw TCP packets whose destination port is one of `ports`; as a raw socket of `family` sees them,
    /// IPv4 from the IP header on, IPv6 from the TCP header on.
    static func tcpDestinationPort(_ ports: [UInt16], family: Int32) -> [BPFInstruction] {
        var program: [BPFInstruction] = []
        if family == AF_INET {
            program.append(BPFInstruction(code: 0xB1))  // X = 4 × (octet 0 & 15)
            program.append(BPFInstruction(code: 0x48, constant: 2))  // A = half word at X + 2
        } else {
            program.append(BPFInstruction(code: 0x28, constant: 2))  // A = half word at 2
        }
        for (index, port) in ports.enumerated() {
            let toAccept = UInt8(ports.count - index)
            program.append(BPFInstruction(code: 0x15, jumpTrue: toAccept, constant: UInt32(port)))
        }
        program.append(BPFInstruction(code: 0x06))
        program.append(BPFInstruction(code: 0x06, constant: .max))
        return program
    }
}

extension BPFInstruction {
    /// Attaches a program to a socket, as setsockopt(2) answers.
    static func attach(_ program: [BPFInstruction], to number: Int32) -> Int32 {
        var kernel = program.map { sock_filter(code: $0.code, jt: $0.jumpTrue, jf: $0.jumpFalse, k: $0.constant) }
        return unsafe kernel.withUnsafeMutableBufferPointer {
            var form = unsafe sock_fprog(len: UInt16($0.count), filter: $0.baseAddress)
            return unsafe setsockopt(
                number, SOL_SOCKET, SO_ATTACH_FILTER, &form, socklen_t(MemoryLayout<sock_fprog>.size))
        }
    }
}
