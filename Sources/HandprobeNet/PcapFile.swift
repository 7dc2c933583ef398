internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeWire

/// A classic pcap file, read through libpcap: either order of octets, times in micro- or nanoseconds.
public final class PcapFile {
    /// What its frames begin with.
    public let linkType: LinkType
    private let handle: PcapHandle
    private let input: InputFile

    /// Reads the file's beginning; throws when libpcap makes nothing of it.
    public init(_ input: InputFile) throws(SystemError) {
        self.input = input
        let source = unsafe Unmanaged.passUnretained(input).toOpaque()
        let stream = unsafe linux_open_reader(source) { source, octets, capacity in
            guard let source = unsafe source, let octets = unsafe octets else { return -1 }
            let input = unsafe Unmanaged<InputFile>.fromOpaque(source).takeUnretainedValue()
            return unsafe input.read(into: UnsafeMutableRawBufferPointer(start: octets, count: capacity))
        }
        guard let stream = unsafe stream else {
            throw SystemError(doing: "read \(input.name)", call: "fopencookie", errno: errno)
        }
        unsafe setvbuf(stream, nil, _IOFBF, InputFile.piece)
        handle = try unsafe PcapHandle.open(reading: stream, named: input.name)
        linkType = unsafe LinkType(dlt: handle.ask { unsafe pcap_datalink($0) })
    }

    /// Puts the next frame into `octets`, in place of what was there; returns its time and its length on the wire, nil at the
    /// end of the file.
    ///
    /// Throws where the file breaks off or contradicts itself; nothing can be read after that.
    public func next(into octets: inout [UInt8]) throws(SystemError) -> (time: Timestamp, originalLength: Int)? {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var frame: UnsafePointer<UInt8>?
        let result = unsafe handle.ask { unsafe pcap_next_ex($0, &header, &frame) }
        guard result == 1, let header = unsafe header, let frame = unsafe frame else {
            if result == PCAP_ERROR_BREAK || input.interruption != nil { return nil }
            throw handle.error(call: "pcap_next_ex")
        }
        let stamp = unsafe header.pointee.ts
        let time = Timestamp(nanoseconds: Int64(stamp.tv_sec) &* 1_000_000_000 &+ Int64(stamp.tv_usec))
        octets.removeAll(keepingCapacity: true)
        unsafe octets.append(contentsOf: UnsafeBufferPointer(start: frame, count: Int(header.pointee.caplen)))
        return (time, unsafe Int(header.pointee.len))
    }
}
