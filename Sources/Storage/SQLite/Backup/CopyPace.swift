import CLinux
import Foundation

/// How fast a copy goes, so that those who write and read beside it do not feel it.
///
/// What is written is brought to the disk step by step: pages that pile up in memory would all have to be written before
/// the next commit of the daemon is synchronised. After each step the copy rests for longer than the step took, so it
/// takes a share of the disk, whatever the disk can do.
struct CopyPace {
    /// Pages of 4 KiB between two rests.
    static let pages: Int32 = 16
    /// Of the time, the part that the copy works, is one over one more than this.
    private static let restsForEachStep = 4
    private static let longestRest = Duration.milliseconds(200)

    private let file: Int32
    private var started = ContinuousClock.now

    /// - Parameter file: The descriptor of the file that grows.
    init(writing file: Int32) { self.file = file }

    mutating func endStep() {
        sync_file_range(file, 0, 0, UInt32(LYCEUM_WRITE_OUT))
        let took = started.duration(to: .now)
        let rest = min(took * Self.restsForEachStep, Self.longestRest)
        usleep(UInt32(rest / .microseconds(1)))
        started = .now
    }
}
