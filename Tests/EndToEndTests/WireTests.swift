import Harness
import LyceumClient
import TestSupport
import Testing

extension EndToEnd {
    /// What clients may do that were written against the contract alone, unusual as it is.
    @Suite struct Wire {
        @Test func `commands sent in one go are carried out in their order`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            _ = try await daemon.member("bob")
            let token = try #require(try await daemon.client().signIn(name: "bob", password: "password of bob").token)
            let socket = try RawSocket.webSocket(port: daemon.port)
            var bytes: [UInt8] = []
            for command in [
                #"{"id":1,"do":"session.open","token":"\#(token)"}"#, #"{"id":2,"do":"room.join","room":\#(room)}"#,
                #"{"id":3,"do":"message.post","room":\#(room),"text":"at once","nonce":"1"}"#,
                #"{"id":4,"do":"room.leave","room":\#(room)}"#,
                #"{"id":5,"do":"message.post","room":\#(room),"text":"too late","nonce":"2"}"#,
            ] { ClientFrame.append(ClientFrame.text, Array(command.utf8), to: &bytes) }
            socket.send(bytes)
            var answers: [String: Bool] = [:]
            while answers.count < 5, let text = socket.text(where: { $0.hasPrefix(#"{"re":"#) }) {
                answers[String(text.dropFirst(6).prefix(1))] = text.contains(#""ok":"#)
            }
            #expect(answers == ["1": true, "2": true, "3": true, "4": true, "5": false])
            let texts = try await ann.history(of: room, limit: 50).elements.compactMap { $0.json.string("text") }
            #expect(texts == ["at once"])
        }

        @Test func `a path says what it takes to whoever asks it for something else`() throws {
            let daemon = try Daemon()
            let plain = try HTTP.get("/v1/socket", port: daemon.port)
            #expect(plain.status == 426)
            #expect(plain.headers["upgrade"] == "websocket" && plain.headers["sec-websocket-version"] == "13")
            for path in ["/", "/healthz", "/readyz", "/v1/openapi.json", "/v1/socket"] {
                let refused = try HTTP.request("POST", path, port: daemon.port, body: "{}")
                #expect(refused.status == 405 && refused.headers["allow"] == "GET, HEAD", "\(path)")
            }
            #expect(try HTTP.request("DELETE", "/v1/rooms/1/events", port: daemon.port).status == 405)
            #expect(try HTTP.request("POST", "/nowhere", port: daemon.port, body: "{}").status == 404)
        }

        @Test func `who asks for more at once than can wait for them is answered each time and stays`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            for _ in 0..<50 { _ = try await ann.post(String(repeating: "长", count: 4_000), to: room) }
            let token = try #require(try await daemon.client().signIn(name: "ann", password: "password of ann").token)
            let socket = try RawSocket.signedIn(port: daemon.port, token: token, receiveBuffer: 4_096)
            let asked = 2..<32
            for id in asked {
                socket.send(text: #"{"id":\#(id),"do":"history.get","room":\#(room),"after":0,"limit":200}"#)
            }
            var answers: [String] = []
            while answers.count < asked.count, let text = socket.text(where: { $0.hasPrefix(#"{"re":"#) }) {
                answers.append(text)
            }
            #expect(answers.count == asked.count)
            #expect(answers.contains { $0.contains(#""ok":"#) })
            #expect(answers.allSatisfy { $0.contains(#""ok":"#) || $0.contains("rate_limited") })
            #expect(socket.ask(99, #""do":"room.list""#)?.contains(#""ok":"#) == true)
        }

        @Test func `a cursor of a stream that is not resumed here keeps nobody out, and one room is resumed once`()
            async throws
        {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora")
            let token = try #require(try await daemon.client().signIn(name: "ann", password: "password of ann").token)
            func open(_ resume: String) throws -> String? {
                try RawSocket.webSocket(port: daemon.port).ask(
                    1, #""do":"session.open","token":"\#(token)","resume":[\#(resume)]"#)
            }
            let cursor = #"{"room":\#(room.id),"epoch":"\#(room.epoch)","seq":1}"#
            let resumed = try open(cursor + #",{"stream":"review","epoch":"x","seq":7}"#)
            #expect(resumed?.contains(#""replay":"#) == true)
            #expect(resumed?.contains(#"{"stream":"review","gone":true}"#) == true)
            #expect(try open(cursor + "," + cursor)?.contains("malformed") == true)
        }

        @Test func `a text that shows nothing is no message`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            let seq = try #require(try await ann.post("seen", to: room).seq)
            for text in ["", " \n", "\u{200b}\u{2060}", "\u{3164}"] {
                #expect(
                    await refusal { try await ann.post(text, to: room) }?.code == .malformed, "\(text.debugDescription)"
                )
                let edit = await refusal { try await ann.edit(seq, in: room, text: text) }
                #expect(edit?.code == .malformed, "\(text.debugDescription)")
            }
        }

        @Test func `what is no request is refused in the words of the contract`() throws {
            let daemon = try Daemon()
            let post = "POST /v1/accounts HTTP/1.1\r\nHost: x\r\n"
            for (request, status, code) in [
                (post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "411", "malformed"),
                (post + "Content-Length: 99999999\r\n\r\n", "413", "too_large"),
                ("GET / HTTP/1.1\r\n\r\n", "400", "malformed"),
            ] {
                let socket = try RawSocket(port: daemon.port)
                socket.send(request)
                let answer = String(decoding: socket.readToEnd(), as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request)")
                #expect(answer.contains("application/problem+json") && answer.contains(#""code":"\#(code)""#))
            }
        }

        @Test func `an interim answer goes to who understands it, and a query that is no number is refused`()
            async throws
        {
            let daemon = try Daemon()
            let ann = try daemon.client()
            let token = try await ann.register(name: "ann", password: "password of ann").token
            for (version, isTold) in [("1.1", true), ("1.0", false)] {
                let socket = try RawSocket(port: daemon.port)
                socket.send(
                    "POST /v1/sessions HTTP/\(version)\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
                #expect(socket.readHead().hasPrefix("HTTP/1.1 100") == isTold)
            }
            let bearer = [("Authorization", "Bearer \(token)")]
            let answer = try HTTP.get("/v1/rooms/1/events?after=x", port: daemon.port, headers: bearer)
            #expect(answer.status == 400)
        }

        @Test(.enabled(if: WallClock.isTurnable))
        func `a connection that nobody signs in on is let go, and no other`() async throws {
            let clock = try WallClock()
            let daemon = try Daemon(clock: clock)
            let ann = try await daemon.member("ann")
            let socket = try RawSocket.webSocket(port: daemon.port)
            #expect(socket.ask(1, #""do":"room.list""#)?.contains("unauthenticated") == true)
            try clock.turn("+3m")
            #expect(socket.closeCode() == 4002)
            #expect(await ann.isSignedIn)
        }
    }
}
