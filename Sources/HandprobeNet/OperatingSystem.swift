/// What this host runs.
public enum OperatingSystem {
    /// The kernel's name and release: `Linux 6.18.0`.
    public static var name: String {
        let release = (SystemFile.text("/proc/sys/kernel/osrelease") ?? "").split(whereSeparator: \.isNewline).first
        return release.map { "Linux \($0)" } ?? "Linux"
    }
}
