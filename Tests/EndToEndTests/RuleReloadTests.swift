import Glibc
import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Rules that change under a running daemon (fault F16), and what they would have done before.
    @Suite struct RuleReload {
        private static func pack(_ word: String) -> String {
            """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [\(word)], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
            """
        }

        @Test(arguments: [
            "pack: test\nrules:\n  - {id: held, kind: nonsense}", "pack: [", "pack: test\nrules: 7",
            "pack: test\nrules:\n  - {id: r, kind: regex, patterns: ['(a+)+$\\1'], action: hold, reason: {en: a, zh: b}}",
        ])
        func `a bad pack is refused with its line, and the old rules stay in force`(bad: String) async throws {
            let community = try await ModeratedCommunity(pack: Self.pack("zanzibar"))
            let folder = try #require(community.packs)
            try folder.write(bad)
            let refused = await refusal { try await community.owner.send("rules.reload") }
            #expect(refused?.code == .rejected)
            let details = String(decoding: refused?.details ?? [], as: UTF8.self)
            #expect(details.contains("pack.yaml:"))
            #expect(try await community.post("zanzibar").string("verdict") == "hold")
            #expect(community.daemon.metrics()["lyceum_rules_reload_errors_total"] == 1)
        }

        @Test func `a hang-up and a changed file bring new rules, and moderators are told`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack("zanzibar"))
            let folder = try #require(community.packs)
            let events = await community.moderator.events()
            try await community.moderator.send("review.subscribe")
            try folder.write(Self.pack("timbuktu"))
            community.daemon.process.signal(SIGHUP)
            try await Self.wait(for: "review.rules", in: events)
            #expect(try await community.post("timbuktu").string("verdict") == "hold")
            #expect(try await community.post("zanzibar").string("verdict") == "allow")
            try folder.write(Self.pack("samarkand"))
            #expect(
                try await eventually(within: .seconds(20)) {
                    try await community.verdict(on: "samarkand").string("action") == "hold"
                })
        }

        @Test func `while packs come that are broken, half-written or huge, no message skips the rules`() async throws {
            let good = Self.pack("zanzibar")
            let community = try await ModeratedCommunity(pack: good)
            let folder = try #require(community.packs)
            let many = (0..<6_000).map { "  - {id: r\($0), kind: keyword, words: [w\($0)x], reason: {en: a, zh: b}}\n" }
            let bad = [
                String(good.prefix(good.count / 2)), "pack: test\nrules:\n" + many.joined(), "\u{0}\u{0}", "",
                Self.pack("zanzibar") + "\n  - {id: r, kind: regex, patterns: ['(x+x+)+\\1y'], reason: {en: a, zh: b}}",
            ]
            async let reloading: Int = Self.reload(bad, good, folder, community)
            var held = 0
            for number in 0..<300 {
                held += try await community.post("zanzibar \(number)").string("verdict") == "hold" ? 1 : 0
            }
            #expect(try await reloading == bad.count)
            #expect(held == 300)
        }

        /// - Returns: How many of the packs were refused.
        private static func reload(
            _ packs: [String], _ good: String, _ folder: PackFolder, _ community: ModeratedCommunity
        ) async throws -> Int {
            var refused = 0
            for pack in packs {
                try folder.write(pack)
                if await refusal({ try await community.owner.send("rules.reload") }) != nil { refused += 1 }
                try folder.write(good)
                try await community.owner.send("rules.reload")
            }
            return refused
        }

        private static func wait(for name: String, in events: EventQueue) async throws {
            for await case .event(let event) in events where event.name == name { return }
        }

        @Test func `a bad pack at the start keeps the daemon from serving`() throws {
            let folder = try PackFolder("pack: [")
            #expect(throws: (any Error).self) { try Daemon(settings: ["moderation.rules": folder.path]) }
        }

        @Test func `a backtest says what a pack would have done, and does nothing`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack("zanzibar"))
            for number in 0..<20 {
                _ = try await community.post(number % 4 == 0 ? "timbuktu \(number)" : "rice \(number)")
            }
            let item = try #require(try await community.post("zanzibar and timbuktu").integer("review"))
            try await community.decide(item, "reject")
            let pack = Self.pack("timbuktu")
            let result = try await community.moderator.send("rules.backtest") { $0.field("pack", pack) }
            #expect(result.integer("messages") == 20)
            let rule = try #require(result.objects("rules").first)
            #expect(rule.integer("hits") == 6)
            #expect(rule.integer("new") == 5)
            #expect(rule.integer("confirmed") == 1)
            #expect(rule.objects("samples").count == 5)
            #expect(try await community.post("timbuktu is far").string("verdict") == "allow")
        }

        @Test func `who asks for a backtest is told how far it is, up to its end`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack("zanzibar"))
            for number in 0..<5 { _ = try await community.post("rice \(number)") }
            let events = await community.moderator.events()
            try await community.moderator.send("rules.backtest")
            var shares: [(done: Int64, total: Int64)] = []
            for await case .event(let event) in events where event.name == "rules.backtest_progress" {
                #expect(event.json.integer("request") != nil)
                let share = (try #require(event.json.integer("done")), try #require(event.json.integer("total")))
                shares.append(share)
                if share.0 == share.1 { break }
            }
            let head = try await community.member.join(community.room).seq
            #expect(shares.first?.done == 0)
            #expect(shares.last.map { $0.total >= head } == true)
            for (earlier, later) in zip(shares, shares.dropFirst()) { #expect(earlier.done < later.done) }
        }
    }
}
