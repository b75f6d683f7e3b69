import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// What moderators see of how much goes on.
    @Suite struct Pulse {
        @Test func `messages are counted by hour, day and room, without rooms that the moderator may not see`()
            async throws
        {
            let daemon = try Daemon()
            let owner = try await daemon.owner()
            let moderator = try await daemon.member("mod")
            let id = try #require(await moderator.signIn?.member)
            try await owner.send("member.set_role") {
                $0.field("member", id.rawValue)
                $0.field("role", "moderator")
            }
            let open = try await owner.createRoom(name: "open", title: "Open")
            let hall = try await owner.createRoom(name: "hall", title: "Hall")
            let secret = try await owner.createRoom(name: "secret", title: "Secret", kind: "private")
            _ = try await moderator.join(open.id)
            for text in ["one", "two"] { _ = try await owner.post(text, to: open.id) }
            _ = try await moderator.post("three", to: open.id)
            _ = try await owner.post("here", to: hall.id)
            for text in ["not", "for", "you", "at", "all"] { _ = try await owner.post(text, to: secret.id) }

            let seen = try await moderator.send("community.pulse")
            for spans in [seen.objects("hours"), seen.objects("days")] {
                #expect(spans.reduce(0) { $0 + ($1.integer("messages") ?? 0) } == 4)
                #expect(spans.map { $0.integer("members") ?? 0 }.max() == 2)
            }
            #expect(seen.objects("hours").count == 24)
            #expect(seen.objects("days").count == 30)
            #expect(seen.objects("rooms").map { $0.integer("room") } == [open.id.rawValue, hall.id.rawValue])
            #expect(seen.objects("rooms").map { $0.integer("members") } == [2, 1])
            let all = try await owner.send("community.pulse") { $0.field("utc_offset_min", 480) }
            #expect(all.objects("rooms").first?.integer("room") == secret.id.rawValue)
            #expect(seen.object("queue")?.integer("open") != nil)
            #expect(seen.object("latency") != nil)
        }
    }
}
