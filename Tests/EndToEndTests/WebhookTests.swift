import Locking
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing
import Webhooks

extension EndToEnd {
    /// Events that go out to other people's servers, and posts that come in from them.
    @Suite struct Hooks {
        @Test func `an event goes out as a signed CloudEvent that the client library verifies`() async throws {
            let community = try await HookedCommunity()
            let receiver = try HTTPReceiver()
            let hook = try await community.outgoing(to: receiver.url(), events: ["message.posted"])
            let seq = try await community.member.post("你好 <b>", to: community.room).seq
            #expect(await eventually { receiver.requests.count == 1 })
            let request = try #require(receiver.requests.first)
            #expect(request.headers["content-type"] == "application/cloudevents+json; charset=utf-8")
            let event = try #require(request.event)
            #expect(event.string("specversion") == "1.0")
            #expect(event.string("type") == "lyceum.message.posted")
            #expect(event.string("source") == "/v1/rooms/\(community.room)")
            #expect(event.string("subject") == seq.map { "\($0)" })
            #expect(event.string("id") == request.id)
            #expect(event.string("time")?.hasSuffix("Z") == true)
            #expect(event.object("data")?.string("text") == "你好 <b>")
            #expect(event.object("data")?.integer("seq") == seq)
            var verifier = WebhookVerifier(secret: try #require(hook.secret))
            let sentAt = try #require(request.headers["webhook-timestamp"].flatMap { Int64($0) })
            try verifier.verify(
                id: request.id, timestamp: "\(sentAt)", signature: request.headers["webhook-signature"],
                body: request.body, now: sentAt)
            #expect(try await eventually { try await community.deliveries(of: hook.id, state: "delivered").count == 1 })
        }

        @Test func `a hook gets what it asked for and nothing of other rooms`() async throws {
            let community = try await HookedCommunity()
            let receiver = try HTTPReceiver()
            let other = try await community.owner.createRoom(name: "other", title: "Other")
            _ = try await community.outgoing(to: receiver.url(), events: ["message.posted"])
            let all = try HTTPReceiver()
            _ = try await community.outgoing(to: all.url(), name: "everything", rooms: [])
            let secret = try await community.owner.createRoom(name: "secret", title: "Secret", kind: "private")
            _ = try await community.owner.post("hidden", to: secret.id)
            _ = try await community.owner.post("elsewhere", to: other.id)
            for number in 0..<20 { _ = try await community.member.post("post \(number)", to: community.room) }
            #expect(await eventually { receiver.requests.count == 20 && all.texts.count == 21 })
            #expect(Set(receiver.texts) == Set((0..<20).map { "post \($0)" }))
            #expect(!all.texts.contains("hidden"))
            #expect(all.texts.contains("elsewhere"))
            #expect(Set(receiver.requests.compactMap(\.id)).count == 20)
        }

        @Test func `only who manages a room has its events sent, and a private room is not even there`() async throws {
            let community = try await HookedCommunity()
            let url = "http://127.0.0.1:1/"
            let byMember = await refusal { try await community.outgoing(to: url, by: community.member) }
            #expect(byMember?.code == .forbidden)
            let everything = await refusal { try await community.outgoing(to: url, by: community.member, rooms: []) }
            #expect(everything?.code == .forbidden)
            let own = try await community.member.createRoom(name: "den", title: "Den", kind: "private")
            let foreign = await refusal { try await community.outgoing(to: url, rooms: [own.id]) }
            let nowhere = await refusal { try await community.outgoing(to: url, rooms: [RoomID(4711)]) }
            #expect(foreign == nowhere)
            #expect(foreign?.code == .notFound)
            let hook = try await community.outgoing(to: url, by: community.member, rooms: [own.id])
            // The community's owner sees that it is there and can stop it, and cannot have it lead elsewhere.
            let moved = await refusal {
                try await community.owner.send("webhook.update") { json in
                    json.field("webhook", hook.id)
                    json.field("url", "http://127.0.0.1:2/")
                }
            }
            #expect(moved?.code == .notFound)
            try await community.owner.send("webhook.update") { json in
                json.field("webhook", hook.id)
                json.field("enabled", false)
            }
            let list = try await community.member.send("webhook.list").objects("webhooks")
            #expect(list.map { $0.bool("enabled") } == [false])
            #expect(!list.description.contains("whsec_"))
        }

        @Test func `what the owner of a hook may not see any more is withheld`() async throws {
            let community = try await HookedCommunity()
            let open = try HTTPReceiver { number, _ in .status(number == 0 ? 503 : 200) }
            let den = try await community.member.createRoom(name: "den", title: "Den", kind: "private")
            let code = try await community.member.invite(to: den.id)
            _ = try await community.owner.join(den.id, invite: code)
            let hook = try await community.outgoing(to: open.url(), rooms: [den.id])
            _ = try await community.member.post("before", to: den.id)
            #expect(await eventually { open.requests.count == 1 })
            // The first attempt failed; before the second the owner of the hook leaves.
            try await community.owner.leave(den.id)
            _ = try await community.member.post("after", to: den.id)
            #expect(try await eventually { try await community.deliveries(of: hook.id, state: "waiting").isEmpty })
            #expect(open.texts == ["before"])
            #expect(try await community.deliveries(of: hook.id, state: "withheld").count >= 2)
        }

        @Test func `a delivery is tried again under its identifier, and survives kill -9`() async throws {
            let community = try await HookedCommunity()
            let receiver = try HTTPReceiver { number, _ in .status(number < 2 ? 500 : 204) }
            let hook = try await community.outgoing(to: receiver.url(), events: ["message.posted"])
            _ = try await community.member.post("kept", to: community.room)
            #expect(await eventually { receiver.requests.count == 1 })
            community.daemon.kill()
            try community.daemon.start()
            #expect(await eventually(within: .seconds(20)) { receiver.requests.count >= 3 })
            #expect(Set(receiver.requests.compactMap(\.id)).count == 1)
            #expect(Set(receiver.texts) == ["kept"])
            #expect(try await eventually { try await community.deliveries(of: hook.id, state: "delivered").count == 1 })
            let delivery = try #require(try await community.deliveries(of: hook.id).first)
            #expect(delivery.integer("status") == 204)
            // Whatever had been committed and not been queued is brought by the next run.
            _ = try await community.member.post("again", to: community.room)
            community.daemon.kill()
            try community.daemon.start()
            #expect(await eventually { receiver.texts.contains("again") })
        }

        @Test func `what was given up is listed and sent again by hand`() async throws {
            let community = try await HookedCommunity(["webhooks.attempts": "1"])
            let works = Locked(false)
            let receiver = try HTTPReceiver { _, _ in .status(works.withLock { $0 } ? 200 : 500) }
            let hook = try await community.outgoing(to: receiver.url(), events: ["message.posted"])
            for number in 0..<3 { _ = try await community.member.post("post \(number)", to: community.room) }
            #expect(try await eventually { try await community.deliveries(of: hook.id, state: "dead").count == 3 })
            let dead = try await community.deliveries(of: hook.id, state: "dead")
            #expect(dead.map { $0.integer("status") } == [500, 500, 500])
            works.withLock { $0 = true }
            let one = try #require(dead.last?.integer("id"))
            let resent = try await community.owner.send("webhook.resend") { json in
                json.field("webhook", hook.id)
                json.field("delivery", one)
            }
            #expect(resent.integer("resent") == 1)
            #expect(try await eventually { try await community.deliveries(of: hook.id, state: "delivered").count == 1 })
            let rest = try await community.owner.send("webhook.resend") { $0.field("webhook", hook.id) }
            #expect(rest.integer("resent") == 2)
            #expect(try await eventually { try await community.deliveries(of: hook.id, state: "delivered").count == 3 })
            #expect(Set(receiver.requests.compactMap(\.id)).count == 3)
        }

        @Test func `a hook that keeps failing is switched off and its owner told`() async throws {
            let community = try await HookedCommunity(["webhooks.attempts": "1", "webhooks.disable_after": "2"])
            let receiver = try HTTPReceiver { _, _ in .status(500) }
            let hook = try await community.outgoing(to: receiver.url(), events: ["message.posted"])
            for number in 0..<2 { _ = try await community.member.post("post \(number)", to: community.room) }
            #expect(try await eventually { try await community.disabled().contains("failing") })
            _ = try await community.member.post("missed", to: community.room)
            try await community.owner.send("webhook.update") { json in
                json.field("webhook", hook.id)
                json.field("enabled", true)
            }
            _ = try await community.member.post("heard", to: community.room)
            #expect(await eventually { receiver.texts.contains("heard") })
            #expect(!receiver.texts.contains("missed"))
            let gone = try HTTPReceiver { _, _ in .status(410) }
            _ = try await community.outgoing(to: gone.url(), name: "gone", events: ["message.posted"])
            _ = try await community.member.post("last", to: community.room)
            #expect(try await eventually { try await community.disabled().contains("gone") })
        }

        @Test func `a test says no more than that the hook works, and a new secret goes along with the old`()
            async throws
        {
            let community = try await HookedCommunity()
            let receiver = try HTTPReceiver()
            let hook = try await community.outgoing(to: receiver.url())
            let rotated = try await community.owner.send("webhook.rotate") { $0.field("webhook", hook.id) }
            try await community.owner.send("webhook.test") { $0.field("webhook", hook.id) }
            func test() -> HTTPReceiver.Request? {
                receiver.requests.first { $0.event?.string("type") == "lyceum.webhook.test" }
            }
            #expect(await eventually { test() != nil })
            let request = try #require(test())
            let sentAt = try #require(request.headers["webhook-timestamp"].flatMap { Int64($0) })
            for secret in [hook.secret, rotated.string("secret").flatMap { WebhookSecret($0) }] {
                var verifier = WebhookVerifier(secret: try #require(secret))
                try verifier.verify(
                    id: request.id, timestamp: "\(sentAt)", signature: request.headers["webhook-signature"],
                    body: request.body, now: sentAt)
            }
        }

        @Test func `an address inside is refused when it is named`() async throws {
            let community = try await HookedCommunity(["webhooks.allowed_networks": ""])
            let inside = [
                "http://127.0.0.1:9/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
                "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://0/",
                "http://192.168.0.1/",
            ]
            for url in inside {
                #expect(await refusal { try await community.outgoing(to: url) }?.code == .forbidden, "\(url)")
            }
        }

        @Test func `a name that leads inside is blocked at the connection, and redirects are not followed`()
            async throws
        {
            let blocked = try await HookedCommunity(["webhooks.allowed_networks": ""])
            let inside = try HTTPReceiver()
            let hook = try await blocked.outgoing(
                to: "http://localhost:\(inside.port)/", events: ["message.posted"])
            _ = try await blocked.member.post("x", to: blocked.room)
            #expect(try await eventually { try await blocked.deliveries(of: hook.id, state: "dead").count == 1 })
            #expect(try await blocked.deliveries(of: hook.id).first?.string("failure") == "address")
            #expect(inside.connections == 0)

            let community = try await HookedCommunity(["webhooks.attempts": "1"])
            let target = inside.url("/secret")
            let receiver = try HTTPReceiver { _, _ in .status(307, headers: [("Location", target)]) }
            let redirected = try await community.outgoing(to: receiver.url(), events: ["message.posted"])
            _ = try await community.member.post("x", to: community.room)
            let hasFailed = try await eventually {
                try await community.deliveries(of: redirected.id, state: "dead").count == 1
            }
            #expect(hasFailed)
            #expect(inside.connections == 0)
        }

        // MARK: Incoming

        @Test func `a post comes in by the secret and speaks under the hook's own name`() async throws {
            let community = try await HookedCommunity()
            let hook = try await community.incoming()
            let path = try #require(hook.string("path"))
            #expect(path.utf8.count >= "/v1/hooks/".utf8.count + 22)
            let answer = try community.post(##"{"text":"build passed","channel":"#x"}"##, to: path)
            #expect(answer.status == 200)
            #expect(JSONText(Array(answer.body.utf8)).string("verdict") == "allow")
            _ = try community.post(#"{"text":"done","name":"ci","secret":"mine"}"#, to: path)
            let messages = try await community.member.foldedHistory(of: community.room).elements
            #expect(messages.map(\.text) == ["build passed", "ci: done"])
            let speaker = try #require(hook.integer("member"))
            #expect(messages.allSatisfy { $0.by.rawValue == speaker })
            let twice = (0..<2).map { _ in try? community.post(#"{"text":"once","nonce":"n1"}"#, to: path) }
            #expect(twice.last??.body.contains(#""duplicate":true"#) == true)
            #expect(try await community.texts().count == 3)
        }

        @Test func `a secret that is wrong, old or its owner's no more answers alike`() async throws {
            let community = try await HookedCommunity()
            let first = try await community.incoming().string("path")
            let hook = try await community.owner.send("webhook.list").objects("webhooks").first?.integer("id")
            let unknown = try community.post(#"{"text":"x"}"#, to: "/v1/hooks/" + String(repeating: "A", count: 43))
            #expect(unknown.status == 404)
            func expectNothing(at path: String?) throws {
                let answer = try community.post(#"{"text":"x"}"#, to: path)
                #expect(answer.status == 404)
                #expect(answer.body == unknown.body)
            }
            let second = try await community.owner.send("webhook.rotate") { $0.field("webhook", hook) }.string("path")
            try expectNothing(at: first)
            #expect(try community.post(#"{"text":"x"}"#, to: second).status == 200)
            try await community.owner.send("webhook.delete") { $0.field("webhook", hook) }
            try expectNothing(at: second)
            // A hook of somebody who owned the room and does so no longer.
            let own = try await community.member.createRoom(name: "own", title: "Own").id
            let third = try await community.member.send("webhook.create") { json in
                json.field("direction", "incoming")
                json.field("name", "mine")
                json.field("room", own.rawValue)
            }.string("path")
            #expect(try community.post(#"{"text":"x"}"#, to: third).status == 200)
            try await community.member.leave(own)
            try expectNothing(at: third)
            try expectNothing(at: "/v1/hooks/x")
        }

        @Test func `what comes in is limited, moderated and well formed`() async throws {
            let community = try await HookedCommunity(["webhooks.posts_per_minute": "5"])
            let path = try await community.incoming().string("path")
            for body in ["", "[]", "{}", #"{"text":7}"#, #"{"text":""}"#, #"{"text":"   "}"#, #"{"text":"x"#] {
                #expect(try community.post(body, to: path).status == 400, "\(body)")
            }
            let form = try HTTP.request(
                "POST", path ?? "", port: community.daemon.port,
                headers: [("Content-Type", "application/x-www-form-urlencoded")], body: "text=x")
            #expect(form.status == 415)
            #expect(try HTTP.get(path ?? "", port: community.daemon.port).status == 405)
            let statuses = try (0..<10).map { try community.post(#"{"text":"post \#($0)"}"#, to: path).status }
            #expect(statuses.contains(429))
            #expect(!community.daemon.log.contains(path?.split(separator: "/").last.map(String.init) ?? "-"))
        }

        @Test func `the text of a hook passes moderation as a bot's`() async throws {
            let moderated = try await ModeratedCommunity(
                pack: """
                    pack: test
                    rules:
                      - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: H., zh: 扣。}}
                    """)
            let room = moderated.room.rawValue
            let hook = try await moderated.owner.send("webhook.create") { json in
                json.field("direction", "incoming")
                json.field("name", "builds")
                json.field("room", room)
            }
            let answer = try HTTP.post(
                hook.string("path") ?? "", #"{"text":"to zanzibar"}"#, port: moderated.daemon.port)
            #expect(JSONText(Array(answer.body.utf8)).string("verdict") == "hold")
            #expect(try await moderated.texts(for: moderated.member).isEmpty)
            #expect(
                try await moderated.items().contains {
                    $0.object("member")?.integer("id") == hook.integer("member")
                })
        }

        @Test func `what comes in by a hook goes out by none`() async throws {
            let community = try await HookedCommunity()
            let path = Locked<String?>(nil)
            // A program that answers everything it is told, by the way it came.
            let port = community.daemon.port
            let echo = try HTTPReceiver { _, _ in
                if let path = path.withLock({ $0 }) { _ = try? HTTP.post(path, #"{"text":"echo"}"#, port: port) }
                return .status(200)
            }
            _ = try await community.outgoing(to: echo.url(), events: ["message.posted"])
            let own = try await community.incoming().string("path")
            path.withLock { $0 = own }
            _ = try await community.member.post("hello", to: community.room)
            #expect(try await eventually { try await community.texts().contains("echo") })
            _ = try await community.member.post("again", to: community.room)
            #expect(await eventually { echo.requests.count == 2 })
            #expect(echo.texts == ["hello", "again"])
        }
    }
}

extension HookedCommunity {
    /// Reasons of the owner's hooks that were switched off.
    fileprivate func disabled() async throws -> [String] {
        try await owner.send("me.history") { $0.field("after", 0) }.objects("events")
            .filter { $0.string("event") == "me.webhook_disabled" }.compactMap { $0.string("reason") }
    }
}
