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
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .target(name: "LyceumProtocol", swiftSettings: strict),
        .systemLibrary(
            name: "CLibwebsockets", pkgConfig: "libwebsockets",
            providers: [.apt(["libwebsockets-dev", "libwebsockets-evlib-uv", "libuv1-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "Transport", dependencies: ["CLibwebsockets", "COpenSSL"], swiftSettings: strict),
        .executableTarget(
            name: "lyceum",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser")
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TransportTests", dependencies: ["Transport", "CLibwebsockets"], swiftSettings: strict),
        .testTarget(name: "LyceumProtocolTests", dependencies: ["LyceumProtocol"], swiftSettings: strict),
    ]
)
