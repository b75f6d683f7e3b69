import Community
import Foundation

/// A write-ahead log with damage in the part that was acknowledged.
///
/// SQLite ends a log at the first frame whose checksum is wrong, and says nothing: after a crash that is right, as only
/// what nobody was promised can be torn. A bit that flips on the disk ends it there too, and takes every later commit
/// along. The difference can be seen (``LogFrames/synchronised``), for all but damage to the very last transaction,
/// which looks like the crash that it came to light by.
struct DamagedLog {
    let path: String
    /// The number of the first damaged frame, from 0, and of all frames.
    let frame: Int
    let frames: Int

    /// - Returns: `nil` for a log that is whole, torn at its end, or not there.
    /// - Throws: ``StoreError`` if it cannot be read.
    init?(at path: String) throws(StoreError) {
        guard let bytes = try Self.contents(of: path) else { return nil }
        let found = bytes.withUnsafeBytes { bytes in
            let frames = LogFrames(bytes)
            return (first: frames.soundStart, synchronised: frames.synchronised, count: frames.count)
        }
        guard found.first < found.synchronised else { return nil }
        (self.path, frame, frames) = (path, found.first, found.count)
    }

    /// To be called before SQLite opens the database, as that discards what it does not take.
    static func refuse(in folder: DataFolder) throws(StoreError) {
        guard let log = try DamagedLog(at: folder.logPath) else { return }
        throw .unavailable(
            """
            \(log.path) is damaged: frame \(log.frame + 1) of \(log.frames) is not what was written, and commits that \
            were acknowledged come after it. Run `lyceum backup recover`, which keeps what can be kept and says what \
            cannot, or restore a backup.
            """)
    }

    /// What can be kept of the log.
    struct Mended {
        let bytes: [UInt8]
        /// Transactions that had been acknowledged and cannot be kept.
        let lostCommits: Int
    }

    /// Leaves out the damaged frames whose page stands elsewhere, in a later frame or in the database already, and ends
    /// the log before the first whose page does not.
    func mended(database path: String) throws(StoreError) -> Mended {
        let database: FileHandle
        let bytes: Data
        do {
            database = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            bytes = try Data(contentsOf: URL(fileURLWithPath: self.path), options: .alwaysMapped)
        } catch {
            throw .unavailable("\(path) or its log cannot be read: \(error.localizedDescription)")
        }
        defer { try? database.close() }
        return bytes.withUnsafeBytes { Self.mend(LogFrames($0), database) }
    }

    private static func mend(_ log: LogFrames, _ database: FileHandle) -> Mended {
        let end = log.end
        let rewritten = Dictionary(
            (0..<end).filter(log.isSound).map { (log.page($0), $0) }, uniquingKeysWith: { max($0, $1) })
        var kept: [Int] = []
        for index in 0..<end {
            if log.isSound(index) {
                kept.append(index)
            } else if rewritten[log.page(index)] ?? 0 <= index, !stands(in: database, log, index) {
                let last = log.lastCommit(before: index)
                return Mended(
                    bytes: log.log(of: Array(kept.prefix { $0 <= last })),
                    lostCommits: (index..<end).count(where: log.isCommit))
            }
        }
        return Mended(bytes: log.log(of: kept), lostCommits: 0)
    }

    /// Whether the frame's page has been moved into the database, as its checksum tells.
    private static func stands(in database: FileHandle, _ log: LogFrames, _ index: Int) -> Bool {
        let number = UInt64(log.page(index))
        guard number > 0, (try? database.seek(toOffset: (number - 1) * UInt64(log.pageSize))) != nil,
            let page = try? database.read(upToCount: log.pageSize)
        else { return false }
        return page.withUnsafeBytes { log.fits($0, index) }
    }

    private static func contents(of path: String) throws(StoreError) -> Data? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw .unavailable("\(path) cannot be read: \(error.localizedDescription)")
        }
    }
}

extension LogFrames {
    /// Past the last commit of those that follow what was synchronised without a break.
    fileprivate var end: Int {
        let broken = (synchronised..<count).first { !isSound($0) } ?? count
        return lastCommit(before: broken) + 1
    }

    /// The newest sound commit before a frame; −1 if there is none.
    fileprivate func lastCommit(before index: Int) -> Int {
        (0..<index).last { isSound($0) && isCommit($0) } ?? -1
    }
}
