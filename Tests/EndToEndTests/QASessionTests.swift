import Foundation
import Locking
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Sessions as a whole: their schedule, what is told of votes, what is found, what remains.
    @Suite struct QASessions {
        private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

        @Test func `a session opens and closes by itself, also when the daemon was down at the time`() async throws {
            let stage = try await QAStage(members: ["ann"]) { $0.field("concurrent", true) }
            let start = Self.now() + 3_000
            let planned = try await QAStage.open(stage.host, stage.room, title: "Later") { json in
                json.field("starts_at", start)
                json.field("concurrent", true)
            }
            #expect(await refused { try await stage.ask("early?", by: stage.members[0], qa: planned) } == .conflict)
            stage.daemon.kill()
            try stage.daemon.start()
            #expect(
                await eventually(within: .seconds(20)) {
                    await refused { try await stage.ask("now?", by: stage.members[0], nonce: "n", qa: planned) } == nil
                })
            // Only now, however long that start took: who is down from before the beginning to past the end opens nothing.
            try await stage.host.send("qa.update") { json in
                json.field("room", stage.room.rawValue)
                json.field("qa", planned)
                json.field("ends_at", Self.now() + 500)
            }
            stage.daemon.kill()
            try stage.daemon.start()
            #expect(
                await eventually(within: .seconds(20)) {
                    await refused { try await stage.ask("late?", by: stage.members[0], qa: planned) } == .archived
                })
            let told = try await stage.record().filter { ($0.json.integer("qa") ?? $0.seq) == planned }
                .filter { $0.name.hasPrefix("qa.") }
            #expect(told.map(\.name) == ["qa.opened", "qa.updated", "qa.updated", "qa.closed"])
            #expect(told.map { $0.json.string("state") } == ["scheduled", "open", "open", "closed"])
            #expect(
                told.map { $0.json.integer("by") == 0 } == [false, true, false, true],
                "what comes by itself is nobody's")
            for event in told.dropFirst() { #expect((event.json.integer("at") ?? 0) >= start) }
        }

        @Test func `a scheduled session that may not be open beside another waits until that is closed`() async throws {
            let stage = try await QAStage(members: ["ann"])
            let planned = try await QAStage.open(stage.host, stage.room, title: "Later") {
                $0.field("starts_at", Self.now() + 500)
            }
            // One of another room that is due later and has opened: the moment of the one that waits is past.
            let elsewhere = try await stage.host.createRoom(name: "annex", title: "Annex").id
            let later = try await QAStage.open(stage.host, elsewhere, title: "Elsewhere") {
                $0.field("starts_at", Self.now() + 1_000)
            }
            #expect(
                try await eventually(within: .seconds(20)) {
                    try await stage.host.history(of: elsewhere, after: 0, limit: 200).elements.contains {
                        $0.name == "qa.updated" && $0.json.integer("qa") == later && $0.json.string("state") == "open"
                    }
                })
            #expect(await refused { try await stage.ask("now?", by: stage.members[0], qa: planned) } == .conflict)
            try await stage.host.send("qa.close") { json in
                json.field("room", stage.room.rawValue)
                json.field("qa", stage.qa)
            }
            #expect(
                await eventually(within: .seconds(20)) {
                    await refused { try await stage.ask("now?", by: stage.members[0], nonce: "n", qa: planned) } == nil
                })
        }

        @Test func `tallies of a question keep 250 ms apart and the last tells all votes`() async throws {
            let stage = try await QAStage(members: (0..<5).map { "member-\($0)" })
            let question = try await stage.question("Which way?", by: stage.host)
            for round in 0..<200 {
                let voter = stage.members[round % 5]
                try await stage.vote(Int64((round / 5 + 1) % 2), on: question, by: voter)
            }
            for voter in stage.members { try await stage.vote(1, on: question, by: voter) }
            #expect(
                try await eventually {
                    try await stage.record().last { $0.name == "question.tally" }?.json.integer("up") == 5
                })
            let times = try await stage.record().filter { $0.name == "question.tally" }.compactMap {
                $0.json.integer("at")
            }
            for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier >= 250) }
        }

        @Test func `votes that a crash left untold are told at the next start`() async throws {
            let stage = try await QAStage(members: ["ann", "bob"])
            let question = try await stage.question("Which way?", by: stage.host)
            for voter in stage.members { try await stage.vote(1, on: question, by: voter) }
            stage.daemon.kill()
            try stage.daemon.start()
            #expect(
                try await eventually(within: .seconds(20)) {
                    try await stage.record().last { $0.name == "question.tally" }?.json.integer("up") == 2
                })
        }

        @Test func `similar questions are found in both languages, with their answers, and only where one may look`()
            async throws
        {
            let stage = try await QAStage(members: ["ann", "bob"])
            let (ann, bob) = (stage.members[0], stage.members[1])
            let backup = try await stage.question("How do I back up the database?", by: ann)
            let model = try await stage.question("训练大模型需要多少显存？", by: ann)
            _ = try await stage.question("What is for lunch today?", by: ann)
            try await stage.act("answer", on: backup) { $0.field("text", "With lyceum backup create.") }
            let secret = try await ann.createRoom(name: "secret", title: "Secret", kind: "private").id
            let hidden = try await QAStage.open(ann, secret)
            _ = try await ann.send("question.ask") { json in
                json.field("room", secret.rawValue)
                json.field("qa", hidden)
                json.field("text", "How do I back up the database of salaries?")
                json.field("nonce", "n")
            }
            func similar(_ text: String, for client: Client) async throws -> [JSONText] {
                try await client.send("question.similar") { $0.field("text", text) }.objects("similar")
            }
            let found = try await similar("database back up", for: bob)
            #expect(found.map { $0.integer("seq") } == [backup])
            #expect(found.first?.object("answer")?.string("text") == "With lyceum backup create.")
            #expect(try await similar("大模型的显存", for: bob).first?.integer("seq") == model)
            #expect(try await similar("database back up", for: ann).count == 2)
            let asked = try await stage.ask("Can I back up the database online?", by: bob)
            #expect(asked.objects("similar").first?.integer("seq") == backup)
            try await stage.act("dismiss", on: model)
            #expect(try await similar("大模型的显存", for: bob).isEmpty)
            stage.daemon.kill()
            try stage.daemon.start()
            #expect(
                try await eventually(within: .seconds(20)) {
                    try await similar("database back up", for: bob).first?.integer("seq") == backup
                })
        }

        @Test func `an export is safe in a spreadsheet and says what the session said`() async throws {
            let stage = try await QAStage(members: ["ann"])
            let formula = "=HYPERLINK(\"http://x\",\"y\")"
            let question = try await stage.question(formula, by: stage.members[0])
            try await stage.act("answer", on: question) { $0.field("text", "@SUM(1+1)\n# not a heading") }
            func export(_ format: String) async throws -> String {
                try await stage.host.send("qa.export") { json in
                    json.field("room", stage.room.rawValue)
                    json.field("qa", stage.qa)
                    json.field("format", format)
                }.string("text") ?? ""
            }
            let csv = try await export("csv")
            #expect(csv.contains("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""))
            #expect(csv.contains("\"'@SUM(1+1)\n# not a heading\""))
            let markdown = try await export("markdown")
            #expect(markdown.contains("> @SUM\\(1\\+1\\)\n> \\# not a heading"))
            let json = JSONText(Array(try await export("json").utf8))
            #expect(json.objects("questions").first?.string("text") == formula)
            #expect(json.objects("questions").first?.objects("answers").count == 1)
            #expect(
                await refused {
                    try await stage.members[0].send("qa.export") { json in
                        json.field("room", stage.room.rawValue)
                        json.field("qa", stage.qa)
                        json.field("format", "csv")
                    }
                } == .forbidden)
        }
    }
}
