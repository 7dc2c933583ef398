extension FindingCode {
    /// What the finding makes of a run by itself; a later event can only make it harmless (`Finding.outcome`).
    public var outcome: Verdict.Outcome {
        switch self {
        case .refused, .refusalInexact, .filteredByICMP, .hopLimitExceeded, .challenged, .wrongAcknowledgment,
            .resetWithoutAck, .resetStray, .resetInHandshake, .synNotReturned, .synAckWithFin, .notProvedOpen,
            .badChecksum, .resetByPeer, .resetWrongSequence, .resetAfterFin, .dataAfterFin, .dataUnacknowledged,
            .finUnacknowledged, .peerNeverClosed, .peerDidNotCloseFirst, .idleClosed, .idleReset, .idleForgotten,
            .idleLost, .resetBelieved, .halfCloseTruncated, .halfCloseReset, .lateDataReset, .resetDisowned,
            .wrongAckIgnored, .answerInexact, .answerNotDue, .malformedSegment, .signatureMissing, .signatureWrong:
            .notAsExpected
        case .noAnswer:
            .noAnswer
        case .leftOpen, .goodbyeUnconfirmed, .captureLoss, .sendFailed, .notSeenLeaving, .answerOnOtherInterface,
            .neighbourUnresolved, .guardBreached, .rewrittenLocally, .clockStepped, .interrupted:
            .degraded
        case .synCrossed, .lateAnswer, .ambiguousAnswer, .synAckWithData, .synAckChanged, .zeroWindowInSynAck, .noMSS,
            .oddMSS, .timestampEchoZero, .windowScaleTooLarge, .malformedOptions, .optionNotOffered, .synAckRepeated,
            .deferredAccept, .proofWeak, .retransmittedByUs, .retransmittedByPeer, .outOfOrder, .duplicated,
            .coalesced, .outsideWindow, .captureStartsLate, .icmpNotOurs, .icmpSoftError, .packetTooBig,
            .peerClosedFirst, .closedPortAnswer, .silenceExpected, .reducedMSS, .ttlChanged, .resetWithOtherTTL,
            .dontFragmentChanged, .identificationJumped, .timestampsDropped, .timestampJumped, .optionNotNegotiated,
            .synAckOptionsChanged, .windowShrunk,
            .synAckSchedule, .synAckGivenUp, .wrongAckRefused, .finSchedule, .finGivenUp, .halfCloseHonoured,
            .stillOpen, .resetChallenged, .resetIgnored, .ecnAgreed, .ecnDeclined, .ecnBroken, .accecnAgreed,
            .tfoCookie, .lateDataTaken, .resetRepeated, .resetUnrepeated, .finWaitKept, .finWaitOver,
            .timeWaitKept, .timeWaitOver,
            .tfoDeclined, .mptcpAgreed, .mptcpDeclined, .synDataTaken, .synDataIgnored:
            .asExpected
        }
    }

    /// What the finding makes of a run by itself, measured by `expectation`.
    public func outcome(under expectation: Expectation) -> Verdict.Outcome {
        switch (expectation, self) {
        case (.answer, .refused), (.answer, .challenged), (.observe, .leftOpen): .asExpected
        case (.answer, .packetTooBig), (.answer, .icmpSoftError), (.observe, .synAckGivenUp), (.observe, .finGivenUp),
            (.observe, .finWaitOver):
            .notAsExpected
        default: outcome
        }
    }

    /// True when a definite answer to our SYN takes the sting out of the finding: it was noise on the way to it.
    var yieldsToDefiniteAnswer: Bool {
        switch self {
        case .filteredByICMP, .hopLimitExceeded, .challenged, .wrongAcknowledgment, .resetWithoutAck, .resetStray,
            .badChecksum, .malformedSegment, .signatureMissing, .signatureWrong, .packetTooBig, .icmpSoftError:
            true
        default:
            false
        }
    }
}
