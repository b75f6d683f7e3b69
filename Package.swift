// swift-tools-version: 6.2
import PackageDescription

/// Warnings fail the build everywhere: a warning that may stay is a warning nobody reads.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "lyceum",
    products: [
        .library(name: "LyceumProtocol", targets: ["LyceumProtocol"])
    ],
    dependencies: [],
    targets: [
        .target(name: "LyceumProtocol", swiftSettings: strict),
        .testTarget(name: "LyceumProtocolTests", dependencies: ["LyceumProtocol"], swiftSettings: strict),
    ]
)
