extension FindingCode {
    /// What the code means, in one sentence.
    public var meaning: String {
        switch self {
        case .refused: "The peer answered our SYN with a RST that acknowledges it: nothing listens on the port."
        case .refusalInexact:
            "The RST that refused our SYN was not exactly SEQ=0, ACK=ISS+1, so something other than a plain closed port made it."
        case .filteredByICMP: "An ICMP error about our SYN or crafted segment, and nothing better, was the answer."
        case .hopLimitExceeded:
            "A router discarded our SYN or crafted segment because its hop limit ran out, and nothing better came."
        case .noAnswer:
            "Nothing answered our SYN or SYN-ACK, or a crafted segment to which an answer was due, and nothing on this machine explains the silence."
        case .challenged:
            "The peer answered our SYN, or a crafted segment, with a bare ACK of something else: it holds an older connection with the same addresses and ports."
        case .wrongAcknowledgment: "A SYN-ACK acknowledged something other than the SYN it answers."
        case .resetWithoutAck: "A RST without ACK came in answer to our SYN; it proves nothing and is not believed."
        case .resetStray: "A RST acknowledged something other than our SYN; it is not believed."
        case .resetInHandshake:
            "The peer reset the connection after the SYN-ACK and before it was proved open."
        case .synNotReturned: "The peer acknowledged our SYN but never sent its own."
        case .synCrossed: "Both ends sent a SYN before receiving the other's: a simultaneous open."
        case .lateAnswer: "The answer belongs to an earlier attempt than the last one made."
        case .ambiguousAnswer: "It cannot be told which attempt the answer belongs to, so no round-trip time is given."
        case .closedPortAnswer:
            "A RST answered our crafted segment at exactly the numbers that a port without such a connection must use."
        case .answerInexact:
            "The answer to our crafted segment is not the one that a port without a connection must give."
        case .answerNotDue: "Something answered a segment that every receiver must discard in silence."
        case .silenceExpected:
            "Nothing answered a crafted segment that a receiver discards in silence, so the silence tells nothing against the peer."
        case .synAckWithData: "The SYN-ACK carries data."
        case .synAckWithFin: "The SYN-ACK carries a FIN."
        case .synAckChanged:
            "Another SYN-ACK came with a different initial sequence number: more than one host, or one without memory, answers."
        case .zeroWindowInSynAck:
            "The SYN-ACK advertises a window of zero, as SYN proxies do until they have reached the real server."
        case .noMSS: "The SYN-ACK has no MSS option, so 536 octets (IPv4) or 1220 octets (IPv6) must be assumed."
        case .oddMSS: "The MSS in the SYN-ACK is smaller than any path needs or larger than any packet carries."
        case .reducedMSS:
            "The MSS in the SYN-ACK is smaller than ours and than Ethernet allows: the peer's link is narrower (a tunnel, PPPoE), or a device on the way has clamped it; which of the two cannot be told from here."
        case .timestampEchoZero: "The SYN-ACK carries timestamps but echoes zero instead of our SYN's value."
        case .windowScaleTooLarge: "The window scale is above 14 and must be taken as 14."
        case .malformedOptions: "The option octets cannot be read to their end."
        case .optionNotOffered:
            "The SYN-ACK carries an option that may only answer one of ours, and ours was not there."
        case .ecnAgreed: "The SYN-ACK agrees to explicit congestion notification as RFC 3168 has it."
        case .ecnDeclined: "Our SYN asked for explicit congestion notification, and the SYN-ACK has none of its flags."
        case .ecnBroken:
            "The ECN flags of the SYN-ACK are no answer to those of our SYN, as when somebody mirrors them; they count as none."
        case .accecnAgreed:
            "The SYN-ACK agrees to accurate ECN feedback and says how the IP header of our SYN was marked on arrival."
        case .tfoCookie: "The SYN-ACK has a TCP Fast Open cookie, with which a later SYN may carry data."
        case .tfoDeclined: "Our SYN asked for TCP Fast Open, and the SYN-ACK has no cookie and confirms no data."
        case .mptcpAgreed: "The SYN-ACK has MP_CAPABLE: the peer speaks Multipath TCP."
        case .mptcpDeclined: "Our SYN offered Multipath TCP, and the SYN-ACK has no MP_CAPABLE."
        case .synDataTaken: "The SYN-ACK confirms the data on our SYN."
        case .synDataIgnored:
            "The SYN-ACK does not confirm the data on our SYN, which is sent again after the handshake."
        case .synAckRepeated:
            "The SYN-ACK came again after our ACK had left: the ACK was lost, or the peer defers accepting until data comes."
        case .deferredAccept:
            "The peer kept the connection embryonic although our ACK left more than once, and opened it for our data."
        case .notProvedOpen:
            "The handshake is complete on our side, but nothing shows that the peer considers the connection open."
        case .proofWeak: "The only evidence that the connection is open is that no SYN-ACK was repeated for 1.2 s."
        case .synAckSchedule:
            "The peer repeated its SYN-ACK while our ACK of it was missing; the sentence says when."
        case .synAckGivenUp:
            "When our ACK of the SYN-ACK came, the peer had given up waiting for it and answered with RST."
        case .wrongAckRefused:
            "The peer answered a wrong acknowledgment of its SYN with RST at exactly that number, and went on waiting."
        case .wrongAckIgnored: "The peer said nothing to a wrong acknowledgment of its SYN, to which a RST is due."
        case .stillOpen: "The peer answered our keepalive after a silence: it still had the connection."
        case .idleClosed: "The peer sent its FIN while the connection was left alone."
        case .idleReset: "The peer reset the connection while it was left alone."
        case .idleForgotten:
            "The peer answered our keepalive after a silence with RST: somebody on the way, or the peer, had forgotten the connection."
        case .idleLost: "Nothing answered our keepalives after a silence: what is sent no longer arrives."
        case .badChecksum:
            "A segment or ICMP error with a wrong checksum was captured; it was shown and never acted upon."
        case .malformedSegment:
            "A segment whose own lengths contradict each other was captured; it was shown and never acted upon."
        case .signatureMissing:
            "A segment without MD5 digest came in a connection that is signed with a key; it was shown and never acted upon."
        case .signatureWrong:
            "A segment whose MD5 digest is not made with our key came: the peer has another one, or something on the way changed the segment; it was shown and never acted upon."
        case .retransmittedByUs: "We had to send something again."
        case .retransmittedByPeer: "The peer sent something again."
        case .outOfOrder: "Octets arrived beyond a gap: a segment was lost or overtaken."
        case .duplicated: "The same packet was captured twice: the network, not its sender, repeated it."
        case .coalesced:
            "Segments were merged before the capture saw them, so counts and sizes of segments cannot be told."
        case .outsideWindow: "A segment lay outside its receiver's window and was not acted upon."
        case .captureStartsLate: "The capture begins in the middle of the connection: how it opened is not known."
        case .icmpNotOurs:
            "An ICMP error quotes our addresses and ports but nothing that we had outstanding; it is not believed."
        case .icmpSoftError: "An ICMP error about our connection came and did not end it."
        case .packetTooBig: "A router could not forward one of our packets because of its size."
        case .ttlChanged:
            "The peer's TTL or hop limit changed by more than one: a proxy answered in its name, or the route changed. A server that sets the TTL of accepted sockets only does this too."
        case .resetWithOtherTTL:
            "A RST of the peer has another TTL or hop limit than its other segments, as one has that somebody on the way injects. A host whose service sets a TTL of its own does this too, since RSTs without a socket carry the usual one (Linux), and some small stacks always do."
        case .dontFragmentChanged:
            "Don't-fragment is set in some of the peer's segments and not in others, as when somebody else makes a few of them. A host does this too once it has given up discovering the path's MTU, and some stacks send RSTs without it."
        case .identificationJumped:
            "The peer's IP identifications counted up, or were all zero, and then jumped, as when somebody else makes a segment. They need not mean anything in packets that must not be fragmented, and a host with one counter for all traffic, or several behind one address, jumps too."
        case .timestampsDropped:
            "Both SYNs had timestamps, and a later segment of the peer that is no RST has none: a proxy answered in the peer's name, a device on the way removes the option, or the peer does not keep to the rule."
        case .timestampJumped:
            "A timestamp of the peer lies further back than reordering explains, or further ahead than a clock can have run: another machine may have made the segment. A SYN proxy, and several hosts behind one address, do this too."
        case .optionNotNegotiated:
            "A segment of the peer carries timestamps although its SYN had none: a proxy answered the handshake in its name, a device on the way removed the option from the SYN, or the peer does not keep to the rule."
        case .synAckOptionsChanged:
            "The SYN-ACK came again with other options than before: more than one host answers, or one whose table of embryonic connections has run full meanwhile and who sends SYN cookies."
        case .windowShrunk:
            "The peer took back a part of the window that it had offered, as when somebody else makes a segment. Hosts short of memory do this too, and two ACKs that overtook each other look like it."
        case .resetByPeer: "The peer broke the connection off with a RST."
        case .resetWrongSequence:
            "A RST from the peer was not at exactly RCV.NXT; a cautious receiver does not believe it."
        case .resetAfterFin: "A RST from the peer came after a FIN, in place of an orderly end."
        case .dataAfterFin: "The peer sent octets beyond its own FIN."
        case .dataUnacknowledged: "The peer did not acknowledge all our data."
        case .finUnacknowledged: "The peer never acknowledged our FIN."
        case .peerClosedFirst: "The peer's FIN was there before ours."
        case .peerNeverClosed: "The peer confirmed our FIN but never sent its own."
        case .leftOpen: "The transcript ends while the connection is still open."
        case .goodbyeUnconfirmed: "We reset the connection, and nothing shows that the peer has forgotten it."
        case .finSchedule: "The peer repeated its FIN while our ACK of it was missing; the sentence says when."
        case .finGivenUp:
            "When our ACK of the peer's FIN came, the peer had given up waiting for it and answered with RST."
        case .peerDidNotCloseFirst: "The peer was left the first FIN and sent none, so we closed."
        case .halfCloseHonoured:
            "Our FIN came with the request, and the peer answered all the same before it closed: it honours half-close. Whether that was the whole answer is known only where it is one of HTTP that announces its length; else the sentence does not say so."
        case .halfCloseTruncated:
            "Our FIN came with the request, and the peer closed without an answer, or with less of one than its HTTP header announces: it, or somebody on the way, takes FIN for the end of both directions."
        case .halfCloseReset: "Our FIN came with the request, and the peer reset the connection."
        case .resetChallenged:
            "The peer asked back instead of believing a RST of ours that was not at exactly the next octet."
        case .resetIgnored:
            "The peer said nothing to a RST of ours that was not at exactly the next octet, and kept the connection."
        case .resetBelieved:
            "The peer gave the connection up for a RST of ours that was not at exactly the next octet, so anybody may break its connections off."
        case .lateDataTaken:
            "The peer acknowledged octets that we sent after its FIN: it had closed its own direction only."
        case .lateDataReset:
            "The peer answered octets that we sent after its FIN with RST: its application had closed both directions, and read no more."
        case .resetRepeated:
            "The peer answered octets that we sent after its RST with another RST, as a host must that knows no such connection."
        case .resetUnrepeated:
            "Nothing answered octets that we sent after the peer's RST, to which a RST is due; many firewalls are silent here."
        case .resetDisowned:
            "The peer answered octets that we sent after its RST with an ACK: it still had the connection, so somebody on the way made the RST."
        case .finWaitKept:
            "The peer, whose FIN we had confirmed, acknowledged our FIN a while later: it had waited for it in FIN-WAIT-2."
        case .finWaitOver:
            "The peer, whose FIN we had confirmed, answered our FIN a while later with RST: it had waited for it no longer."
        case .timeWaitKept:
            "Both directions were closed, the peer's first, and a while later it acknowledged our FIN again: it was in TIME-WAIT."
        case .timeWaitOver:
            "Both directions were closed, the peer's first, and a while later it answered our FIN with RST: its TIME-WAIT was over."
        case .captureLoss: "The capture lost frames, so what is missing may only not have been captured."
        case .sendFailed: "This machine refused to send one of our segments."
        case .notSeenLeaving: "A segment that we handed over for sending was never seen leaving."
        case .answerOnOtherInterface: "An answer came in on another interface than the one captured."
        case .neighbourUnresolved:
            "The next hop did not answer for its link address, so our packets never left this network."
        case .guardBreached: "This machine's kernel sent a segment into our connection."
        case .rewrittenLocally: "What left this machine is not what was crafted."
        case .clockStepped: "The wall clock was stepped during the run, so times across the step cannot be trusted."
        case .interrupted: "The run was ended before it was complete."
        }
    }

