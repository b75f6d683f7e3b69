import Community
import Foundation
import LyceumProtocol

/// How many rows the audit log has and the last one's hash, kept outside the database: a log whose end is cut off is a
/// valid chain, but shorter than this.
///
/// Written after each commit that appended, so a crash between the two leaves it behind the log, never ahead.
public struct AuditCheckpoint: Hashable, Sendable {
    public let count: Int64
    public let hash: [UInt8]

    public init(count: Int64, hash: [UInt8]) {
        self.count = count
        self.hash = hash
    }

    /// - Returns: `nil` if there is no file, or nothing readable in it.
    public init?(readingFrom path: String) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let count = Int64(parts[0]), let hash = Self.bytes(hexadecimal: parts[1]) else {
            return nil
        }
        self.init(count: count, hash: hash)
    }

    /// Overwrites the file in place and syncs it: one line of fixed length, so it is one sector or nothing.
    func write(to path: String) throws(StoreError) {
        let digits = hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let number = String(count)
        let line = Array((String(repeating: "0", count: 19 - number.count) + number + " " + digits + "\n").utf8)
        let file = open(path, O_CREAT | O_CLOEXEC | O_WRONLY, 0o600)
        guard file >= 0 else { throw Self.failure(path) }
        defer { close(file) }
        guard pwrite(file, line, line.count, 0) == line.count, fdatasync(file) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> StoreError {
        let reason = String(cString: strerror(errno))
        let sentence = "The checkpoint \(path) cannot be written: \(reason)"
        return errno == ENOSPC || errno == EDQUOT ? .full(sentence) : .unavailable(sentence)
    }

    private static func bytes(hexadecimal text: Substring) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
