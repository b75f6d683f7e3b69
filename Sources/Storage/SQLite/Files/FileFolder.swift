import Community
import Foundation
import LyceumProtocol

/// The bytes of files, one file each in a folder of the data: `files/id` once it is whole, `files/incoming/…` before.
///
/// A whole file is never changed, so backups may share it by a hard link.
struct FileFolder: Sendable {
    private let whole: URL
    private var incoming: URL { whole.appending(path: "incoming") }

    init(_ url: URL) { whole = url }

    func make() throws(StoreError) -> WrittenFile {
        do {
            try FileManager.default.createDirectory(
                at: incoming, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unavailable("The folder \(incoming.path) cannot be made: \(error.localizedDescription)")
        }
        return try WrittenFile(at: incoming.appending(path: UUID().uuidString), in: whole)
    }

    func open(_ id: String) throws(StoreError) -> ReadFile { try ReadFile(at: try url(of: id)) }

    func remove(_ id: String) throws(StoreError) {
        let path = try url(of: id).path
        guard unlink(path) == 0 || errno == ENOENT else { throw DataFolder.systemError("\(path) cannot be removed") }
    }

    /// Removes what is not whole, and what is not among `known`.
    func removeStrays(besides known: Set<String>) throws {
        try? FileManager.default.removeItem(at: incoming)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: whole.path)) ?? []
        for name in names where !known.contains(name) {
            try FileManager.default.removeItem(at: whole.appending(path: name))
        }
    }

    /// Ids are made here and looked up in the record before they come here; anything else is no file name.
    func url(of id: String) throws(StoreError) -> URL {
        let isID =
            !id.isEmpty
            && id.utf8.allSatisfy { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-_".unicodeScalars.contains(scalar)
            }
        guard isID else { throw .unavailable("A file has an id that is none.") }
        return whole.appending(path: id)
    }
}

/// `@unchecked Sendable`: used by one thread at a time, as ``IncomingFile`` asks.
final class WrittenFile: IncomingFile, @unchecked Sendable {
    private let url: URL
    private let folder: URL
    private var descriptor: Int32

    init(at url: URL, in folder: URL) throws(StoreError) {
        self.url = url
        self.folder = folder
        descriptor = open(url.path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DataFolder.systemError("\(url.path) cannot be made") }
    }

    deinit { discard() }

    func append(_ bytes: [UInt8]) throws(StoreError) {
        try put(bytes) { Glibc.write(self.descriptor, $0.baseAddress, $0.count) }
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
        var offset = offset
        try put(bytes) { part in
            let count = pwrite(self.descriptor, part.baseAddress, part.count, off_t(offset))
            offset += max(0, count)
            return count
        }
    }

    private func put(_ bytes: [UInt8], _ write: (UnsafeRawBufferPointer) -> Int) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[done...])) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw DataFolder.systemError("\(url.path) cannot be written") }
            done += count
        }
    }

    func finish(as id: String) throws(StoreError) -> String {
        let digest: String
        do {
            digest = try Checksum.digest(of: url)
        } catch {
            throw .unavailable("\(url.path) cannot be read again: \(error.localizedDescription)")
        }
        close()
        try Durable.rename(url, to: folder.appending(path: id))
        return digest
    }

    func discard() {
        guard descriptor >= 0 else { return }
        close()
        unlink(url.path)
    }

    private func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}

/// A file that is read by position, so that threads do not disturb each other.
final class ReadFile: StoredFile {
    private let path: String
    private let descriptor: Int32

    init(at url: URL) throws(StoreError) {
        path = url.path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DataFolder.systemError("\(path) cannot be opened") }
    }

    deinit { close(descriptor) }

    func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let more = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
                if more < 0, errno == EINTR { continue }
                failed = more < 0
                guard more > 0 else { return }
                filled += more
            }
        }
        guard !failed else { throw DataFolder.systemError("\(path) cannot be read") }
        return bytes
    }
}

extension SQLiteStore: FileKeeping {
    public func makeFile() throws(StoreError) -> any IncomingFile { try files.make() }
    public func openFile(_ id: String) throws(StoreError) -> any StoredFile { try files.open(id) }
    public func removeFile(_ id: String) throws(StoreError) { try files.remove(id) }

    public func removeStrayFiles() throws {
        let known = try read { reader throws in
            guard let reader = reader as? SQLiteReader else { preconditionFailure("The store reads with its own.") }
            return Set(try reader.filesOfRecord().map(\.id))
        }
        try files.removeStrays(besides: known)
    }
}
