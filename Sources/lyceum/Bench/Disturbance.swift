import ArgumentParser
import Foundation
import GRDBSQLite
import Glibc
import Harness
import LyceumProtocol
import Synchronization

/// Something bad that happens to a daemon again and again, from threads of its own, until it is stopped.
final class Disturbance: Sendable {
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        /// Copies of the data, one after the other.
        case backup
        /// Members by the hundred who come and go.
        case presence
        /// Passwords tried from everywhere.
        case guesses
        /// A thousand connections that never finish what they ask.
        case slowHeads = "slow-heads"
        /// Fifty members who stop reading.
        case slowReaders = "slow-readers"

        /// How many members hear the room's chat besides, most of the time.
        var listeners: Int { self == .presence ? Disturbance.crowd : 0 }
    }

    /// Members who come and go at once.
    private static let crowd = 500

    private let daemon: BenchDaemon
    private let isStopped = Atomic(false)
    private let threads = DispatchGroup()

    init(_ kind: Kind, of daemon: BenchDaemon) {
        self.daemon = daemon
        switch kind {
        case .backup: repeating { [self] in copy() }
        case .presence: repeating { [self] in comeAndGo() }
        case .guesses: for lane in 0..<4 { repeating { [self] in guess(lane) } }
        case .slowHeads: begin { [self] in holdHeads() }
        case .slowReaders: begin { [self] in holdReaders() }
        }
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        threads.wait()
    }

    private func begin(_ body: @escaping @Sendable () -> Void) {
        threads.enter()
        Thread.detachNewThread { [threads] in
            body()
            threads.leave()
        }
    }

    private func repeating(_ body: @escaping @Sendable () -> Void) {
        begin { [self] in while !isStopped.load(ordering: .acquiring) { body() } }
    }

    private func waitUntilStopped(_ body: () -> Void) {
        while !isStopped.load(ordering: .acquiring) {
            body()
            usleep(500_000)
        }
    }

    // MARK: What happens

    /// Fills the data with what a copy has to carry; to it one page is like another.
    static func grow(_ daemon: BenchDaemon, toMegabytes megabytes: Int) throws {
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        let sql = """
            CREATE TABLE ballast (bytes BLOB);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(megabytes))
            INSERT INTO ballast SELECT randomblob(1048576) FROM n;
            """
        guard sqlite3_open("\(daemon.dataPath)/lyceum.db", &connection) == SQLITE_OK,
            sqlite3_busy_timeout(connection, 60_000) == SQLITE_OK,
            sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK
        else { throw ValidationError("The data could not be filled.") }
    }

    private func copy() {
        run([
            "backup", "create", "\(daemon.scratchPath)/copies-\(UInt64.random(in: 0...UInt64.max))", "--data",
            daemon.dataPath,
        ])
    }

    private func comeAndGo() {
        run(["bench", "load"] + daemon.options + ["--connections", "\(Self.crowd)", "--seconds", "0.1"])
    }

    private func run(_ arguments: [String]) {
        let process = try? ChildProcess([ownExecutable] + arguments)
        _ = process?.outputToEnd(within: .seconds(120))
    }

    /// A thousand tries a second over all lanes, or as many as are answered.
    private func guess(_ lane: Int) {
        let address = "203.0.\(lane).\(Int.random(in: 1...254))"
        let body = #"{"name":"seed-0","password":"a wrong password"}"#
        request(
            "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: \(address)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        usleep(3_000)
    }

    private func request(_ text: String) {
        guard let socket = Loopback.connect(to: daemon.port) else { return }
        defer { close(socket) }
        Self.write(Array(text.utf8), to: socket)
        var byte: UInt8 = 0
        _ = recv(socket, &byte, 1, 0)
    }

    private func holdHeads() {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        for _ in 0..<1_000 {
            guard let socket = Loopback.connect(to: daemon.port) else { continue }
            sockets.append(socket)
            Self.write(Array("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ".utf8), to: socket)
        }
        waitUntilStopped { for socket in sockets { Self.write([UInt8(ascii: "a")], to: socket) } }
    }

    private func holdReaders() {
        let sockets = daemon.tokens.suffix(50).compactMap { token -> Int32? in
            guard let socket = Loopback.connect(to: daemon.port, receiveBuffer: 4_096) else { return nil }
            var bytes = Array(
                ("GET /v1/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").utf8)
            var command = JSONWriter()
            command.object { json in
                json.field("id", 1)
                json.field("do", "session.open")
                json.field("token", token)
            }
            ClientFrame.append(ClientFrame.text, command.bytes, to: &bytes)
            Self.write(bytes, to: socket)
            return socket
        }
        waitUntilStopped {}
        for socket in sockets { close(socket) }
    }

    private static func write(_ bytes: [UInt8], to socket: Int32) {
        _ = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
