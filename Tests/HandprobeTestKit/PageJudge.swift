/// Outside judges of an HTML page: a parser that is not ours, and a real browser.
public enum PageJudge {
    private static let scripts =
        "\(#filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/"))/Scripts"
    private static let python = "/usr/bin/python3"

    /// True when there is the parser.
    public static let hasParser = (try? Subprocess.run(python, ["-c", "import html.parser"]))?.exitCode == 0
    /// True when there is a browser.
    public static let hasBrowser = ["chromium", "chromium-browser", "google-chrome"].contains(
        where: TestEnvironment.has)

    /// How many elements there are in `page`, and what is wrong with it; empty when nothing is.
    public static func parse(_ page: String) throws -> (count: Int, problems: String) {
        let run = try Subprocess.run(python, ["\(scripts)/wellformed.py"], stdin: page)
        return (Int(run.stdout.split(separator: "\n").first ?? "") ?? 0, run.stderr)
    }

    /// What a browser makes of the page at `path`, as JSON; `folder` is for what it leaves behind.
    public static func look(at path: String, in folder: String) throws -> String {
        let run = try Subprocess.run(python, ["\(scripts)/browser.py", path, folder], limit: .seconds(120))
        return run.exitCode == 0 ? run.stdout : #"{"problems":["\#(run.stderr.replacing("\"", with: "'"))"]}"#
    }
}
