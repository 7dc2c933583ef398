import HandprobeReport

/// What takes the frames of a capture file as they are read.
protocol CaptureReceiver: AnyObject {
    /// How many frames it has taken.
    var frameCount: Int { get }
    /// True when it wants no more.
    var isSatisfied: Bool { get }
    /// Takes the next frame of a file that has nothing else.
    func take(_ frame: FileFrame)
    /// Takes the next block of a pcapng file.
    func take(_ block: PCAPNGBlock)
}

extension FileJudge: CaptureReceiver {
    var frameCount: Int { figures.frames }
    var isSatisfied: Bool { false }
}
