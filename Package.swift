// swift-tools-version: 6.2
import PackageDescription

/// One list for every target: Swift 6 mode, explicit existentials and imports, memory safety, no warning let through.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "handprobe",
    products: [
        .executable(name: "handprobe", targets: ["handprobe"]),
        .library(name: "HandprobeWire", targets: ["HandprobeWire"]),
        .library(name: "HandprobeTCP", targets: ["HandprobeTCP"]),
        .library(name: "HandprobeJudge", targets: ["HandprobeJudge"]),
        // For the package in Tests/Fuzz.
        .library(name: "HandprobeFuzzing", targets: ["HandprobeFuzzing"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .systemLibrary(
            name: "CPcap",
            pkgConfig: "libpcap",
            providers: [.apt(["libpcap-dev"]), .yum(["libpcap-devel"])]
        ),
        .target(name: "CLinuxNet"),
        .target(name: "CProcessor"),
        .target(name: "HandprobeWire", swiftSettings: settings),
        .target(name: "HandprobeTCP", dependencies: ["HandprobeWire"], swiftSettings: settings),
        .target(name: "HandprobeJudge", dependencies: ["HandprobeWire", "HandprobeTCP"], swiftSettings: settings),
        .target(
            name: "HandprobeEngine",
            dependencies: ["HandprobeWire", "HandprobeTCP", "HandprobeJudge"],
            swiftSettings: settings
        ),
        .target(
            name: "HandprobeReport",
            dependencies: ["HandprobeWire", "HandprobeTCP", "HandprobeJudge", "CProcessor"],
            swiftSettings: settings
        ),
        .target(
            name: "HandprobeNet",
            dependencies: ["HandprobeWire", "HandprobeTCP", "CPcap", "CLinuxNet"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "handprobe",
            dependencies: [
                "HandprobeWire", "HandprobeTCP", "HandprobeJudge", "HandprobeEngine", "HandprobeReport", "HandprobeNet",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .target(name: "CTestKit", path: "Tests/CTestKit"),
        .target(
            name: "HandprobeTestKit",
            dependencies: ["HandprobeWire", "HandprobeTCP", "CTestKit"],
            path: "Tests/HandprobeTestKit",
            swiftSettings: settings
        ),
        .target(
            name: "HandprobeFuzzing",
            dependencies: ["HandprobeWire", "HandprobeTCP", "HandprobeJudge", "HandprobeReport", "HandprobeNet"],
            path: "Tests/HandprobeFuzzing",
            swiftSettings: settings
        ),
        .testTarget(
            name: "HandprobeFuzzingTests",
            dependencies: ["HandprobeFuzzing"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HandprobeTestKitTests",
            dependencies: ["HandprobeWire", "HandprobeTCP", "HandprobeTestKit"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HandprobeWireTests",
            dependencies: ["HandprobeWire", "HandprobeTestKit"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HandprobeTCPTests",
            dependencies: ["HandprobeWire", "HandprobeTCP"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HandprobeJudgeTests",
            dependencies: ["HandprobeWire", "HandprobeTCP", "HandprobeJudge"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HandprobeEngineTests",
            dependencies: ["HandprobeWire", "HandprobeTCP", "HandprobeJudge", "HandprobeEngine"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HandprobeReportTests",
            dependencies: [
                "HandprobeWire", "HandprobeTCP", "HandprobeJudge", "HandprobeReport", "HandprobeTestKit",
            ],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HandprobeNetTests",
            dependencies: ["HandprobeWire", "HandprobeTCP", "HandprobeNet", "HandprobeTestKit"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KernelTests",
            dependencies: [
                "HandprobeWire", "HandprobeTCP", "HandprobeJudge", "HandprobeEngine", "HandprobeReport", "HandprobeNet",
                "HandprobeTestKit",
                "handprobe",
            ],
            exclude: ["KnownDifferences.md"],
            swiftSettings: settings
        ),
    ]
)
