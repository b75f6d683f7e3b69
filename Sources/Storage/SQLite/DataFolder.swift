import Community
import Foundation

/// The folder that one daemon keeps its data in. Holding it is holding its lock.
///
/// Nobody but the daemon's own account may look inside.
final class DataFolder: Sendable {
    let url: URL
    private let lock: Int32

    /// Makes the folder if need be and locks it until this object goes.
    ///
    /// - Throws: ``StoreError/unavailable(_:)`` with a sentence if another process has it.
    init(_ url: URL) throws(StoreError) {
        self.url = url
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unavailable("The data folder \(url.path) cannot be made: \(error.localizedDescription)")
        }
        lock = try Self.lock(url.appending(path: "lyceum.lock").path, folder: url.path)
    }

    deinit { close(lock) }

    var recordPath: String { Self.recordPath(in: url) }
    var logPath: String { recordPath + "-wal" }
    var auditCheckpointPath: String { Self.auditCheckpointPath(in: url) }
    var reservePath: String { url.appending(path: "reserve").path }
    var searchPath: String { url.appending(path: "search.db").path }
    var activityPath: String { url.appending(path: "activity.db").path }
    var activityStatePath: String { url.appending(path: "activity.state").path }

    var files: URL { Self.files(in: url) }

    static func files(in folder: URL) -> URL { folder.appending(path: "files") }
    static func recordPath(in folder: URL) -> String { folder.appending(path: "lyceum.db").path }
    static func auditCheckpointPath(in folder: URL) -> String { folder.appending(path: "audit.head").path }

    /// Makes an empty file that only its owner can read; SQLite gives the files beside a database the same mode.
    static func makePrivateFile(_ path: String) throws(StoreError) {
        let file = open(path, O_CREAT | O_CLOEXEC | O_RDWR, 0o600)
        guard file >= 0 else { throw systemError("The file \(path) cannot be made") }
        close(file)
    }

    private static func lock(_ path: String, folder: String) throws(StoreError) -> Int32 {
        let file = open(path, O_CREAT | O_CLOEXEC | O_RDWR, 0o600)
        guard file >= 0 else { throw systemError("The data folder \(folder) cannot be locked") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw .unavailable("The data folder \(folder) is in use by another lyceum process.")
        }
        return file
    }

    static func systemError(_ what: String) -> StoreError {
        let reason = String(cString: strerror(errno))
        return errno == ENOSPC || errno == EDQUOT ? .full("\(what): \(reason)") : .unavailable("\(what): \(reason)")
    }
}
