// swift-tools-version: 6.2
import PackageDescription

/// The fuzzing program that `make fuzz` builds, with libFuzzer and AddressSanitizer. A package of its own, so that nothing
/// else is built with them.
let package = Package(
    name: "Fuzz",
    // Through a link, because SwiftPM names a package for the last part of its path, and a clone may be in a folder of
    // any name, this one's included.
    dependencies: [.package(path: "handprobe")],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: [.product(name: "HandprobeFuzzing", package: "handprobe")],
            // libFuzzer brings the main function.
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])]
        )
    ]
)
