internal import Glibc

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
