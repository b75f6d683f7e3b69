import Glibc
import Locking
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Recommendations over the wire: pushed, explained, private, and gone when they are not wanted.
    @Suite struct Recommendations {
        @Test func `who answers what one asks about is recommended at once, in both languages`() async throws {
            let daemon = try Daemon()
            let (asker, helper, room) = try await Self.twoInARoom(daemon)
            let question = try await asker.post(
                "How do I rebuild the #sqlite index after a crash?", to: room)
            #expect(try await Self.experts(asker).isEmpty)
            let pushes = Pushes(of: "experts", await asker.events())
            _ = try await helper.post(
                "Run reindex: #sqlite rebuilds every index", to: room, thread: question.seq)
            #expect(await eventually { !pushes.added.isEmpty })
            let helperID = try #require(await helper.signIn?.member)
            let item = try #require(pushes.added.first)
            #expect(item.integer("member") == helperID.rawValue)
            let reason = try #require(item.object("reason"))
            #expect(reason.string("code")?.hasPrefix("answer") == true)
            #expect(reason.string("en")?.hasPrefix("Answered") == true)
            #expect(reason.string("zh")?.contains("回答") == true)
            #expect(abs(try Self.sumOfTerms(reason) - Self.number(item, "score")) < 1e-6)
            #expect(try await Self.experts(asker).map { $0.string("key") } == [item.string("key")])
        }

        @Test func `a thread that heats up is a trend for those who may see it and for nobody else`() async throws {
            let daemon = try Daemon()
            let ann = try await daemon.member("ann")
            let secret = try await ann.createRoom(name: "secret", title: "Secret", kind: "private")
            let open = try await ann.createRoom(name: "open", title: "Open")
            var inside = [ann]
            for name in ["bob", "cid", "dan"] {
                let client = try await daemon.member(name)
                let id = try #require(await client.signIn?.member)
                try await ann.send("room.invite") {
                    $0.field("room", secret.id.rawValue)
                    $0.field("member", id.rawValue)
                }
                try await client.send("room.join") { $0.field("room", secret.id.rawValue) }
                _ = try await client.join(open.id)
                inside.append(client)
            }
            let eve = try await daemon.member("eve")
            let hidden = try await Self.heatUp(secret.id, inside)
            let shown = try await Self.heatUp(open.id, inside)
            #expect(try await eventually { try await Self.trends(ann) == [hidden, shown] })
            #expect(try await Self.trends(inside[2]) == [hidden, shown])
            #expect(try await Self.trends(eve) == [shown])
        }

        @Test func `what is dismissed goes away, stays away over a restart, and teaches the ranker`() async throws {
            let daemon = try Daemon()
            let (asker, helper, room) = try await Self.twoInARoom(daemon)
            let question = try await asker.post("How do I tune #postgres?", to: room)
            _ = try await helper.post("Set shared buffers for #postgres", to: room, thread: question.seq)
            #expect(try await eventually { try await !Self.experts(asker).isEmpty })
            // Each member's impressions have numbers of their own; the stranger has had none as high as this.
            for _ in 0..<20 { _ = try await Self.experts(asker) }
            let item = try #require(try await Self.experts(asker).first)
            try await Self.feedback(asker, item, "dismissed")
            #expect(try await Self.experts(asker).isEmpty)
            let stranger = await refusal { try await Self.feedback(helper, item, "dismissed") }
            #expect(stranger?.code == .notFound)
            daemon.kill()
            try daemon.start()
            #expect(try await Self.experts(asker).isEmpty)
            let kept = try await asker.send("activity.me", isRepeatable: true) { $0.field("export", true) }
            #expect(kept.objects("notes").map { $0.string("kind") }.contains("feedback"))
        }

        @Test func `a restart keeps the state, and a damaged one is derived from the record anew`() async throws {
            let daemon = try Daemon()
            let (asker, helper, room) = try await Self.twoInARoom(daemon)
            let question = try await asker.post("How do I tune #postgres?", to: room)
            _ = try await helper.post("Set shared buffers for #postgres", to: room, thread: question.seq)
            #expect(try await eventually { try await !Self.experts(asker).isEmpty })
            let before = try await Self.portrait(helper)
            #expect(daemon.stop())
            try daemon.start()
            #expect(try await Self.portrait(helper) == before)
            #expect(!daemon.log.contains("anew"))
            #expect(daemon.stop())
            let state = "\(daemon.dataPath)/activity.state"
            #expect(truncate(state, 1000) == 0)
            try daemon.start()
            #expect(try await eventually { try await Self.portrait(helper) == before })
            #expect(daemon.log.contains("derived from the record anew"))
        }

        @Test func `who opts out, is blocked or is erased is recommended to nobody`() async throws {
            let daemon = try Daemon()
            let (asker, helper, room) = try await Self.twoInARoom(daemon)
            let helperID = try #require(await helper.signIn?.member)
            let question = try await asker.post("How do I tune #postgres?", to: room)
            _ = try await helper.post("Set shared buffers for #postgres", to: room, thread: question.seq)
            #expect(try await eventually { try await !Self.experts(asker).isEmpty })

            try await helper.send("privacy.set") { $0.field("discoverable", false) }
            #expect(try await Self.experts(asker).isEmpty)
            try await helper.send("privacy.set") { $0.field("discoverable", true) }
            #expect(try await !Self.experts(asker).isEmpty)

            try await asker.send("member.block") { $0.field("member", helperID.rawValue) }
            #expect(try await Self.experts(asker).isEmpty)
            try await asker.send("member.unblock") { $0.field("member", helperID.rawValue) }
            #expect(try await !Self.experts(asker).isEmpty)

            try await helper.send("privacy.set") { $0.field("recommendations", false) }
            #expect(try await eventually { try await Self.experts(asker).isEmpty })
            #expect(try await Self.items(helper, "experts").isEmpty)
            try await helper.send("privacy.set") { $0.field("recommendations", true) }
            #expect(try await eventually { try await !Self.experts(asker).isEmpty })

            try await helper.send("activity.erase")
            #expect(try await eventually { try await Self.experts(asker).isEmpty })
            let portrait = try await helper.send("activity.me") { $0.field("export", true) }
            #expect(portrait.objects("events").isEmpty)
            #expect(portrait.object("portrait")?.integer("points") == 0)
        }

        // MARK: Steps

        private static func twoInARoom(_ daemon: Daemon) async throws -> (Client, Client, RoomID) {
            let asker = try await daemon.member("asker")
            let helper = try await daemon.member("helper")
            let room = try await asker.createRoom(name: "help", title: "Help")
            _ = try await helper.join(room.id)
            return (asker, helper, room.id)
        }

        /// Enough replies of enough members, at once, for a burst.
        private static func heatUp(_ room: RoomID, _ members: [Client]) async throws -> Int64 {
            let start = try await members[0].post("What a day", to: room)
            let root = try #require(start.seq)
            for number in 0..<24 {
                _ = try await members[number % members.count].post("indeed \(number)", to: room, thread: root)
            }
            return room.rawValue * 1000 + root
        }

        /// The trending threads as `room * 1000 + thread`, by number.
        private static func trends(_ client: Client) async throws -> [Int64] {
            try await client.send("activity.trends").objects("trends").filter { $0.string("kind") == "thread" }
                .map { ($0.integer("room") ?? 0) * 1000 + ($0.integer("thread") ?? 0) }.sorted()
        }

        private static func items(_ client: Client, _ kind: String) async throws -> [JSONText] {
            try await client.send("recommend.get", isRepeatable: true) { json in
                json.field("kinds", array: [kind]) { $0.value($1) }
            }.objects("items")
        }

        private static func experts(_ client: Client) async throws -> [JSONText] { try await items(client, "experts") }

        private static func feedback(_ client: Client, _ item: JSONText, _ action: String) async throws {
            let impression = item.string("impression") ?? ""
            try await client.send("recommend.feedback") { json in
                json.field("impression", impression)
                json.field("action", action)
            }
        }

        /// What a portrait counts, without the weights that decay while one looks.
        private static func portrait(_ client: Client) async throws -> String {
            let portrait = try await client.send("activity.me", isRepeatable: true).object("portrait")
            let weeks = portrait?.objects("weeks").map(\.description).joined() ?? ""
            return "\(portrait?.integer("points") ?? -1) \(weeks)"
        }

        private static func sumOfTerms(_ reason: JSONText) throws -> Double {
            try reason.objects("terms").reduce(0) { try $0 + number($1, "weight") * number($1, "value") }
        }

        private static func number(_ json: JSONText, _ name: StaticString) throws -> Double {
            try json.read { $0[name]?.number } ?? .nan
        }
    }
}

/// What pushes add to one of a member's lists, as they come.
private final class Pushes: Sendable {
    private let items = Locked<[JSONText]>([])
    var added: [JSONText] { items.withLock { $0 } }

    init(of kind: StaticString, _ events: EventQueue) {
        Task { [weak self] in
            for await case .event(let event) in events where event.name == "recommendations" {
                let new = event.json.object("kinds")?.object(kind)?.objects("add") ?? []
                self?.items.withLock { $0 += new.compactMap { $0.object("item") } }
            }
        }
    }
}
