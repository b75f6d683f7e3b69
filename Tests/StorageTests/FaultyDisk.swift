import Foundation
import GRDBSQLite
import Locking

/// A disk that fails when a test says so: SQLite's own file functions, with writing and synchronising put in between.
///
/// Registered as the default for the whole process, so that the store under test needs to know nothing of it; faults
/// are told apart by folder.
enum FaultyDisk {
    enum Fault {
        /// Every write finds the disk full, after this many that do not.
        case full(after: Int)
        /// Every synchronisation fails, after this many that do not.
        case syncs(after: Int)
    }

    /// Makes files under `folder` fail, or work again.
    static func set(_ fault: Fault?, under folder: URL) {
        state.withLock { $0.faults[folder.path] = fault }
    }

    /// To be called before the store is opened.
    static func install() { _ = installed }

    // MARK: - Between SQLite and its files

    private struct File {
        let path: String
        let original: UInt
    }

    private struct State {
        var faults: [String: Fault] = [:]
        /// By the address of SQLite's object.
        var files: [UInt: File] = [:]
        /// The changed tables of functions, by the address of the original.
        var tables: [UInt: UInt] = [:]
    }

    private static let state = Locked(State())

    private static let installed: Bool = {
        guard let original = sqlite3_vfs_find(nil) else { return false }
        // Lives as long as the process, like every registered one.
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: original.pointee)
        vfs.pointee.zName = UnsafePointer(strdup("faulty"))
        vfs.pointee.pNext = nil
        vfs.pointee.xOpen = { _, name, file, flags, outFlags in
            // The copy before this one in the list is SQLite's own.
            guard let own = sqlite3_vfs_find("unix"), let file else { return SQLITE_ERROR }
            let code = own.pointee.xOpen(own, name, file, flags, outFlags)
            if code == SQLITE_OK, let name { FaultyDisk.adopt(file, path: String(cString: name)) }
            return code
        }
        return sqlite3_vfs_register(vfs, 1) == SQLITE_OK
    }()

    private static func adopt(_ file: UnsafeMutablePointer<sqlite3_file>, path: String) {
        guard let original = file.pointee.pMethods else { return }
        let table = state.withLock { state in
            let key = UInt(bitPattern: original)
            state.files[UInt(bitPattern: file)] = File(path: path, original: key)
            if let table = state.tables[key] { return table }
            let table = UInt(bitPattern: changed(original))
            state.tables[key] = table
            return table
        }
        file.pointee.pMethods = UnsafePointer(bitPattern: table)
    }

    private static func changed(
        _ original: UnsafePointer<sqlite3_io_methods>
    ) -> UnsafeMutablePointer<sqlite3_io_methods> {
        let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        table.initialize(to: original.pointee)
        table.pointee.xWrite = { file, bytes, count, offset in
            if FaultyDisk.fails(file, isSync: false) { return SQLITE_FULL }
            return FaultyDisk.original(of: file)?.pointee.xWrite(file, bytes, count, offset) ?? SQLITE_IOERR
        }
        table.pointee.xSync = { file, flags in
            if FaultyDisk.fails(file, isSync: true) { return SQLITE_IOERR | 4 << 8 }
            return FaultyDisk.original(of: file)?.pointee.xSync(file, flags) ?? SQLITE_IOERR
        }
        table.pointee.xClose = { file in
            let original = FaultyDisk.original(of: file)
            _ = FaultyDisk.state.withLock { $0.files.removeValue(forKey: UInt(bitPattern: file)) }
            return original?.pointee.xClose(file) ?? SQLITE_IOERR
        }
        return table
    }

    private static func original(
        of file: UnsafeMutablePointer<sqlite3_file>?
    ) -> UnsafePointer<sqlite3_io_methods>? {
        state.withLock { $0.files[UInt(bitPattern: file)]?.original }.flatMap { UnsafePointer(bitPattern: $0) }
    }

    private static func fails(_ file: UnsafeMutablePointer<sqlite3_file>?, isSync: Bool) -> Bool {
        state.withLock { state in
            guard let path = state.files[UInt(bitPattern: file)]?.path,
                let folder = state.faults.keys.first(where: { path.hasPrefix($0 + "/lyceum.db") })
            else { return false }
            switch state.faults[folder] {
            case .full(let rest) where !isSync:
                state.faults[folder] = .full(after: max(0, rest - 1))
                return rest == 0
            case .syncs(let rest) where isSync:
                state.faults[folder] = .syncs(after: max(0, rest - 1))
                return rest == 0
            default: return false
            }
        }
    }
}
