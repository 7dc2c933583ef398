internal import CLinuxNet
internal import CPcap
internal import Glibc

/// Signals that are read like data instead of interrupting; the former signal mask returns with the end of it.
struct SignalDescriptor: ~Copyable {
    private let descriptor: Descriptor
    private let former: sigset_t

    /// Blocks `signals` in this thread, and in threads it starts from now on, and collects them.
    init(_ signals: [Int32]) throws(SystemError) {
        var set = sigset_t()
        var former = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        descriptor = Descriptor(
            taking: try systemCall("signalfd", to: "wait for signals") {
                unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
            }
        )
        unsafe pthread_sigmask(SIG_BLOCK, &set, &former)
        self.former = former
    }

    deinit {
        // What came and was not read must not strike when the mask opens again.
        while next() != nil {}
        var former = former
        unsafe pthread_sigmask(SIG_SETMASK, &former, nil)
    }

    /// What to wait on.
    var number: Int32 { descriptor.number }

    /// The next signal that came; nil when there is none.
    func next() -> Int32? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let count = unsafe read(descriptor.number, &information, size)
        return count == size ? Int32(information.ssi_signo) : nil
    }
}
