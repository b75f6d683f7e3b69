import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Codes, names and passwords that are guessed in the thousands (attacks A14–A16).
    @Suite struct Guessing {
        /// How often an answer said what; `-` is an `ok`.
        private func tally(
            _ socket: RawSocket, _ count: Int, _ fields: @escaping @Sendable (Int) -> String
        ) -> [String: Int] {
            let sender = Task {
                for id in 1...count { socket.send(text: "{\"id\":\(id),\(fields(id))}") }
            }
            defer { sender.cancel() }
            var counts: [String: Int] = [:]
            for _ in 0..<count {
                guard let answer = socket.text(where: { $0.hasPrefix("{\"re\":") }) else { break }
                let code = answer.firstRange(of: "\"code\":\"").map { answer[$0.upperBound...].prefix { $0 != "\"" } }
                counts[code.map(String.init) ?? "-", default: 0] += 1
            }
            return counts
        }

        @Test func `whoever guesses invites meets the limiter long before a code`() async throws {
            let daemon = try Daemon(settings: ["limits.commands_per_minute": "1200"])
            let ann = try await daemon.member("ann")
            let den = try await ann.createRoom(name: "den", title: "Den", kind: "private")
            _ = try await ann.invite(to: den.id, uses: 100)
            _ = try await daemon.member("eve")
            let token = try #require(try await daemon.client().signIn(name: "eve", password: "password of eve").token)
            let socket = try RawSocket.signedIn(port: daemon.port, token: token)
            let guesses = runsLongTests ? 100_000 : 5_000
            let counts = tally(socket, guesses) { #""do":"room.join","invite":"AAAAAAAAAAAAAAAAAAAAAA\#($0)""# }
            #expect(Set(counts.keys) == ["not_found", "rate_limited"])
            #expect((counts["not_found"] ?? 0) < 2_000, "what is let through is what a minute or two allow")
            #expect(counts.values.reduce(0, +) == guesses)
            #expect(try await ann.members(of: den.id).elements.count == 1)
        }

        @Test(.enabled(if: WallClock.isTurnable))
        func `a code for one lets in one of fifty, and an outdated code is as good as none`() async throws {
            let clock = try WallClock()
            let daemon = try Daemon(clock: clock)
            let ann = try await daemon.member("ann")
            let den = try await ann.createRoom(name: "den", title: "Den", kind: "private").id
            let other = try await ann.createRoom(name: "loft", title: "Loft", kind: "private").id
            let once = try await ann.invite(to: den, uses: 1)
            let brief = try await ann.invite(to: den, expiresAfter: 60)
            var joiners: [Client] = []
            for number in 0..<50 { joiners.append(try await daemon.member("joiner-\(number)")) }
            let joined = try await withThrowingTaskGroup(of: Bool.self) { group in
                for joiner in joiners {
                    group.addTask {
                        await refusal { try await joiner.send("room.join") { $0.field("invite", once) } } == nil
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(joined == 1)
            #expect(try await ann.members(of: den).elements.count == 2)
            try clock.turn("+1h")
            let eve = try await daemon.member("eve")
            let unknown = await refusal { try await eve.send("room.join") { $0.field("invite", "x") } }
            #expect(unknown?.code == .notFound)
            let outdated = await refusal { try await eve.send("room.join") { $0.field("invite", brief) } }
            #expect(outdated == unknown)
            // A code of this community that opens another room.
            let elsewhere = try await ann.invite(to: other, uses: 1)
            let wrong = await refusal {
                try await eve.send("room.join") { json in
                    json.field("invite", elsewhere)
                    json.field("room", den.rawValue)
                }
            }
            #expect(wrong?.code == .notFound)
        }

        @Test func `who holds a stolen session guesses its password no faster by many tries at once`() async throws {
            let daemon = try Daemon()
            _ = try await daemon.member("bob")
            let token = try #require(try await daemon.client().signIn(name: "bob", password: "password of bob").token)
            let socket = try RawSocket.signedIn(port: daemon.port, token: token)
            let counts = tally(socket, 100) {
                #""do":"account.password","password":"guess number \#($0)","new_password":"another one""#
            }
            #expect(Set(counts.keys) == ["forbidden", "rate_limited"])
            #expect((counts["forbidden"] ?? 0) <= 20)
        }

        /// Names are public among members; to strangers neither words nor times may tell which of them exist.
        @Test func `signing in takes names that exist and others for the same`() async throws {
            let daemon = try Daemon(settings: ["trusted_proxies": "127.0.0.1", "accounts.scrypt_log_cost": "12"])
            let count = runsLargestTests ? 2_000 : 20
            for number in 0..<count {
                _ = try daemon.registerAfar("ann-\(number)", number: number)
            }
            var times: [String: [Double]] = [:]
            var answers: [String: Set<String>] = [:]
            for number in 0..<count {
                // In turns, so that neither always comes second to something.
                for kind in number % 2 == 0 ? ["ann", "bob"] : ["bob", "ann"] {
                    let address = "198.\(18 + number % 2).\(number / 250).\(number % 250)"
                    let start = ContinuousClock.now
                    let answer = try HTTP.post(
                        "/v1/sessions", #"{"name":"\#(kind)-\#(number)","password":"guesses"}"#, port: daemon.port,
                        headers: [("X-Forwarded-For", "\(address)")])
                    times[kind, default: []].append((ContinuousClock.now - start).seconds)
                    answers[kind, default: []].insert("\(answer.status) \(answer.body)")
                }
            }
            #expect(answers["ann"] == answers["bob"])
            #expect(answers["ann"]?.count == 1)
            let medians = times.mapValues { $0.sorted()[$0.count / 2] }
            print("sign-in, median seconds: \(medians)")
            if runsLargestTests, let known = medians["ann"], let unknown = medians["bob"] {
                #expect((0.67...1.5).contains(known / unknown))
            }
        }

        @Test func `a flood of guesses from everywhere keeps neither the owner out nor the chat`() async throws {
            let daemon = try Daemon(settings: ["trusted_proxies": "127.0.0.1", "accounts.scrypt_log_cost": "13"])
            let ann = try await daemon.member("ann")
            let room = try await ann.createRoom(name: "agora", title: "Agora").id
            let port = daemon.port
            func signIn(_ password: String, from address: String) throws -> Int {
                try HTTP.post(
                    "/v1/sessions", #"{"name":"ann","password":"\#(password)"}"#, port: port,
                    headers: [("X-Forwarded-For", address)]
                ).status
            }
            #expect(try signIn("password of ann", from: "198.51.100.1") == 201)
            let before = daemon.meter.residentBytes
            let guesses = runsLongTests ? 5_000 : 500
            let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
                for lane in 0..<4 {
                    group.addTask {
                        try (0..<guesses / 4).map {
                            try signIn("guess \($0)", from: "203.0.\(lane * 8 + $0 / 250).\($0 % 250)")
                        }
                    }
                }
                for _ in 0..<20 {
                    _ = try await ann.post("meanwhile", to: room)
                    #expect(try signIn("password of ann", from: "198.51.100.1") == 201)
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let hashed = statuses.count { $0 == 401 }
            #expect(Set(statuses) == [401, 429])
            // Ten at once and one more each half minute, from wherever they come.
            #expect(hashed < 10 + guesses / 20, "\(hashed) guesses were hashed")
            #expect(daemon.meter.peakResidentBytes - before < memory(128 << 20))
        }
    }
}
