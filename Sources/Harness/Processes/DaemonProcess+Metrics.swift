import Glibc

extension DaemonProcess {
    /// Figures of the metrics page by name, with labels as they stand; empty if it does not answer.
    public func metrics() -> [String: Double] {
        guard let line = process.lines.first(where: { $0.hasPrefix("metrics ") }),
            let port = line.split(separator: ":").last.flatMap({ UInt16($0.prefix { $0 != "/" }) }),
            let page = Self.get("/metrics", port: port)
        else { return [:] }
        let figures = page.split(whereSeparator: \.isNewline).compactMap { line -> (String, Double)? in
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return nil }
            return Double(line[line.index(after: space)...]).map { (String(line[..<space]), $0) }
        }
        return Dictionary(figures, uniquingKeysWith: { $1 })
    }

    /// The answer to one request, head and body, as it comes until the server closes.
    private static func get(_ path: String, port: UInt16) -> String? {
        guard let socket = Loopback.connect(to: port) else { return nil }
        defer { close(socket) }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        var answer: [UInt8] = []
        return withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while case let count = recv(socket, buffer.baseAddress, buffer.count, 0), count > 0 {
                answer.append(contentsOf: buffer[..<count])
            }
            return String(decoding: answer, as: UTF8.self)
        }
    }
}
