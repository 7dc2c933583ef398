internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeTCP
internal import HandprobeWire

extension NetTransport {
    /// The most frames one wait hands over from one interface.
    private static let framesAtOnce = 4096
    /// The most sightings one wait takes from one witness.
    private static let sightingsAtOnce = 256

    /// Waits until something arrives or `deadline` passes, then replaces what is in `arrivals`.
    ///
    /// Returns at once when `deadline` is past; waits without limit when it is nil.
    public func receive(into arrivals: inout Arrivals, until deadline: Instant?) {
        arrivals.removeAll()
        if !pending.frames.isEmpty || !pending.incidents.isEmpty {
            swap(&arrivals, &pending)
            collect(into: &arrivals, waitingUntil: now)
            return
        }
        repeat {
            collect(into: &arrivals, waitingUntil: deadline)
            if !arrivals.frames.isEmpty || !arrivals.incidents.isEmpty { return }
        } while deadline.map { now < $0 } ?? true
    }

    /// Takes whatever frames are captured by now.
    func drainCaptures(into arrivals: inout Arrivals) {
        for index in captures.indices { drainCapture(index, into: &arrivals) }
    }

    private func drainCapture(_ index: Int, into arrivals: inout Arrivals) {
        guard captureWorks[index] else { return }
        do {
            try captures[index].value.drain(into: &arrivals, limit: Self.framesAtOnce)
        } catch {
            captureWorks[index] = false
            arrivals.incidents.append(.captureFailed(error.description))
        }
        let lost = captures[index].value.statistics.dropped
        if lost > reportedLosses[index] {
            arrivals.incidents.append(.captureLoss(frames: lost - reportedLosses[index]))
            reportedLosses[index] = lost
        }
    }

    private func collect(into arrivals: inout Arrivals, waitingUntil deadline: Instant?) {
        let ready = wait(until: deadline)
        for (index, isReady) in ready.captures.enumerated() where isReady { drainCapture(index, into: &arrivals) }
        for index in ready.failedCaptures { explainFailure(ofCapture: index, into: &arrivals) }
        for (index, isReady) in ready.witnesses.enumerated() where isReady {
            listen(to: witnesses[index], into: &arrivals)
        }
        if ready.signals, let signals {
            while let signal = signals.value.next() {
                arrivals.incidents.append(signal == SIGQUIT ? .statisticsWanted : .signal(signal))
            }
        }
        if ready.output {
            watchesOutput = false
            arrivals.incidents.append(.outputClosed)
        }
        if ready.input { readLines(into: &arrivals) }
        if let step = clock.update() { arrivals.incidents.append(.clockStepped(step)) }
    }

    /// libpcap bears an interface that goes down in silence, in the hope that it comes back: nothing is heard meanwhile.
    private func explainFailure(ofCapture index: Int, into arrivals: inout Arrivals) {
        let interface = settings.interfaces[index]
        let current = try? NetworkInterface.at(index: interface.index)
        if current?.isUp != true {
            let what = current == nil ? "has disappeared" : "went down"
            arrivals.incidents.append(.captureFailed("interface \(interface.name) \(what)"))
        }
    }

    private func listen(to witness: Held<Witness>, into arrivals: inout Arrivals) {
        for _ in 0..<Self.sightingsAtOnce {
            switch witness.value.next() {
            case nil:
                return
            case .failure(let errno):
                arrivals.incidents.append(.delayedSendFailure(SendFailure(call: "sendmmsg", errno: errno)))
            case .packet(let packet, let source, let interface):
                if settings.ownDestinations.contains(source) { continue }
                if settings.interfaces.contains(where: { $0.index == interface }) { continue }
                let name = (try? NetworkInterface.at(index: interface))?.name ?? "with index \(interface)"
                arrivals.incidents.append(.answerElsewhere(packet: packet, interface: name))
            }
        }
    }

    private func readLines(into arrivals: inout Arrivals) {
        guard var reader = input else { return }
        arrivals.incidents += reader.lines(from: settings.inputDescriptor).map { .line($0) }
        input = reader
        if reader.isAtEnd {
            input = nil
            arrivals.incidents.append(.endOfInput)
        }
    }

    /// What has something to read.
    private struct Readiness {
        var captures: [Bool] = []
        var failedCaptures: [Int] = []
        var witnesses: [Bool] = []
        var signals = false
        var output = false
        var input = false
    }

    private func wait(until deadline: Instant?) -> Readiness {
        // A negative descriptor is one that poll(2) passes over.
        var descriptors: [pollfd] = zip(captures, captureWorks).map { capture, works in
            pollfd(fd: works ? capture.value.number : -1, events: Int16(POLLIN), revents: 0)
        }
        descriptors += witnesses.map { pollfd(fd: $0.value.number, events: Int16(POLLIN), revents: 0) }
        descriptors.append(pollfd(fd: signals?.value.number ?? -1, events: Int16(POLLIN), revents: 0))
        descriptors.append(pollfd(fd: watchesOutput ? settings.outputDescriptor : -1, events: 0, revents: 0))
        descriptors.append(pollfd(fd: input == nil ? -1 : settings.inputDescriptor, events: Int16(POLLIN), revents: 0))
        let count = descriptors.count
        let ready = unsafe descriptors.withUnsafeMutableBufferPointer {
            guard let deadline else { return unsafe linux_ppoll($0.baseAddress, nfds_t(count), nil) }
            let left = max(0, deadline.nanoseconds &- now.nanoseconds)
            var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
            return unsafe linux_ppoll($0.baseAddress, nfds_t(count), &time)
        }
        guard ready > 0 else { return Readiness() }
        let isReady = descriptors.map { $0.revents != 0 }
        return Readiness(
            captures: Array(isReady.prefix(captures.count)),
            failedCaptures: captures.indices.filter { Int32(descriptors[$0].revents) & Int32(POLLERR) != 0 },
            witnesses: Array(isReady.dropFirst(captures.count).prefix(witnesses.count)),
            signals: isReady[count - 3],
            output: isReady[count - 2],
            input: isReady[count - 1]
        )
    }
}
