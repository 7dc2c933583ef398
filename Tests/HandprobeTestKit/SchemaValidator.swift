/// The published description of NDJSON, and a validator that is not ours (Debian's python3-jsonschema).
public enum SchemaValidator {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")
    private static let python = "/usr/bin/python3"

    /// Where the description is.
    public static let schema = "\(root)/Docs/schema/handprobe-1.schema.json"

    /// True when there is a validator.
    public static let isInstalled = (try? Subprocess.run(python, ["-c", "import jsonschema"]))?.exitCode == 0

    /// What a test says that did not run for want of it.
    public static let isMissing = "NOT TESTED: python3-jsonschema is not installed (`make setup` does it)"

    /// How many objects there are in `lines`, and what is wrong with them; empty when nothing is.
    public static func validate(_ lines: [String]) throws -> (count: Int, problems: String) {
        let input = lines.map { $0 + "\n" }.joined()
        let run = try Subprocess.run(python, ["\(root)/Tests/Scripts/validate.py", schema], stdin: input)
        return (Int(run.stdout.split(separator: "\n").first ?? "") ?? 0, run.stderr)
    }
}
