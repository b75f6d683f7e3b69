import Glibc

/// A new folder, gone with all that is in it when this value's last holder lets go.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// - Throws: ``ChildProcess/Failure`` if the system gives no folder.
    public init(prefix: String = "lyceum") throws(ChildProcess.Failure) {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/\(prefix).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .cannotStart("mkdtemp", errno: errno) }
        path = template.withUnsafeBufferPointer {
            String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { removeEntry("\(path)/\(name)", isFolder: entry.pointee.d_type == 4) }
            }
            closedir(folder)
        }
        rmdir(path)
    }

    private static func removeEntry(_ path: String, isFolder: Bool) {
        if isFolder { remove(path) } else { unlink(path) }
    }
}
