internal import CLinuxNet
internal import CPcap
internal import Glibc

/// The one owner of an activated libpcap handle.
///
/// Safe although it holds a pointer: libpcap's handle lives exactly as long as this value.
@safe struct PcapHandle: ~Copyable {
    private let pointer: OpaquePointer
    /// The interface or the file.
    let interface: String
    /// What is done with it, for sentences.
    private let doing: String

    private init(taking pointer: OpaquePointer, interface: String, doing: String) {
        unsafe self.pointer = unsafe pointer
        self.interface = interface
        self.doing = doing
    }

    deinit {
        unsafe pcap_close(pointer)
    }

    /// Creates a handle for an interface, lets `configure` set its options, and activates it.
    static func open(_ interface: String, configure: (OpaquePointer) -> Void) throws(SystemError) -> PcapHandle {
        let doing = "capture on \(interface)"
        var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let created = unsafe pcap_create(interface, &reason) else {
            throw SystemError(doing: doing, call: "pcap_create", errno: 0, reason: Self.text(reason))
        }
        let handle = unsafe PcapHandle(taking: created, interface: interface, doing: doing)
        unsafe configure(created)
        let result = unsafe pcap_activate(created)
        if result < 0 { throw handle.activationError(result) }
        try unsafe handle.call("pcap_setnonblock") { unsafe pcap_setnonblock($0, 1, &reason) }
        return handle
    }

    /// Creates a handle for a classic capture file, whose beginning is read at once; `stream` is closed with the handle, or
    /// at once when there is none. Times come in nanoseconds, whatever the file counts in.
    static func open(
        reading stream: UnsafeMutablePointer<FILE>,
        named name: String
    ) throws(SystemError) -> PcapHandle {
        let (doing, call) = ("read \(name)", "pcap_fopen_offline")
        var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
        guard let opened = unsafe pcap_fopen_offline_with_tstamp_precision(stream, precision, &reason) else {
            unsafe fclose(stream)
            throw SystemError(doing: doing, call: call, errno: 0, reason: text(reason))
        }
        return unsafe PcapHandle(taking: opened, interface: name, doing: doing)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Calls libpcap with the handle; throws its own words when `body` returns a negative number.
    @discardableResult
    func call(_ name: String, _ body: (OpaquePointer) -> Int32) throws(SystemError) -> Int32 {
        let result = unsafe body(pointer)
        if result < 0 { throw error(call: name) }
        return result
    }

    /// Asks libpcap something that cannot fail.
    func ask<Answer>(_ body: (OpaquePointer) -> Answer) -> Answer {
        unsafe body(pointer)
    }

    /// What libpcap says of a call that failed.
    func error(call: String) -> SystemError {
        SystemError(
            doing: doing,
            call: call,
            errno: 0,
            reason: unsafe String(cString: pcap_geterr(pointer))
        )
    }

    private func activationError(_ result: Int32) -> SystemError {
        let call = "pcap_activate"
        switch result {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
            return SystemError(doing: doing, call: call, errno: EPERM, advice: Privileges.advice(errno: EPERM))
        case PCAP_ERROR_IFACE_NOT_UP:
            return SystemError(
                doing: doing,
                call: call,
                errno: ENETDOWN,
                reason: "the interface is down",
                advice: "`ip link set \(interface) up` would bring it up"
            )
        case PCAP_ERROR_NO_SUCH_DEVICE:
            return SystemError(
                doing: doing,
                call: call,
                errno: ENODEV,
                reason: "there is no such interface",
                advice: "`ip link` lists them"
            )
        default:
            let meaning = unsafe String(cString: pcap_statustostr(result))
            let detail = unsafe String(cString: pcap_geterr(pointer))
            let reason = detail.isEmpty ? meaning : "\(meaning): \(detail)"
            return SystemError(doing: doing, call: call, errno: 0, reason: reason)
        }
    }
}
