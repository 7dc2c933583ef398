internal import CLinuxNet
internal import CPcap
internal import Glibc

// Wherever this module uses the C library it imports CLinuxNet and CPcap beside Glibc: all three include the same C
// headers, and which of them a declaration then belongs to depends on what the compiler happened to load first.

/// Makes a system call again as long as a signal interrupts it; throws what the kernel says of any other failure.
@discardableResult
func systemCall<Result: FixedWidthInteger & SignedInteger>(
    _ call: String,
    to doing: @autoclosure () -> String,
    advice: (Int32) -> String? = { _ in nil },
    _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        let number = errno
        if number == EINTR { continue }
        throw SystemError(doing: doing(), call: call, errno: number, advice: advice(number))
    }
}
