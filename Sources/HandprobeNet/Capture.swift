internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeTCP
internal import HandprobeWire

/// The frames that pass one interface, our own included, with the kernel's stamps in nanoseconds.
struct Capture: ~Copyable {
    /// What its frames begin with.
    let linkType: LinkType
    /// What to wait on.
    let number: Int32
    private let handle: PcapHandle
    private let nanosecondsPerFraction: Int64
    private let droppedAtStart: Int

    /// Starts capturing; needs CAP_NET_RAW.
    init(interface: String, settings: CaptureSettings) throws(SystemError) {
        // A slot is the frame and a header of up to 100 octets, rounded up.
        let buffer = (settings.snaplen &+ 128).multipliedReportingOverflow(by: settings.slots).partialValue
        let handle = try unsafe PcapHandle.open(interface) { pointer in
            unsafe pcap_set_snaplen(pointer, Int32(clamping: settings.snaplen))
            unsafe pcap_set_promisc(pointer, 0)
            unsafe pcap_set_timeout(pointer, 1)
            unsafe pcap_set_immediate_mode(pointer, 1)
            unsafe pcap_set_buffer_size(pointer, Int32(clamping: buffer))
            unsafe pcap_set_tstamp_precision(pointer, PCAP_TSTAMP_PRECISION_NANO)
        }
        let linkType = unsafe LinkType(dlt: handle.ask { unsafe pcap_datalink($0) })
        let number = try unsafe handle.call("pcap_get_selectable_fd") { unsafe pcap_get_selectable_fd($0) }
        try Self.setFilter(settings.filter(linkType: linkType), on: handle)
        let precision = unsafe handle.ask { unsafe pcap_get_tstamp_precision($0) }
        nanosecondsPerFraction = precision == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000
        droppedAtStart = Int(Self.counters(of: handle).ps_drop)
        self.linkType = linkType
        self.number = number
        self.handle = handle
    }

    private static func setFilter(_ filter: String, on handle: borrowing PcapHandle) throws(SystemError) {
        var program = unsafe bpf_program()
        try unsafe handle.call("pcap_compile") { unsafe pcap_compile($0, &program, filter, 1, UInt32.max) }
        defer { unsafe pcap_freecode(&program) }
        try unsafe handle.call("pcap_setfilter") { unsafe pcap_setfilter($0, &program) }
    }

    /// Adds the frames that are there to `arrivals`, at most `limit`; throws when capturing has stopped working.
    func drain(into arrivals: inout Arrivals, limit: Int) throws(SystemError) {
        for _ in 0..<limit {
            var header: UnsafeMutablePointer<pcap_pkthdr>?
            var octets: UnsafePointer<UInt8>?
            let result = try unsafe handle.call("pcap_next_ex") { unsafe pcap_next_ex($0, &header, &octets) }
            guard result == 1, let header = unsafe header, let octets = unsafe octets else { return }
            let stamp = unsafe header.pointee.ts
            let frame = unsafe UnsafeBufferPointer(start: octets, count: Int(header.pointee.caplen))
            unsafe arrivals.append(
                frame.span,
                linkType: linkType,
                time: Timestamp(
                    nanoseconds: Int64(stamp.tv_sec) &* 1_000_000_000 &+ Int64(stamp.tv_usec) &* nanosecondsPerFraction
                ),
                originalLength: Int(header.pointee.len),
                interface: handle.interface
            )
        }
    }

    /// What the kernel counts since the start.
    var statistics: CaptureStatistics {
        let counters = Self.counters(of: handle)
        return CaptureStatistics(
            interface: handle.interface,
            received: Int(counters.ps_recv),
            dropped: Int(counters.ps_drop) - droppedAtStart
        )
    }

    private static func counters(of handle: borrowing PcapHandle) -> pcap_stat {
        var counters = pcap_stat()
        _ = unsafe handle.ask { unsafe pcap_stats($0, &counters) }
        return counters
    }
}
