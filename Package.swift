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
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .target(name: "LyceumProtocol", swiftSettings: strict),
        .target(name: "Community", dependencies: ["LyceumProtocol"], swiftSettings: strict),
        .target(
            name: "Storage",
            dependencies: [
                "Community", "LyceumProtocol",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "lyceum",
            dependencies: [
                "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Storage", "Community", "LyceumProtocol", .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .testTarget(name: "LyceumProtocolTests", dependencies: ["LyceumProtocol"], swiftSettings: strict),
    ]
)
