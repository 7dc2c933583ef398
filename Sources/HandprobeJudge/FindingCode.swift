/// The closed list of findings. A code never changes its meaning.
public enum FindingCode: String, Hashable, Sendable, CaseIterable {
    // How our SYN was answered.
    case refused
    case refusalInexact = "refusal-inexact"
    case filteredByICMP = "filtered-by-icmp"
    case hopLimitExceeded = "hop-limit-exceeded"
    case noAnswer = "no-answer"
    case challenged
    case wrongAcknowledgment = "wrong-acknowledgment"
    case resetWithoutAck = "reset-without-ack"
    case resetStray = "reset-stray"
    case resetInHandshake = "reset-in-handshake"
    case synNotReturned = "syn-not-returned"
    case synCrossed = "syn-crossed"
    case lateAnswer = "late-answer"
    case ambiguousAnswer = "ambiguous-answer"

    // How a crafted segment was answered.
    case closedPortAnswer = "closed-port-answer"
    case answerInexact = "answer-inexact"
    case answerNotDue = "answer-not-due"
    case silenceExpected = "silence-expected"

    // What the SYN-ACK says.
    case synAckWithData = "syn-ack-with-data"
    case synAckWithFin = "syn-ack-with-fin"
    case synAckChanged = "syn-ack-changed"
    case zeroWindowInSynAck = "zero-window-in-syn-ack"
    case noMSS = "no-mss"
    case oddMSS = "odd-mss"
    case reducedMSS = "mss-reduced"
    case timestampEchoZero = "timestamp-echo-zero"
    case windowScaleTooLarge = "window-scale-too-large"
    case malformedOptions = "malformed-options"
    case optionNotOffered = "option-not-offered"

    // What the SYN-ACK says to the extensions that our SYN asked for.
    case ecnAgreed = "ecn-agreed"
    case ecnDeclined = "ecn-declined"
    case ecnBroken = "ecn-broken"
    case accecnAgreed = "accecn-agreed"
    case tfoCookie = "tfo-cookie"
    case tfoDeclined = "tfo-declined"
    case mptcpAgreed = "mptcp-agreed"
    case mptcpDeclined = "mptcp-declined"
    case synDataTaken = "syn-data-taken"
    case synDataIgnored = "syn-data-ignored"

    // Whether the connection is open.
    case synAckRepeated = "syn-ack-repeated"
    case deferredAccept = "deferred-accept"
    case notProvedOpen = "not-proved-open"
    case proofWeak = "proof-weak"

    // How the peer took what we did on purpose while opening.
    case synAckSchedule = "syn-ack-schedule"
    case synAckGivenUp = "syn-ack-given-up"
    case wrongAckRefused = "wrong-ack-refused"
    case wrongAckIgnored = "wrong-ack-ignored"

    // What became of an open connection that was left alone.
    case stillOpen = "still-open"
    case idleClosed = "idle-closed"
    case idleReset = "idle-reset"
    case idleForgotten = "idle-forgotten"
    case idleLost = "idle-lost"

    // What happened to segments on the way.
    case badChecksum = "bad-checksum"
    case malformedSegment = "malformed-segment"
    case signatureMissing = "signature-missing"
    case signatureWrong = "signature-wrong"
    case retransmittedByUs = "retransmitted-by-us"
    case retransmittedByPeer = "retransmitted-by-peer"
    case outOfOrder = "out-of-order"
    case duplicated
    case coalesced
    case outsideWindow = "outside-window"
    case captureStartsLate = "capture-starts-late"
    case icmpNotOurs = "icmp-not-ours"
    case icmpSoftError = "icmp-soft-error"
    case packetTooBig = "packet-too-big"

    // What does not fit the peer's other segments.
    case ttlChanged = "ttl-changed"
    case resetWithOtherTTL = "reset-with-other-ttl"
    case dontFragmentChanged = "df-changed"
    case identificationJumped = "ip-id-jumped"
    case timestampsDropped = "timestamps-dropped"
    case timestampJumped = "timestamp-jumped"
    case optionNotNegotiated = "option-not-negotiated"
    case synAckOptionsChanged = "syn-ack-options-changed"
    case windowShrunk = "window-shrunk"

    // How the connection ended.
    case resetByPeer = "reset-by-peer"
    case resetWrongSequence = "reset-wrong-sequence"
    case resetAfterFin = "reset-after-fin"
    case dataAfterFin = "data-after-fin"
    case dataUnacknowledged = "data-unacknowledged"
    case finUnacknowledged = "fin-unacknowledged"
    case peerClosedFirst = "peer-closed-first"
    case peerNeverClosed = "peer-never-closed"
    case leftOpen = "left-open"
    case goodbyeUnconfirmed = "goodbye-unconfirmed"

    // How the peer took what we did on purpose while closing.
    case finSchedule = "fin-schedule"
    case finGivenUp = "fin-given-up"
    case peerDidNotCloseFirst = "peer-did-not-close-first"
    case halfCloseHonoured = "half-close-honoured"
    case halfCloseTruncated = "half-close-truncated"
    case halfCloseReset = "half-close-reset"
    case resetChallenged = "reset-challenged"
    case resetIgnored = "reset-ignored"
    case resetBelieved = "reset-believed"
    case lateDataTaken = "late-data-taken"
    case lateDataReset = "late-data-reset"
    case resetRepeated = "reset-repeated"
    case resetUnrepeated = "reset-unrepeated"
    case resetDisowned = "reset-disowned"

    // How long the peer remembers a connection that it closed first.
    case finWaitKept = "fin-wait-kept"
    case finWaitOver = "fin-wait-over"
    case timeWaitKept = "time-wait-kept"
    case timeWaitOver = "time-wait-over"

    // What this machine did to the evidence.
    case captureLoss = "capture-loss"
    case sendFailed = "send-failed"
    case notSeenLeaving = "not-seen-leaving"
    case answerOnOtherInterface = "answer-on-other-interface"
    case neighbourUnresolved = "neighbour-unresolved"
    case guardBreached = "guard-breached"
    case rewrittenLocally = "rewritten-locally"
    case clockStepped = "clock-stepped"
    case interrupted
}
