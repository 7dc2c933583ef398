// swift-tools-version: 6.2
import PackageDescription

/// The fuzzing program that `make fuzz` builds, with libFuzzer and AddressSanitizer. A package of its own, so that nothing
/// else is built with them.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "handprobe", path: "../..")],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: [.product(name: "HandprobeFuzzing", package: "handprobe")],
            // libFuzzer brings the main function.
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])]
        )
    ]
)