    /// The clause that says how it should be, when one applies.
    public var clause: String? {
        switch self {
        case .refused, .refusalInexact: "RFC 9293 §3.5.2"
        case .filteredByICMP, .icmpSoftError: "RFC 9293 §3.9.2.2, RFC 1122 §4.2.3.9"
        case .hopLimitExceeded: "RFC 792, RFC 4443 §3.3"
        case .challenged: "RFC 5961 §4, RFC 9293 §3.10.7.4"
        case .wrongAcknowledgment, .resetWithoutAck, .resetStray: "RFC 9293 §3.10.7.3"
        case .closedPortAnswer, .answerInexact: "RFC 9293 §3.5.2, §3.10.7.1, §3.10.7.2"
        case .answerNotDue: "RFC 9293 §3.1 (MUST-3), §3.10.7.1; RFC 1122 §3.2.1.2"
        case .silenceExpected: "RFC 9293 §3.1 (MUST-3), §3.10.7.1, §3.10.7.2"
        case .malformedSegment: "RFC 9293 §3.1, §3.2"
        case .signatureMissing, .signatureWrong: "RFC 2385 §2.0, §4.1"
        case .resetInHandshake, .resetByPeer, .resetAfterFin: "RFC 9293 §3.5.3"
        case .synNotReturned: "RFC 9293 §3.5"
        case .synCrossed: "RFC 9293 §3.5 (figure 7)"
        case .lateAnswer, .ambiguousAnswer: "RFC 6298 §3, RFC 7323 §4"
        case .synAckWithData, .synAckWithFin: "RFC 9293 §3.10.7.3"
        case .synAckChanged, .synAckOptionsChanged: "RFC 4987 §3.6"
        case .zeroWindowInSynAck: "RFC 9293 §3.8.6.1"
        case .noMSS, .oddMSS, .reducedMSS: "RFC 9293 §3.7.1"
        case .timestampEchoZero: "RFC 7323 §3.2"
        case .windowScaleTooLarge: "RFC 7323 §2.3"
        case .malformedOptions: "RFC 9293 §3.2"
        case .optionNotOffered: "RFC 7323 §2.2, §3.2; RFC 2018 §2"
        case .dontFragmentChanged: "RFC 1191 §3"
        case .identificationJumped: "RFC 6864 §4.1"
        case .timestampsDropped, .optionNotNegotiated: "RFC 7323 §3.2"
        case .timestampJumped: "RFC 7323 §5.4"
        case .windowShrunk: "RFC 9293 §3.8.6"
        case .ecnAgreed, .ecnDeclined: "RFC 3168 §6.1.1"
        case .ecnBroken, .accecnAgreed: "RFC 9768 §3.1.1"
        case .tfoCookie, .tfoDeclined: "RFC 7413 §4.1"
        case .mptcpAgreed, .mptcpDeclined: "RFC 8684 §3.1, §3.7"
        case .synDataTaken, .synDataIgnored: "RFC 7413 §4.2, RFC 9293 §3.10.7.2"
        case .synAckRepeated: "RFC 9293 §3.8.1"
        case .synAckSchedule, .finSchedule: "RFC 6298 §5, RFC 9293 §3.8.1"
        case .synAckGivenUp, .finGivenUp: "RFC 9293 §3.8.3, §3.10.7.1"
        case .wrongAckRefused, .wrongAckIgnored: "RFC 9293 §3.5.2, §3.10.7.4"
        case .badChecksum: "RFC 9293 §3.1"
        case .retransmittedByUs, .retransmittedByPeer: "RFC 6298 §5"
        case .outOfOrder, .duplicated: "RFC 9293 §3.10.7.4"
        case .outsideWindow: "RFC 9293 §3.4"
        case .icmpNotOurs: "RFC 5927 §4.1"
        case .packetTooBig: "RFC 1191 §3, RFC 8201 §4"
        case .resetWrongSequence: "RFC 5961 §3"
        case .lateDataTaken: "RFC 9293 §3.6, §3.10.7.4 (FIN-WAIT-2)"
        case .lateDataReset: "RFC 9293 §3.6.1; RFC 1122 §4.2.2.13"
        case .resetRepeated, .resetUnrepeated, .resetDisowned: "RFC 9293 §3.5.2, §3.10.7.1"
        case .finWaitKept, .finWaitOver: "RFC 9293 §3.6, §3.10.7.4 (FIN-WAIT-2)"
        case .timeWaitKept, .timeWaitOver: "RFC 9293 §3.6.1, §3.10.7.4 (TIME-WAIT)"
        case .resetChallenged, .resetIgnored, .resetBelieved: "RFC 5961 §3.2"
        case .stillOpen, .idleLost: "RFC 9293 §3.8.4"
        case .idleForgotten: "RFC 9293 §3.5.1, §3.8.4"
        case .idleClosed, .idleReset: "RFC 9293 §3.9.1.5"
        case .dataAfterFin, .peerClosedFirst, .peerNeverClosed, .peerDidNotCloseFirst, .halfCloseHonoured,
            .halfCloseTruncated, .halfCloseReset:
            "RFC 9293 §3.6"
        case .dataUnacknowledged, .finUnacknowledged: "RFC 9293 §3.8.3"
        case .goodbyeUnconfirmed: "RFC 9293 §3.5.1"
        case .neighbourUnresolved: "RFC 826, RFC 4861 §7.2"
        case .noAnswer, .deferredAccept, .notProvedOpen, .proofWeak, .coalesced, .captureStartsLate, .leftOpen,
            .captureLoss, .sendFailed, .notSeenLeaving, .answerOnOtherInterface, .guardBreached, .rewrittenLocally,
            .clockStepped, .interrupted, .ttlChanged, .resetWithOtherTTL:
            nil
        }
    }
}
