import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// The command line beside the daemon: `lyceum moderate`, `rules test|backtest|report`.
    @Suite struct ModerationTools {
        private static let pack = """
            pack: test
            rules:
              - {id: held, kind: keyword, words: [zanzibar], score: 5, action: hold, reason: {en: Held., zh: 已扣留。}}
            """

        @Test func `each line gets its verdict, and a bad line its error`() throws {
            let packs = try PackFolder(Self.pack)
            var input = Array("see you tomorrow\na trip to Z a n z i b a r\n".utf8)
            input += [0x68, 0xFF, 0x0A] + Array("明天见\r\n".utf8)
            input += [UInt8](repeating: 0x61, count: 1 << 20 + 1) + Array("\nno newline at the end".utf8)
            let run = try Daemon.run(["moderate", "--set", "moderation.rules=\(packs.path)"], input: input)
            #expect(run.lines.count == 6)
            guard run.lines.count == 6 else { return }
            #expect(run.lines[0].contains(#""action":"allow""#))
            #expect(run.lines[1].contains(#""action":"hold""#) && run.lines[1].contains("test.held"))
            #expect(run.lines[2] == #"{"error":"line 3 is not UTF-8"}"#)
            #expect(run.lines[3].contains(#""action":"allow""#))
            #expect(run.lines[4].contains("line 5 is longer than"))
            #expect(run.lines[5].contains(#""action":"allow""#))
            #expect(run.code == 65)
        }

        @Test func `equal lines are no flood, however many there are`() throws {
            let input = Array(String(repeating: "the same line again\n", count: 2_000).utf8)
            let run = try Daemon.run(
                ["moderate", "--set", "moderation.rules=\(ModeratedCommunity.shippedPacks)"], input: input)
            #expect(run.lines.count == 2_000 && Set(run.lines).count == 1)
            #expect(run.code == 0)
        }

        @Test func `packs that are wrong are named, and nothing is judged`() throws {
            let packs = try PackFolder("pack: test\nrules:\n  - {id: held, kind: nonsense}")
            let run = try Daemon.run(
                ["moderate", "--set", "moderation.rules=\(packs.path)"], input: Array("hello\n".utf8))
            #expect(run.lines.isEmpty)
            #expect(run.code == 78)
        }

        @Test func `every example of every shipped pack holds`() throws {
            let run = try Daemon.run(["rules", "test", ModeratedCommunity.shippedPacks])
            #expect(run.code == 0, "\(run.lines)")
            #expect(run.lines.last?.contains("examples hold") == true)
        }

        @Test func `an example that fails is named with its file and line`() throws {
            let packs = try PackFolder(
                """
                pack: test
                rules:
                  - id: held
                    kind: keyword
                    words: [zanzibar]
                    action: hold
                    reason: {en: Held., zh: 已扣留。}
                    examples:
                      match: [zanzibar, timbuktu]
                """)
            let run = try Daemon.run(["rules", "test", packs.path])
            #expect(run.code == 1)
            #expect(run.lines.contains { $0.contains("pack.yaml:9") && $0.contains("timbuktu") }, "\(run.lines)")
        }

        @Test func `the public report counts what rules did, and names nobody`() async throws {
            let community = try await ModeratedCommunity(pack: Self.pack)
            var items: [Int64] = []
            for number in 0..<4 {
                items.append(try #require(try await community.post("zanzibar number \(number)").integer("review")))
            }
            try await community.decide(items[0], "reject")
            try await community.decide(items[1], "reject")
            try await community.decide(items[2], "approve")
            _ = community.daemon.stop()
            let run = try Daemon.run(["rules", "report", "--data", community.daemon.dataPath])
            #expect(run.code == 0)
            let row = try #require(run.lines.first { $0.contains("test.held") })
            let cells = row.split(separator: "|").map { $0.filter { $0 != " " } }
            #expect(cells.prefix(7) == ["test.held", "4", "0", "4", "0", "2", "1"])
            #expect(!run.lines.contains { $0.contains("mark") || $0.contains("zanzibar number") })
        }
    }
}
