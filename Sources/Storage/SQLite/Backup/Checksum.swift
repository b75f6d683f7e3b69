import COpenSSL
import Foundation

/// The SHA-256 of a file in a file beside it, in the format of `sha256sum`, which can check it too.
enum Checksum {
    static func file(of url: URL) -> URL { url.appendingPathExtension("sha256") }

    /// Writes the checksum of `content` as that of `file`, which is what it will be called.
    static func write(of content: URL, for file: URL) throws {
        let target = Self.file(of: file)
        let partial = target.appendingPathExtension("partial")
        let sum: String = try aside { try digest(of: content) }
        try Data("\(sum)  \(file.lastPathComponent)\n".utf8).write(to: partial)
        try Durable.rename(partial, to: target)
    }

    static func check(_ file: URL) throws {
        guard let line = try? String(contentsOf: Self.file(of: file), encoding: .utf8) else {
            throw SQLiteBackup.Failure(description: "\(Self.file(of: file).path) is missing or unreadable.")
        }
        guard try line.prefix(while: { $0 != " " }) == digest(of: file) else {
            throw SQLiteBackup.Failure(description: "\(file.path) does not have the checksum that it was made with.")
        }
    }

    /// In hexadecimal digits.
    static func digest(of url: URL) throws -> String {
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
        while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
            part.withUnsafeBytes { _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
