import Community
import Foundation
import GRDB
import LyceumProtocol

/// The files that a copy of the record knows, beside that copy.
///
/// Whole files never change, so on one disk a copy is a hard link: a daily backup costs the new files only.
struct FileBackup {
    /// The copy of the record.
    let copy: URL
    /// Where the files are.
    let folder: URL

    /// Where the files of a backup are.
    static func folder(of backup: URL) -> URL { backup.appendingPathExtension("files") }

    /// Puts every file that somebody may still see into `target`, whole or not at all.
    func copy(to target: URL) throws {
        let partial = target.appendingPathExtension("partial")
        try? FileManager.default.removeItem(at: partial)
        try FileManager.default.createDirectory(
            at: partial, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: partial) }
        for file in try record() { try put(file, into: partial) }
        try Durable.rename(partial, to: target)
    }

    /// Checks each file against the digest that the record has of it.
    func verify() throws {
        for file in try record() where Self.isNeeded(file) {
            let url = try FileFolder(folder).url(of: file.id)
            guard FileManager.default.fileExists(atPath: url.path) else {
                throw SQLiteBackup.Failure(description: "\(url.path) is missing.")
            }
            guard try Checksum.digest(of: url) == file.digest else {
                throw SQLiteBackup.Failure(description: "\(url.path) is not what was uploaded.")
            }
        }
    }

    private func put(_ file: FileRecord, into target: URL) throws {
        let source = try FileFolder(folder).url(of: file.id)
        guard FileManager.default.fileExists(atPath: source.path) else {
            // It may have been forgotten since the record was copied; nobody could see it by then.
            guard Self.isNeeded(file) else { return }
            throw SQLiteBackup.Failure(description: "\(source.path) is missing.")
        }
        let copy = try FileFolder(target).url(of: file.id)
        if link(source.path, copy.path) == 0 { return }
        try FileManager.default.copyItem(at: source, to: copy)
        try Durable.synchronise(copy.path)
    }

    /// What hangs on a message that is there.
    private static func isNeeded(_ file: FileRecord) -> Bool { file.message != nil && file.goneAt == nil }

    private func record() throws -> [FileRecord] {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: copy.path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { try SQLiteReader($0).filesOfRecord() }
    }
}
