import Community
import Foundation

/// Giving a finished file its name, such that a power cut leaves either nothing or all of it.
enum Durable {
    static func rename(_ partial: URL, to file: URL) throws(StoreError) {
        try synchronise(partial.path)
        guard Foundation.rename(partial.path, file.path) == 0 else {
            throw DataFolder.systemError("\(partial.path) cannot be renamed")
        }
        // The name itself is stored in the folder.
        try synchronise(file.deletingLastPathComponent().path)
    }

    static func synchronise(_ path: String) throws(StoreError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw DataFolder.systemError("\(path) cannot be opened") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw DataFolder.systemError("\(path) cannot be synchronised") }
    }
}
