import CTestKit
import Glibc

/// The one thread that starts programs. It lives as long as this process and programs die with it: `kill -9` of a
/// test run leaves none behind.
final class Launcher: Sendable {
    static let shared = Launcher()

    /// Where the standard streams of a program lead, from the program's side.
    enum Ends: Sendable {
        case pipes(Descriptor, Descriptor, Descriptor)
        case terminal(String)
    }

    private struct Order: Sendable {
        var number: Int
        var run: @Sendable () throws -> Int32
    }

    private struct State: Sendable {
        var worker: Worker?
        var last = 0
        var orders: [Order] = []
        var results: [Int: Result<Int32, any Error>] = [:]
    }

    private let state = Monitor(State())

    /// Starts a program and returns its pid.
    func launch(
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ namespace: NetworkNamespace?,
        _ ends: Ends
    ) throws -> Int32 {
        let variables = TestEnvironment.variables.merging(environment) { $1 }.map { "\($0)=\($1)" }
        let number = try order {
            try Self.fork(path, arguments, variables, namespace?.descriptor.number ?? -1, ends)
        }
        let result = state.wait(.seconds(60)) { $0.results.removeValue(forKey: number) }
        guard let result else { throw TestKitError.timeout("starting \(path)") }
        return try result.get()
    }

    private func order(_ run: @escaping @Sendable () throws -> Int32) throws -> Int {
        try state.withLock { state in
            if state.worker == nil { state.worker = try Worker { [self] in serve() } }
            state.last += 1
            state.orders.append(Order(number: state.last, run: run))
            return state.last
        }
    }

    private func serve() {
        while true {
            let order = state.wait(.seconds(3600)) { $0.orders.isEmpty ? nil : $0.orders.removeFirst() }
            guard let order else { continue }
            let result = Result { try order.run() }
            state.withLock { $0.results[order.number] = result }
        }
    }

    private static func fork(
        _ path: String,
        _ arguments: [String],
        _ environment: [String],
        _ network: Int32,
        _ ends: Ends
    ) throws -> Int32 {
        try unsafe withCStrings(arguments) { arguments in
            try unsafe withCStrings(environment) { environment in
                try unsafe path.withCString { path in
                    var launch = unsafe ctk_launch()
                    unsafe launch.path = path
                    unsafe launch.arguments = arguments
                    unsafe launch.environment = environment
                    unsafe launch.network = network
                    var pid: Int32
                    switch ends {
                    case .pipes(let input, let output, let error):
                        unsafe launch.input = input.number
                        unsafe launch.output = output.number
                        unsafe launch.error = error.number
                        pid = unsafe ctk_launch(&launch)
                    case .terminal(let name):
                        pid = unsafe name.withCString {
                            unsafe launch.terminal = $0
                            return unsafe ctk_launch(&launch)
                        }
                    }
                    return try TestKitError.check(pid, "exec", "starting \(unsafe String(cString: path))")
                }
            }
        }
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
    ) rethrows -> Result {
        let copies = unsafe strings.map { unsafe strdup($0) } + [nil]
        defer { unsafe copies.forEach { unsafe free($0) } }
        return try unsafe copies.withUnsafeBufferPointer { try unsafe body($0.baseAddress!) }
    }
}
