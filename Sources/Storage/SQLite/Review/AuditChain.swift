import COpenSSL
import Community
import LyceumProtocol

/// How rows of the audit log are chained: `hash = SHA-256(previous hash ‖ row)`, the row as numbers of 8 bytes and texts
/// with their lengths, so that no two rows read alike.
public enum AuditChain {
    /// What stands before the first row.
    public static let start = [UInt8](repeating: 0, count: 32)

    public static func hash(_ entry: AuditEntry, number: Int64, after previous: [UInt8]) -> [UInt8] {
        var bytes = previous
        append(number, to: &bytes)
        append(entry.at, to: &bytes)
        append(entry.actor.rawValue, to: &bytes)
        append(entry.action, to: &bytes)
        // -1 is no identifier, so that none differs from any.
        append(entry.room?.rawValue ?? -1, to: &bytes)
        append(entry.member?.rawValue ?? -1, to: &bytes)
        append(entry.item ?? -1, to: &bytes)
        append(entry.details, to: &bytes)
        var digest = [UInt8](repeating: 0, count: 32)
        _ = SHA256(bytes, bytes.count, &digest)
        return digest
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        append(Int64(text.utf8.count), to: &bytes)
        bytes += Array(text.utf8)
    }

    /// Looks at every row, and at the checkpoint for rows that were cut off the end.
    public static func verify(_ reader: some ReviewReader, checkpoint: AuditCheckpoint?) throws -> AuditFinding {
        var (count, previous) = (Int64(0), start)
        var hashAtCheckpoint = checkpoint?.count == 0 ? start : nil
        while case let rows = try reader.auditRows(after: count, limit: 1000), !rows.isEmpty {
            for row in rows {
                guard row.number == count + 1 else {
                    return .broken(row: count + 1, "it is missing; the next one is \(row.number)")
                }
                guard row.hash == hash(row.entry, number: row.number, after: previous) else {
                    return .broken(row: row.number, "it is not what was written")
                }
                (count, previous) = (row.number, row.hash)
                if count == checkpoint?.count { hashAtCheckpoint = row.hash }
            }
        }
        guard let checkpoint else {
            return count == 0
                ? .intact(rows: 0) : .broken(row: count + 1, "the checkpoint that says how many rows there are is gone")
        }
        guard let hashAtCheckpoint else {
            return .broken(row: count + 1, "it was cut off; the checkpoint tells of \(checkpoint.count) rows")
        }
        guard hashAtCheckpoint == checkpoint.hash else {
            return .broken(row: checkpoint.count, "the log was written anew; the checkpoint has another hash")
        }
        return .intact(rows: count)
    }
}
