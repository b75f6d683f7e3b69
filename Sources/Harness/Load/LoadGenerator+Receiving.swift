import Glibc
import LyceumProtocol

/// What a load does with the bytes that come: the handshakes of both dialects, then counting.
extension LoadGenerator {
    /// - Returns: How many of `bytes` were whole and are done with.
    func consume(_ bytes: UnsafeRawBufferPointer, on connection: LoadConnection) -> Int {
        var used = 0
        if connection.state == .upgrading {
            guard let end = Self.endOfHeader(in: bytes) else { return 0 }
            guard String(decoding: bytes[..<min(end, 12)], as: UTF8.self) == "HTTP/1.1 101" else {
                note(refusal: String(decoding: bytes.prefix(200), as: UTF8.self))
                fail(connection)
                return 0
            }
            connection.state = .greeting
            used = end
        }
        let now = Self.now()
        while connection.state != .dead, let frame = ServerFrame(in: bytes, at: used) {
            used = frame.payload.upperBound
            let payload = UnsafeRawBufferPointer(rebasing: bytes[frame.payload])
            switch frame.opcode {
            case ClientFrame.ping: sendFrame(ClientFrame.pong, payload, on: connection)
            case ClientFrame.close:
                note(refusal: "closed: \(String(decoding: payload.dropFirst(2), as: UTF8.self))")
                fail(connection)
            default:
                connection.state == .ready ? count(payload, at: now, on: connection) : greet(payload, on: connection)
            }
        }
        return used
    }

    func upgradeRequest() -> [UInt8] {
        let (path, subprotocol) =
            plan.dialect == .lyceum ? ("/v1/socket", "Sec-WebSocket-Protocol: lyceum.v1.json\r\n") : ("/", "")
        return Array(
            """
            GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(plan.port)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\(subprotocol)\r\n
            """.utf8)
    }

    private static func endOfHeader(in bytes: UnsafeRawBufferPointer) -> Int? {
        bytes.indices.dropFirst(3).first { end in
            bytes[end] == 10 && bytes[end - 1] == 13 && bytes[end - 2] == 10 && bytes[end - 3] == 13
        }.map { $0 + 1 }
    }

    private func greet(_ payload: UnsafeRawBufferPointer, on connection: LoadConnection) {
        switch plan.dialect {
        case .lyceum: greetLyceum(payload, on: connection)
        case .nats:
            if Self.begins(payload, with: "INFO") {
                let hello = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB room 1\r\nPING\r\n"
                sendFrame(ClientFrame.binary, Array(hello.utf8), on: connection)
            } else if Self.begins(payload, with: "PONG") {
                ready(connection)
            }
        }
    }

    private func greetLyceum(_ payload: UnsafeRawBufferPointer, on connection: LoadConnection) {
        if Self.begins(payload, with: #"{"event":"hello""#) {
            var json = JSONWriter()
            json.object { json in
                json.field("id", 1)
                json.field("do", "session.open")
                json.field("token", account(of: connection).token)
            }
            sendFrame(ClientFrame.text, json.bytes, on: connection)
        } else if Self.begins(payload, with: #"{"re":1,"ok""#) {
            ready(connection)
        } else if Self.begins(payload, with: #"{"re":1,"#) {
            note(refusal: String(decoding: payload, as: UTF8.self))
            fail(connection)
        }
    }

    func account(of connection: LoadConnection) -> LoadPlan.Account {
        plan.accounts[connection.index % plan.accounts.count]
    }

    private func count(_ payload: UnsafeRawBufferPointer, at now: UInt64, on connection: LoadConnection) {
        if plan.dialect == .lyceum, Self.begins(payload, with: #"{"re":"#) {
            return answered(payload, at: now, on: connection)
        }
        if plan.dialect == .nats, Self.begins(payload, with: "PING") {
            sendFrame(ClientFrame.binary, Array("PONG\r\n".utf8), on: connection)
        }
        guard commandPacer == nil else { return }
        if let votePacer, Self.begins(payload, with: #"{"event":"question.tally""#) {
            return votePacer.told(payload, at: now, on: connection)
        }
        Marker.scan(payload) { time in
            seen += 1
            guard counted.contains(time) else { return }
            report.completed += 1
            report.latency.record(microseconds: now > time ? (now - time) / 1000 : 0)
        }
    }

    private func answered(_ payload: UnsafeRawBufferPointer, at now: UInt64, on connection: LoadConnection) {
        var (id, position) = (Int64(0), 6)
        while position < payload.count, payload[position] &- 48 <= 9 {
            id = id * 10 + Int64(payload[position] &- 48)
            position += 1
        }
        let rest = UnsafeRawBufferPointer(rebasing: payload[position...])
        let isRefusal = Self.begins(rest, with: #","error""#)
        if isRefusal {
            report.refused += 1
            note(refusal: String(decoding: payload, as: UTF8.self))
        }
        if let commandPacer {
            commandPacer.answered(id, isRefusal: isRefusal, at: now, on: connection, self)
        } else if isRefusal {
            // It reaches nobody, so the window must not wait for it.
            due -= min(due, UInt64(report.connected))
        }
    }

    private func note(refusal: String) {
        if report.firstRefusal == nil { report.firstRefusal = refusal }
    }

    func sendFrame(_ opcode: UInt8, _ payload: some Collection<UInt8>, on connection: LoadConnection) {
        frame.removeAll(keepingCapacity: true)
        ClientFrame.append(opcode, payload, to: &frame)
        send(frame, on: connection)
    }

    @inline(__always)
    static func begins(_ bytes: UnsafeRawBufferPointer, with prefix: StaticString) -> Bool {
        guard let start = bytes.baseAddress, bytes.count >= prefix.utf8CodeUnitCount else { return false }
        return memcmp(start, prefix.utf8Start, prefix.utf8CodeUnitCount) == 0
    }
}
