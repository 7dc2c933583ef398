/// The closed list of findings. A code never changes its meaning.
public enum FindingCode: String, Hashable, Sendable, CaseIterable {
    case refused
    case filteredByICMP = "filtered-by-icmp"
    case noAnswer = "no-answer"
    case challenged
    case resetInHandshake = "reset-in-handshake"
    case wrongAcknowledgment = "wrong-acknowledgment"
    case resetWithoutAck = "reset-without-ack"
}
