import Glibc
import HandprobeFuzzing

/// The target that HANDPROBE_FUZZ_TARGET names.
private let target: FuzzTarget = {
    let name = unsafe getenv("HANDPROBE_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
        print("fuzz: HANDPROBE_FUZZ_TARGET is '\(name)', not one of: \(known)")
        exit(64)
    }
    return target
}()

/// What libFuzzer calls for each input; ends the process when the input breaks a rule, which libFuzzer then keeps.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let octets = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(BrokenRule) {
        try target.run(octets)
    } catch {
        print("fuzz: \(target.rawValue): \(error)")
        fflush(nil)
        abort()
    }
    return 0
}
