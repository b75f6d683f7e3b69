import Harness

/// The clock on the wall as the daemon reads it that is started with it, turned by the test through libfaketime. The
/// monotonic clock stays true.
public final class WallClock {
    /// Under a sanitizer there is none: its runtime and libfaketime's each wait for the other to have started.
    public static let isTurnable = !isSanitized

    private let folder: TemporaryFolder
    private var path: String { "\(folder.path)/clock" }

    public init() throws {
        folder = try TemporaryFolder(prefix: "lyceum-clock")
        try turn("+0")
    }

    /// - Parameter offset: From the true time, as libfaketime reads it: `+1h`, `-1d`, `+0`.
    public func turn(_ offset: String) throws { try writeFile(path, offset + "\n") }

    var environment: [String: String] {
        [
            "LD_PRELOAD": "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
            "FAKETIME_TIMESTAMP_FILE": path, "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        ]
    }

    /// The daemon is started by `env`, because libfaketime changes the environment of the first program that it is
    /// loaded into, and the Swift runtime finds its arguments only beside an unchanged one.
    static let wrapper = ["env"]
}
