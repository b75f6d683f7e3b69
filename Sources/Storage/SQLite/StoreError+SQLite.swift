import Community
import Foundation
import GRDB
import GRDBSQLite

extension StoreError {
    /// What SQLite said about its last call on `connection`.
    init(code: Int32, of connection: OpaquePointer?) {
        let message = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? ""
        self.init(
            code: sqlite3_extended_errcode(connection), systemError: sqlite3_system_errno(connection),
            message: message.isEmpty ? String(cString: sqlite3_errstr(code)) : message)
    }

    /// An error of GRDB, or of anything else that stood between a caller and the disk.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError:
            self.init(
                code: error.extendedResultCode.rawValue, systemError: errno, message: error.message ?? "\(error)")
        default: self = .unavailable("\(error)")
        }
    }

    /// A full disk shows as `SQLITE_FULL`, a full quota or a limited file size as an I/O error with the system's reason.
    private init(code: Int32, systemError: Int32, message: String) {
        let primary = code & 0xFF
        let lacksSpace = [ENOSPC, EDQUOT, EFBIG].contains(systemError)
        let text = "SQLite \(code), errno \(systemError): \(message)"
        self = primary == SQLITE_FULL || (primary == SQLITE_IOERR && lacksSpace) ? .full(text) : .unavailable(text)
    }
}
