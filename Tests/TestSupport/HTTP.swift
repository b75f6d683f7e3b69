/// One HTTP request on a connection of its own.
public enum HTTP {
    public struct Response {
        public let status: Int
        /// By lower-case name.
        public let headers: [String: String]
        public let body: String
    }

    public static func get(
        _ path: String, port: UInt16, headers: [(String, String)] = []
    ) throws -> Response {
        try request("GET", path, port: port, headers: headers)
    }

    public static func post(
        _ path: String, _ json: String, port: UInt16, headers: [(String, String)] = []
    ) throws -> Response {
        try request("POST", path, port: port, headers: [("Content-Type", "application/json")] + headers, body: json)
    }

    public static func request(
        _ method: String, _ path: String, port: UInt16, headers: [(String, String)] = [], body: String? = nil
    ) throws -> Response {
        let socket = try RawSocket(port: port)
        var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        socket.send(text + "\r\n" + (body ?? ""))
        return try response(on: socket)
    }

    /// Reads one answer.
    public static func response(on socket: RawSocket) throws -> Response {
        let lines = socket.readHead().split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count >= 2, let status = Int(first[1]) else {
            throw RawSocket.NotConnected()
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let body = headers["content-length"].flatMap { Int($0) }.map { socket.read($0) } ?? socket.readToEnd()
        return Response(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }
}
