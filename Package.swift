// swift-tools-version: 6.2
import PackageDescription

/// Warnings fail the build everywhere: a warning that may stay is a warning nobody reads.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
/// Optimised in debug builds too: the tracker and its oracle, so that ten thousand random histories are a matter of a
/// minute, and moderation, whose Unicode tables each of the hundreds of daemons that the tests start builds anew.
let fast: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let gitHub = "https://github.com"
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
/// SQLite's own interface, from the same package, for the statements of the hot path.
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "lyceum",
    products: [
        .executable(name: "lyceum", targets: ["lyceum"])
    ],
    dependencies: [
        .package(url: "\(gitHub)/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "\(gitHub)/apple/swift-log", from: "1.16.2"),
        .package(url: "\(gitHub)/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "\(gitHub)/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibwebsockets", pkgConfig: "libwebsockets",
            providers: [.apt(["libwebsockets-dev", "libwebsockets-evlib-uv", "libuv1-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CHyperscan", pkgConfig: "libhs", providers: [.apt(["libhyperscan-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CSQLite"),
        .target(
            name: "CICU",
            linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc"), .linkedLibrary("icudata")]),

        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),

        .target(name: "Locking", swiftSettings: strict),
        .target(name: "LyceumProtocol", swiftSettings: strict),
        .target(name: "Community", dependencies: ["LyceumProtocol"], swiftSettings: strict),
        .target(
            name: "Moderation", dependencies: ["CHyperscan", "CICU", "CLinux", "Locking", "LyceumProtocol", yams],
            swiftSettings: fast),
        .target(name: "Egress", dependencies: ["CCurl"], swiftSettings: strict),
        .target(name: "Webhooks", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "Transport", dependencies: ["CLibwebsockets", "COpenSSL", "Locking"], swiftSettings: strict),
        .target(
            name: "WebClient", exclude: ["Assets", "embed.py"], linkerSettings: [.linkedLibrary("z")]),
        .target(name: "Cluster", dependencies: ["Community", "Locking", "LyceumProtocol"], swiftSettings: strict),
        .target(
            name: "Storage",
            dependencies: [
                "Activity", "CLinux", "Community", "COpenSSL", "CSQLite", "Locking", "LyceumProtocol", "Moderation",
                grdb, sqlite,
            ],
            swiftSettings: strict),
        .target(name: "Activity", dependencies: ["LyceumProtocol"], swiftSettings: fast),
        .target(name: "Retrieval", dependencies: ["Moderation"], swiftSettings: strict),
        .target(
            name: "AnswerBot", dependencies: ["LyceumClient", "LyceumProtocol", "Moderation", "Retrieval"],
            swiftSettings: strict),
        .target(
            name: "LyceumClient", dependencies: ["Locking", "LyceumProtocol", "Transport", "Webhooks"],
            swiftSettings: strict),
        .target(name: "Harness", dependencies: ["CLinux", "Locking", "LyceumProtocol"], swiftSettings: strict),
        .target(
            name: "Server",
            dependencies: [
                "Activity", "Cluster", "Community", "COpenSSL", "Egress", "Locking", "LyceumProtocol", "Moderation",
                "Retrieval", "Transport", "WebClient", "Webhooks", logging, yams,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "lyceum",
            dependencies: [
                "Activity", "AnswerBot", "CLinux", "Community", "Harness", "Locking", "LyceumClient", "LyceumProtocol",
                "Moderation", "Retrieval", "Server", "Storage", "Transport", argumentParser, sqlite,
            ],
            swiftSettings: strict),

        .testTarget(name: "LyceumProtocolTests", dependencies: ["LyceumProtocol"], swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["Harness", "Locking", "LyceumClient", "LyceumProtocol", "Transport"],
            path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "lyceum", "Harness", "Locking", "LyceumClient", "LyceumProtocol", "TestSupport", "Webhooks",
            ],
            swiftSettings: strict),
        .testTarget(name: "HarnessTests", dependencies: ["Harness"], swiftSettings: strict),
        .testTarget(
            name: "LyceumClientTests", dependencies: ["LyceumClient", "LyceumProtocol", "Webhooks"],
            swiftSettings: strict),
        .testTarget(name: "EgressTests", dependencies: ["Egress", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "AnswerBotTests", dependencies: ["AnswerBot", "LyceumProtocol"], swiftSettings: strict),
        .testTarget(name: "ActivityTests", dependencies: ["Activity", "LyceumProtocol"], swiftSettings: fast),
        .testTarget(name: "CommunityTests", dependencies: ["Community", "LyceumProtocol"], swiftSettings: strict),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Activity", "Cluster", "Community", "Locking", "LyceumProtocol", "Server", "Storage", "TestSupport",
                "Transport", "WebClient", logging,
            ],
            exclude: ["contract-v1.json", "permission-matrix.txt"], swiftSettings: strict),
        .testTarget(name: "ModerationTests", dependencies: ["Moderation"], swiftSettings: strict),
        .testTarget(
            name: "RetrievalTests", dependencies: ["LyceumProtocol", "Moderation", "Retrieval", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "TransportTests", dependencies: ["Transport", "CLibwebsockets"], swiftSettings: strict),
        .testTarget(
            name: "StorageTests", dependencies: ["Community", "Locking", "LyceumProtocol", "Storage", sqlite],
            resources: [.copy("Fixtures")], swiftSettings: strict),
    ]
)
