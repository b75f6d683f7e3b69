import Glibc

/// What `/proc` says of one process.
public struct ProcessMeter: Sendable {
    public let id: pid_t
    public init(_ id: pid_t) { self.id = id }

    /// Processor time of all its threads, those that have ended too, to a clock tick (10 ms).
    public var processorTime: Duration {
        let text = readFile("/proc/\(id)/stat")
        // The second field is the program's name in parentheses, which may hold anything but a line's end.
        let fields = text.suffix(from: text.lastIndex(of: ")") ?? text.startIndex).split(separator: " ")
        guard fields.count > 13, let user = Int64(fields[12]), let system = Int64(fields[13]) else { return .zero }
        return .nanoseconds((user + system) * 1_000_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// Resident memory, in bytes.
    public var residentBytes: Int { kibibytes("VmRSS:") * 1024 }
    /// The most resident memory it ever had, in bytes.
    public var peakResidentBytes: Int { kibibytes("VmHWM:") * 1024 }

    public var openFileCount: Int {
        guard let folder = opendir("/proc/\(id)/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count - 2
    }

    private func kibibytes(_ name: String) -> Int {
        for line in readFile("/proc/\(id)/status").split(separator: "\n") where line.hasPrefix(name) {
            return line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return 0
    }
}
