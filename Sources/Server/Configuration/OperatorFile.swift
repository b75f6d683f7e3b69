import Foundation

/// A file that the operator names, in the settings or on the command line.
public enum OperatorFile {
    /// Why it cannot be read, in the system's words.
    public struct Unreadable: Error, CustomStringConvertible {
        public let description: String
    }

    /// In bytes.
    static func size(_ path: String) throws(Unreadable) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Unreadable(description: String(cString: strerror(errno))) }
        return Int(status.st_size)
    }

    public static func read(_ path: String) throws(Unreadable) -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unreadable(description: String(cString: strerror(errno))) }
        do {
            return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readToEnd() ?? Data()
        } catch {
            throw Unreadable(description: systemReason(error))
        }
    }

    /// What the system said that made Foundation throw, where Foundation tells; its own sentence leaves the cause out.
    public static func systemReason(_ error: any Error) -> String {
        if let error = error as? Unreadable { return error.description }
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        guard cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
        return String(cString: strerror(Int32(cause.code)))
    }
}
