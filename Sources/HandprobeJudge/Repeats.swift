/// What one end sent again.
struct Repeats: Hashable, Sendable {
    var segments = 0
    var octets = 0
    var evidence: [Int] = []
    var stage = Stage.postSyn
}
