// swift-tools-version: 6.2
import PackageDescription

/// Warnings fail the build everywhere: a warning that may stay is a warning nobody reads.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "lyceum",
    products: [
        .executable(name: "lyceum", targets: ["lyceum"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "LyceumProtocol", swiftSettings: strict),
        .systemLibrary(name: "CHyperscan", pkgConfig: "libhs", providers: [.apt(["libhyperscan-dev"])]),
        .target(
            name: "CICU",
            linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc"), .linkedLibrary("icudata")]),
        .target(
            name: "Moderation",
            dependencies: ["LyceumProtocol", "CICU", "CHyperscan", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .executableTarget(
            name: "lyceum",
            dependencies: [
                "LyceumProtocol", "Moderation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(name: "LyceumProtocolTests", dependencies: ["LyceumProtocol"], swiftSettings: strict),
        .testTarget(name: "ModerationTests", dependencies: ["Moderation"], swiftSettings: strict),
    ]
)
