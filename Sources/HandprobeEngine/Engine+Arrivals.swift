import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension Engine {
    /// Takes a frame apart, finds its conversation, and has the recorder make an event of it.
    func take(_ frame: CapturedFrame, octets: [UInt8]) {
        let dissection = Dissection(
            frame: octets.span.extracting(frame.range),
            linkType: frame.linkType,
            originalLength: frame.originalLength
        )
        let found =
            conversation(of: dissection) ?? answerListener(dissection, on: frame.interface)
            ?? sender(of: octets[frame.range], behind: frame.linkType)
        guard let id = found else { return }
        let event = conversations[id]?.recorder.observe(dissection, of: frame, octets: octets[frame.range])
        guard let event else { return }
        deliver(event, to: id)
        if heardFrom.last != id { heardFrom.append(id) }
    }

    private func conversation(of dissection: Dissection) -> ConversationID? {
        switch dissection.transport {
        case .tcp(let segment, _):
            guard let ip = dissection.ip else { return nil }
            let source = SocketAddress(ip.source, port: segment.header.sourcePort)
            let destination = SocketAddress(ip.destination, port: segment.header.destinationPort)
            return byFlow[FourTuple(local: source, remote: destination)]
                ?? byFlow[FourTuple(local: destination, remote: source)]
        case .icmpError(let error):
            guard let quote = error.quote else { return nil }
            return byFlow[FourTuple(local: quote.source, remote: quote.destination).withoutScopes]
        case .other, nil:
            return nil
        }
    }

    /// The conversation that has sent a packet in which no segment can be found, when `frame` is that packet.
    private func sender(of frame: ArraySlice<UInt8>, behind linkType: LinkType) -> ConversationID? {
        sendersOfBroken.first { conversations[$0]?.recorder.isBrokenPacket(frame, behind: linkType) ?? false }
    }

    /// Takes what happened on this machine beside the frames.
    func take(_ incident: Incident) {
        let now = transport.now
        switch incident {
        case .signal(let number): interrupt(by: number, at: now)
        case .outputClosed: interrupt(by: nil, at: now)
        case .statisticsWanted: observer.statisticsWanted()
        case .line(let line):
            guard let decision = observer.typed(line) else { return }
            for id in held { release(id, decision) }
        case .endOfInput:
            observer.inputEnded()
            for id in held { release(id, .send) }
        case .captureLoss(let frames): recordForAll(.captureLoss(frames: frames), at: now)
        case .captureFailed(let reason):
            for listener in listeners.values { listener.host.wentDeaf(because: reason) }
            breakOffAll(because: .captureFailed(reason: reason), at: now)
        case .clockStepped(let step): recordForAll(.clockStepped(step), at: now)
        case .delayedSendFailure(let failure): recordForAll(.sendFailure(failure), at: now)
        case .answerElsewhere(let packet, let interface):
            let dissection = Dissection(frame: packet.span, linkType: .raw, originalLength: packet.count)
            guard case .tcp(let segment, _) = dissection.transport else { return }
            guard let id = conversation(of: dissection) else {
                return passOver(dissection, elsewhere: interface)
            }
            record(.answerElsewhere(segment, interface: interface), of: id, at: now)
            serve(id)
        }
    }

    private var held: [ConversationID] {
        conversations.filter { $0.value.held != nil }.map(\.key)
    }

    private func recordForAll(_ kind: Event.Kind, at now: Instant) {
        for id in conversations.keys.sorted(by: { $0.number < $1.number }) {
            record(kind, of: id, at: now)
            serve(id)
        }
    }

    /// The first time, every conversation says goodbye; the second time, the engine stops at once.
    private func interrupt(by signal: Int32?, at now: Instant) {
        guard interruptedBy == nil else {
            if signal != nil { leavesAtOnce = true }
            return
        }
        interruptedBy = signal ?? 13
        breakOffAll(because: .interrupted(signal: signal), at: now)
    }

    /// Begins nothing any more, and has every conversation say goodbye.
    private func breakOffAll(because kind: Event.Kind, at now: Instant) {
        source = nil
        listeners = [:]
        for id in conversations.keys.sorted(by: { $0.number < $1.number }) {
            record(kind, of: id, at: now)
            breakOff(id, at: now)
            serve(id)
        }
    }
}

extension SocketAddress {
    /// The same without scope, as it is read from a packet.
    var withoutScope: SocketAddress { SocketAddress(address, port: port) }
}

extension FourTuple {
    /// The same without scopes, as it is read from a packet.
    var withoutScopes: FourTuple { FourTuple(local: local.withoutScope, remote: remote.withoutScope) }
}
