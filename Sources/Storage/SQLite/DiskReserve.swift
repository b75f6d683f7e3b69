import Foundation
import Synchronization

/// A file of zeros that holds a few megabytes of the disk back.
///
/// Deleting needs room too: SQLite writes the pages it changes into its log before it frees anything. When the disk is
/// full the reserve is given up, which leaves room for deletions; ordinary writes, and everything that works behind them,
/// wait until it can be taken back.
///
/// `@unchecked Sendable`: the lock is a POSIX one, made for many threads; everything else is atomic or constant.
final class DiskReserve: @unchecked Sendable {
    static let bytes = 4 << 20

    private let path: String
    private let held = Atomic<Bool>(false)
    /// Taken for reading by work that can wait, and for writing to give up: what that work had begun would otherwise
    /// eat the room that was just made.
    private let background = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)

    init(path: String) {
        self.path = path
        pthread_rwlock_init(background, nil)
        _ = take()
    }

    deinit {
        pthread_rwlock_destroy(background)
        background.deallocate()
    }

    /// Whether there is room for work that can wait.
    var isHeld: Bool { held.load(ordering: .acquiring) }

    /// Does work that can wait, such as indexing, if there is room; `nil` if there is not.
    func whileHeld<Result>(_ work: () throws -> Result) rethrows -> Result? {
        pthread_rwlock_rdlock(background)
        defer { pthread_rwlock_unlock(background) }
        return isHeld ? try work() : nil
    }

    /// Gives the space up, once the work that can wait has stopped; nothing if that has been done.
    func giveUp() {
        guard held.exchange(false, ordering: .acquiringAndReleasing) else { return }
        pthread_rwlock_wrlock(background)
        defer { pthread_rwlock_unlock(background) }
        truncate(path, 0)
    }

    /// Whether the reserve is there, after trying to take it back if it is not and as much again would stay free: what
    /// was given up for deletions must not be taken from them at once.
    func take() -> Bool {
        if isHeld { return true }
        var disk = statvfs()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard statvfs(folder, &disk) == 0, Int(disk.f_bavail) * Int(disk.f_frsize) >= 2 * Self.bytes else {
            return false
        }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        guard posix_fallocate(file, 0, off_t(Self.bytes)) == 0 else {
            // What could be had of it is of more use to others.
            ftruncate(file, 0)
            return false
        }
        held.store(true, ordering: .releasing)
        return true
    }
}
