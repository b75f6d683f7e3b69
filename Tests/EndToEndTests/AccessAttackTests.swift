import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Who may come in, and what remains to them once they may not (attacks A1–A3, A14–A16, A23).
    @Suite struct AccessAttacks {
        @Test func `a foreign origin is refused before the upgrade, and logged`() throws {
            let daemon = try Daemon(settings: ["allowed_origins": "https://allowed.example"])
            let origins = [
                "http://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1@evil.example", "",
                "http://", "https://allowed.example.evil.example",
            ]
            for origin in origins {
                let head = try RawSocket(port: daemon.port).upgrade(headers: [("Origin", origin)])
                #expect(head.hasPrefix("HTTP/1.1 403"), "\(origin)")
            }
            #expect(daemon.log.ranges(of: "upgrade_refused").count == origins.count)
        }

        @Test func `own and allowed origins, and clients that are no browsers, come in`() throws {
            let daemon = try Daemon(settings: ["allowed_origins": "https://allowed.example"])
            for headers in [
                [("Origin", "http://127.0.0.1")], [("Origin", "https://allowed.example")], [],
            ] {
                #expect(try RawSocket(port: daemon.port).upgrade(headers: headers).hasPrefix("HTTP/1.1 101"))
            }
            let twice = [("Origin", "https://allowed.example"), ("Origin", "http://evil.example")]
            #expect(try RawSocket(port: daemon.port).upgrade(headers: twice).hasPrefix("HTTP/1.1 403"))
            #expect(try RawSocket(port: daemon.port).upgrade(headers: [("Cookie", "a=b")]).hasPrefix("HTTP/1.1 403"))
        }

        /// Attack A9, of names.
        @Test func `nobody takes a name that passes for another's, whichever kind of account it is for`() async throws {
            let daemon = try Daemon()
            let alice = try await daemon.member("Alice")
            let first = try await alice.createRoom(name: "agora", title: "Agora").id
            for name in ["alice", "A1ice", "\u{0410}l\u{0456}c\u{0435}", "ＡＬＩＣＥ", "Al-ice", "Álice"] {
                #expect(await refusal { _ = try await daemon.member(name) }?.code == .conflict, "\(name)")
                let bot = await refusal {
                    try await alice.send("bot.create") { json in
                        json.field("name", name)
                        json.field("scopes", array: ["read"]) { $0.value($1) }
                    }
                }
                #expect(bot?.code == .conflict, "\(name)")
            }
            _ = try await daemon.member("Alicia").join(first)
            daemon.stop()
            try daemon.start()
            #expect(await refusal { _ = try await daemon.member("Al1ce") }?.code == .conflict)
        }

        @Test func `a subprotocol that is not ours is refused`() throws {
            let daemon = try Daemon()
            #expect(!(try RawSocket(port: daemon.port).upgrade(subprotocol: "mqtt").hasPrefix("HTTP/1.1 101")))
        }

        @Test func `tokens work in no URL and stand in no log`() async throws {
            let daemon = try Daemon(settings: ["log.level": "debug"])
            let ann = try daemon.client()
            let token = try await ann.register(name: "ann", password: "correct horse battery").token
            let head = try RawSocket(port: daemon.port).upgrade(path: "/v1/socket?token=\(token)")
            #expect(!head.hasPrefix("HTTP/1.1 101"))
            #expect(try HTTP.get("/v1/sessions?token=\(token)", port: daemon.port).status == 400)
            let bearer = [("Authorization", "Bearer \(token)")]
            #expect(try HTTP.get("/v1/sessions", port: daemon.port, headers: bearer).status == 200)
            _ = try await ann.signIn(token: token)
            await ann.stop()
            daemon.stop()
            #expect(!daemon.log.contains(token))
            #expect(!daemon.log.contains("correct horse battery"))
        }

        @Test func `a ticket opens one session once`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let ticket = try #require(try await ann.send("session.ticket").string("ticket"))
            let open = #""do":"session.open","ticket":"\#(ticket)""#
            #expect(try RawSocket.webSocket(port: daemon.port).ask(1, open)?.contains(#""ok""#) == true)
            #expect(try RawSocket.webSocket(port: daemon.port).ask(1, open)?.contains("unauthenticated") == true)
        }

        @Test func `sign-out, password change and revocation close every socket of the session within a second`()
            async throws
        {
            let daemon = try Daemon()
            let talker = try await daemon.member("talker")
            let room = try await talker.createRoom(name: "agora", title: "Agora")
            for way in ["session.close", "account.password", "session.revoke"] {
                let name = "victim-" + way.replacing(".", with: "-")
                let victim = try await daemon.member(name)
                _ = try await victim.join(room.id)
                let second = try #require(
                    try await daemon.client().signIn(name: name, password: "password of \(name)").token)
                let sockets = try (0..<3).map { _ in try RawSocket.signedIn(port: daemon.port, token: second) }
                let session = try #require(
                    try await victim.send("session.list").objects("sessions").last?.integer("session"))
                switch way {
                case "session.close": sockets[0].send(text: #"{"id":9,"do":"session.close"}"#)
                case "session.revoke": try await victim.send(way) { $0.field("session", session) }
                default:
                    try await victim.send(way) { json in
                        json.field("password", "password of \(name)")
                        json.field("new_password", "a new password of \(name)")
                    }
                }
                _ = try await talker.post("not for you", to: room.id)
                let code: CloseCode = way == "session.close" ? .signedOut : .revoked
                for socket in sockets {
                    var heard: [String] = []
                    var closed: UInt16?
                    while closed == nil, let frame = socket.frame(within: .seconds(1)) {
                        closed = frame.closeCode
                        heard.append(frame.text)
                    }
                    #expect(closed == code.rawValue, "\(way)")
                    #expect(!heard.contains { $0.contains("not for you") }, "\(way)")
                }
                let again = try RawSocket.webSocket(port: daemon.port)
                let answer = again.ask(1, #""do":"session.open","token":"\#(second)""#)
                #expect(answer?.contains("unauthenticated") == true, "\(way)")
            }
        }

        @Test(arguments: [("kick", CloseCode.revoked), ("ban", .banned)])
        func `who is put out by a moderator hears nothing after it on any of their sockets`(
            kind: String, code: CloseCode
        ) async throws {
            let daemon = try Daemon()
            let owner = try await daemon.owner()
            let room = try await owner.createRoom(name: "agora", title: "Agora").id
            let victim = try await daemon.member("victim")
            _ = try await victim.join(room)
            let id = try #require(try await owner.members(of: room).elements.first { $0.name == "victim" }?.id.rawValue)
            var sockets: [RawSocket] = []
            for _ in 0..<3 {
                let session = try await daemon.client().signIn(name: "victim", password: "password of victim")
                sockets.append(try RawSocket.signedIn(port: daemon.port, token: try #require(session.token)))
            }
            let talking = Task {
                while !Task.isCancelled { _ = try? await owner.post("talk", to: room) }
            }
            try await owner.send("member.sanction") { json in
                json.field("member", id)
                json.field("kind", kind)
                json.field("reason", "enough")
            }
            talking.cancel()
            await talking.value
            _ = try await owner.post("not for you", to: room)
            for socket in sockets {
                var heard: [String] = []
                var closed: UInt16?
                while closed == nil, let frame = socket.frame(within: .seconds(5)) {
                    closed = frame.closeCode
                    heard.append(frame.text)
                }
                #expect(closed == code.rawValue)
                #expect(!heard.contains { $0.contains("not for you") })
            }
        }

        @Test func `invites are long, counted, dated and refused alike`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "den", title: "Den", kind: "private")
            let code = try await ann.invite(to: room.id, uses: 1)
            #expect(code.utf8.count * 6 >= 128)
            var joiners: [Client] = []
            for number in 0..<20 { joiners.append(try await daemon.member("joiner-\(number)")) }
            let joined = try await withThrowingTaskGroup(of: Bool.self) { group in
                for joiner in joiners {
                    group.addTask {
                        await refusal { try await joiner.send("room.join") { $0.field("invite", code) } } == nil
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(joined == 1)
            let used = await refusal { try await joiners[0].send("room.join") { $0.field("invite", code) } }
            let unknown = await refusal { try await joiners[1].send("room.join") { $0.field("invite", "x") } }
            let other = await refusal {
                try await joiners[2].send("room.join") { $0.field("invite", String(code.reversed())) }
            }
            #expect(unknown?.code == .notFound)
            #expect(unknown == other)
            // The one who came in is a member already, everybody else is told what a guesser is told.
            #expect(used == nil || used == unknown)
        }

        @Test func `registration by invite takes no other way in`() async throws {
            let daemon = try Daemon(settings: ["accounts.registration": "invite"])
            let owner = try await daemon.owner()
            let code = try #require(try await owner.send("community.invite").string("invite"))
            #expect(await refusal { try await daemon.member("eve") }?.code == .forbidden)
            #expect(await refusal { try await daemon.member("eve", invite: "guess") }?.code == .notFound)
            _ = try await daemon.member("ann", invite: code)
            #expect(await refusal { try await daemon.member("eve", invite: code) }?.code == .notFound)
        }

        @Test func `signing in tells nobody which names exist`() async throws {
            let daemon = try Daemon()
            _ = try await daemon.member("ann")
            func attempt(_ name: String) throws -> HTTP.Response {
                try HTTP.post("/v1/sessions", #"{"name":"\#(name)","password":"guess"}"#, port: daemon.port)
            }
            let (known, unknown) = (try attempt("ann"), try attempt("nobody"))
            #expect(known.status == 401)
            #expect(known.status == unknown.status)
            #expect(known.body == unknown.body)
        }

        @Test func `guessing is slowed and the owner of the account still comes in`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            // From here on this address is one that the account knows.
            _ = try await daemon.client().signIn(name: "ann", password: "password of ann")
            let proxy = [("X-Forwarded-For", "203.0.113.7")]
            var refused = 0
            for _ in 0..<40 {
                let answer = try HTTP.post(
                    "/v1/sessions", #"{"name":"ann","password":"guess"}"#, port: daemon.port, headers: proxy)
                if answer.status == 429 { refused += 1 }
            }
            #expect(refused > 20)
            #expect(await ann.isSignedIn)
        }

        @Test func `a stranger's guesses, spread over addresses, do not lock the owner out`() async throws {
            let daemon = try Daemon(settings: ["trusted_proxies": "127.0.0.1"])
            func signIn(_ password: String, from address: String) throws -> Int {
                try HTTP.post(
                    "/v1/sessions", #"{"name":"ann","password":"\#(password)"}"#, port: daemon.port,
                    headers: [("X-Forwarded-For", address)]
                ).status
            }
            _ = try await daemon.member("ann")
            #expect(try signIn("password of ann", from: "198.51.100.1") < 300)
            var refused = 0
            for number in 0..<60 where try signIn("guess", from: "203.0.113.\(number)") == 429 { refused += 1 }
            #expect(refused > 30)
            #expect(try signIn("password of ann", from: "198.51.100.1") < 300)
        }

        @Test func `a password of a megabyte is refused unhashed`() async throws {
            let daemon = try Daemon()
            let long = String(repeating: "x", count: 1 << 20)
            let answer = try? HTTP.post("/v1/sessions", #"{"name":"ann","password":"\#(long)"}"#, port: daemon.port)
            #expect(answer == nil || answer?.status == 413 || answer?.status == 400)
            let medium = String(repeating: "x", count: 5_000)
            #expect(
                try HTTP.post("/v1/sessions", #"{"name":"ann","password":"\#(medium)"}"#, port: daemon.port).status
                    == 400)
        }

        @Test func `forms of other sites change nothing and pages cannot be framed`() async throws {
            let daemon = try Daemon()
            for type in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"] {
                let answer = try HTTP.request(
                    "POST", "/v1/accounts", port: daemon.port, headers: [("Content-Type", type)],
                    body: #"{"name":"eve","password":"password of eve"}"#)
                #expect(answer.status == 415)
            }
            let page = try HTTP.get("/", port: daemon.port)
            #expect(page.headers["x-frame-options"] == "DENY")
            #expect(page.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
            #expect(page.headers["access-control-allow-origin"] == nil)
        }

        @Test func `a forged address is believed from trusted proxies only, and breaks no log line`() async throws {
            let daemon = try Daemon()
            let headers = [("X-Forwarded-For", "203.0.113.9"), ("Origin", "http://evil.example\u{1b}[31m")]
            _ = try RawSocket(port: daemon.port).upgrade(headers: headers)
            daemon.stop()
            #expect(!daemon.log.contains("203.0.113.9"))
            #expect(!daemon.log.contains("\u{1b}"))
        }
    }
}
