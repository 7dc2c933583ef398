/// How far the connection had come when something happened.
public enum Stage: String, Hashable, Sendable {
    /// Our SYN is out, nothing has synchronised the connection yet.
    case postSyn = "post-syn"
    /// The third segment is out, no data yet.
    case postAck = "post-ack"
    /// Data has gone one way or the other.
    case postData = "post-data"
    /// A FIN or a final RST is out.
    case closing
}
