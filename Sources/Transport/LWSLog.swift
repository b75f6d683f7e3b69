import CLibwebsockets
import Locking

/// Where the lines of libwebsockets and our own go; libwebsockets keeps one log function for the whole process.
enum LWSLog {
    private static let sink = Locked<@Sendable (String) -> Void> { _ in }

    /// Hands the errors and warnings of all contexts of the process to `newSink`, on any thread.
    static func start(_ newSink: @escaping @Sendable (String) -> Void) {
        sink.withLock { $0 = newSink }
        lws_set_log_level(Int32(LLL_ERR | LLL_WARN)) { _, line in
            guard let line else { return }
            let text = String(cString: line)
            LWSLog.write(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
    }

    /// Leaves errors and warnings where they go: who runs a client need not read how libwebsockets starts.
    static func quieten() { lws_set_log_level(Int32(LLL_ERR | LLL_WARN), nil) }

    static func write(_ line: String) { sink.withLock { $0 }(line) }
}
