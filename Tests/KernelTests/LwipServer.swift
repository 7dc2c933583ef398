import Glibc
import HandprobeTestKit

/// `Tests/ForeignStacks/lwip-server.c`, built once a run against the lwIP of the machine.
enum LwipServer {
    /// Where the headers of lwIP are.
    private static let headers = "/usr/include/lwip"

    static let canBeBuilt: Bool = {
        let isThere = unsafe access("\(headers)/lwip/init.h", R_OK) == 0
        return isThere && TestEnvironment.has("cc")
    }()

    private static let built = Result {
        let tests = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        let source = (tests + ["ForeignStacks", "lwip-server.c"]).joined(separator: "/")
        let program =
            Program.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/") + "/lwip-server"
        let options = ["-O1", "-Wall", "-Wextra", "-Werror", "-isystem", headers]
        // Another run of the tests may just be starting the program that is there.
        let fresh = "\(program).\(getpid())"
        try Subprocess.check("cc", options + ["-o", fresh, source, "-llwip"])
        guard unsafe rename(fresh, program) == 0 else {
            throw TestKitError.system(call: "rename", errno: errno, doing: "putting the lwIP server in place")
        }
        return program
    }

    /// Where the program is.
    static var path: String { get throws { try built.get() } }
}
