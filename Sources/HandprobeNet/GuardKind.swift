/// A way to make the kernel discard what arrives for a listening port, so that it never answers for us.
public enum GuardKind: String, Hashable, Sendable, CaseIterable {
    /// A socket filter that drops everything; needs CAP_NET_ADMIN on recent kernels. Every peer.
    case filter
    /// A TCP-MD5 key that no peer knows (RFC 2385), by one key for all addresses where the kernel can. Every peer.
    case md5
    /// A least hop limit of 255 (RFC 5082): every peer that sends less.
    case minHopLimit = "min-hop-limit"
}
