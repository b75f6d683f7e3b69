import Glibc

/// The text of a file; empty if it cannot be read.
public func readFile(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    return withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
        while case let count = read(descriptor, buffer.baseAddress, buffer.count), count > 0 {
            bytes.append(contentsOf: buffer[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Puts a text in place of whatever the file held.
public func writeFile(_ path: String, _ text: String) throws(ChildProcess.Failure) {
    try writeFile(path, bytes: Array(text.utf8))
}

public func writeFile(_ path: String, bytes: [UInt8]) throws(ChildProcess.Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotStart(path, errno: errno) }
    defer { close(descriptor) }
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw .cannotStart(path, errno: errno) }
}
