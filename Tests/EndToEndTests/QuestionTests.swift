import Harness
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// Live Q&A: the way of a question, votes, merges.
    @Suite struct Questions {
        @Test func `a question goes its way, each step is told with its actor and can be taken back`() async throws {
            let stage = try await QAStage(members: ["ann", "bob"])
            let (ann, bob) = (stage.members[0], stage.members[1])
            let first = try await stage.question("How do backups work?", by: ann)
            let second = try await stage.question("Is there a roadmap?", by: bob)
            try await stage.act("live", on: first)
            try await stage.act("live", on: second) { $0.field("slot", "next") }
            // The stage has one place for now, and what stood there is open again.
            try await stage.act("live", on: second)
            #expect(try await stage.look(at: first, for: ann)?.string("state") == "open")
            #expect(try await stage.look(at: second, for: ann)?.string("slot") == "now")
            try await stage.act("undo", on: second) { $0.field("reason", "too early") }
            #expect(try await stage.look(at: second, for: ann)?.string("slot") == "next")
            try await stage.act("answer", on: first) { $0.field("text", "Online, and verified.") }
            try await stage.act("answer", on: first) { $0.field("spoken", true) }
            let answered = try #require(try await stage.look(at: first, for: bob))
            #expect(answered.string("state") == "answered")
            let answers = answered.objects("answers")
            #expect(answers.map { $0.string("text") } == ["Online, and verified.", nil])
            #expect(answers.map { $0.bool("accepted") } == [true, nil])
            try await stage.act("accept", on: first) { [seq = answers[1].integer("seq")] in $0.field("answer", seq) }
            #expect(try await stage.look(at: first, for: bob)?.integer("accepted") == answers[1].integer("seq"))
            for _ in 0..<3 { try await stage.act("undo", on: first) }
            let reopened = try #require(try await stage.look(at: first, for: bob))
            #expect(reopened.string("state") == "open" && reopened.objects("answers").isEmpty)
            try await stage.act("dismiss", on: second) { $0.field("reason", "asked before") }
            #expect(try await stage.look(at: second, for: ann) == nil)
            #expect(try await stage.look(at: second, for: bob)?.string("state") == "dismissed", "its author knows")
            try await stage.act("reopen", on: second)

            let hostID = await stage.host.signIn?.member.rawValue
            let steps = try await stage.record().filter { $0.name == "question.updated" }
            #expect(steps.allSatisfy { $0.json.integer("by") == hostID })
            #expect(
                steps.compactMap { $0.json.string("change") } == [
                    "live", "live", "reopened", "live", "undone", "answered", "answered", "accepted", "undone",
                    "undone", "undone", "dismissed", "reopened",
                ])
            #expect(steps.first { $0.json.string("change") == "dismissed" }?.json.string("reason") == "asked before")
            let told = steps.contains { $0.json.description.contains("verified") }
            #expect(!told, "an answer that was taken back is in no replay")
        }

        @Test func `a merge unites voters, and undoing it gives every question its own again`() async throws {
            let stage = try await QAStage(members: ["ann", "bob", "cat", "dan"]) { $0.field("downvotes", true) }
            let (ann, bob, cat, dan) = (stage.members[0], stage.members[1], stage.members[2], stage.members[3])
            let one = try await stage.question("one", by: ann)
            let two = try await stage.question("two", by: bob)
            let three = try await stage.question("three", by: ann)
            for client in [cat, dan] { try await stage.vote(1, on: one, by: client) }
            try await stage.vote(1, on: two, by: cat)
            try await stage.vote(-1, on: three, by: dan)
            try await stage.vote(1, on: one, by: bob)
            let merged = try await stage.act("merge", on: one) { $0.field("into", two) }
            // Cat counts once, Dan comes along, and Bob's vote would now be one on his own question.
            #expect(merged.integer("up") == 2)
            try await stage.act("merge", on: two) { $0.field("into", three) }
            let united = try #require(try await stage.look(at: three, for: dan))
            #expect(united.integer("up") == 2 && united.integer("down") == 1)
            #expect(united.integer("mine") == -1, "Dan's own vote on it goes before the one that came along")
            #expect(await refused { try await stage.vote(1, on: one, by: cat) } == .conflict)
            #expect(await refused { try await stage.act("merge", on: three) { $0.field("into", one) } } == .conflict)
            try await stage.vote(0, on: three, by: cat)
            #expect(try await stage.look(at: three, for: cat)?.integer("mine") == 0)
            #expect(try await stage.look(at: three, for: cat)?.integer("up") == 1)
            try await stage.act("undo", on: two)
            try await stage.act("undo", on: one)
            let counts = try await [one, two, three].asyncMap { try await stage.look(at: $0, for: cat)?.integer("up") }
            #expect(counts == [3, 1, 0])
        }

        @Test func `bad input is refused by its kind and changes nothing`() async throws {
            let stage = try await QAStage(members: ["ann", "bob"]) { $0.field("questions_per_member", 3) }
            let (ann, bob) = (stage.members[0], stage.members[1])
            let open = try await stage.question("open", by: ann)
            let gone = try await stage.question("gone", by: ann)
            try await stage.act("dismiss", on: gone)
            let room = stage.room.rawValue
            let other = try await stage.host.createRoom(name: "other", title: "Other").id
            let foreign = try await QAStage.open(stage.host, other)
            let before = try await stage.record().count
            let refusals: [(ErrorCode, ErrorCode?)] = [
                (.conflict, await refused { try await stage.vote(1, on: gone, by: bob) }),
                (.notFound, await refused { try await stage.vote(1, on: 1, by: bob) }),
                (.notFound, await refused { try await stage.vote(1, on: foreign, by: bob) }),
                (.malformed, await refused { try await stage.vote(2, on: open, by: bob) }),
                (.forbidden, await refused { try await stage.vote(-1, on: open, by: bob) }),
                (.forbidden, await refused { try await stage.vote(1, on: open, by: ann) }),
                (.forbidden, await refused { try await stage.act("dismiss", on: open, by: bob) }),
                (
                    .forbidden,
                    await refused { try await stage.act("answer", on: open, by: bob) { $0.field("text", "x") } }
                ),
                (.malformed, await refused { try await stage.act("merge", on: open) { $0.field("into", open) } }),
                (.notFound, await refused { try await stage.act("merge", on: open) { $0.field("into", foreign) } }),
                (.conflict, await refused { try await stage.act("merge", on: open) { $0.field("into", gone) } }),
                (.conflict, await refused { try await stage.act("approve", on: open) }),
                (.notFound, await refused { try await stage.act("accept", on: open) { $0.field("answer", 1) } }),
                (.conflict, await refused { try await stage.act("undo", on: open) }),
                (
                    .notFound,
                    await refused {
                        try await stage.act("label", on: open) { j in j.field("labels", array: ["x"]) { $0.value($1) } }
                    }
                ),
                (.forbidden, await refused { try await stage.ask("who?", by: bob, anonymously: true) }),
                (.malformed, await refused { try await stage.ask("  ", by: bob) }),
                (.tooLarge, await refused { try await stage.ask(String(repeating: "长", count: 501), by: bob) }),
                (.notFound, await refused { try await stage.ask("where?", by: bob, qa: foreign) }),
                (.conflict, await refused { try await QAStage.open(stage.host, stage.room) }),
                (
                    .malformed,
                    await refused {
                        try await QAStage.open(stage.host, other) { json in
                            json.field("starts_at", 4_000_000_000_000)
                            json.field("ends_at", 3_999_999_999_999)
                        }
                    }
                ),
                (.malformed, await refused { try await QAStage.open(stage.host, other) { $0.field("ends_at", 5) } }),
                (.forbidden, await refused { try await QAStage.open(bob, stage.room) }),
            ]
            for (index, (expected, got)) in refusals.enumerated() { #expect(got == expected, "number \(index)") }
            #expect(try await stage.record().count == before)
            #expect(await refused { try await stage.ask("third", by: ann) } == nil)
            #expect(await refused { try await stage.ask("fourth", by: ann) } == .conflict)
            try await stage.host.send("qa.close") { json in
                json.field("room", room)
                json.field("qa", stage.qa)
            }
            #expect(await refused { try await stage.vote(1, on: open, by: bob) } == .archived)
            #expect(await refused { try await stage.ask("late", by: bob) } == .archived)
        }

        @Test func `a host who has left holds nothing any more`() async throws {
            let stage = try await QAStage(members: ["ann", "bob"])
            let (ann, bob) = (stage.members[0], stage.members[1])
            let annID = try #require(await ann.signIn).member.rawValue
            try await stage.host.send("qa.update") { json in
                json.field("room", stage.room.rawValue)
                json.field("qa", stage.qa)
                json.field("cohosts", array: [annID]) { $0.value($1) }
            }
            let question = try await stage.question("who?", by: bob)
            try await stage.act("live", on: question, by: ann)
            try await ann.send("room.leave") { $0.field("room", stage.room.rawValue) }
            #expect(await refused { try await stage.act("reopen", on: question, by: ann) } == .forbidden)
        }

        @Test func `a nonce asks once`() async throws {
            let stage = try await QAStage(members: ["ann"])
            let first = try await stage.ask("once?", by: stage.members[0], nonce: "n")
            let again = try await stage.ask("once?", by: stage.members[0], nonce: "n")
            #expect(first.integer("seq") == again.integer("seq") && again.bool("duplicate") == true)
            #expect(try await stage.list(for: stage.host).objects("questions").count == 1)
        }

        /// What the votes of a random session should count, kept in the plainest way there is.
        private struct Model {
            struct Vote {
                let value: Int64
                let order: Int
            }

            var votes: [Int64: [Int: Vote]] = [:]
            var into: [Int64: Int64] = [:]
            var authors: [Int64: Int] = [:]
            var banned: Set<Int> = []
            var order = 0

            mutating func vote(_ value: Int64, on question: Int64, by member: Int) {
                order += 1
                votes[question, default: [:]][member] = Vote(value: value, order: order)
            }

            func united(_ question: Int64) -> [Int64] {
                [question] + into.filter { $0.value == question }.keys.flatMap(united)
            }

            func counts(_ question: Int64) -> [Int64] {
                var counted: [Int: Int64] = [:]
                for member in 0..<8 where !banned.contains(member) && authors[question] != member {
                    let all = united(question).compactMap { votes[$0]?[member] }
                    counted[member] = votes[question]?[member]?.value ?? all.max { $0.order < $1.order }?.value ?? 0
                }
                return [Int64(counted.values.count { $0 > 0 }), Int64(counted.values.count { $0 < 0 })]
            }
        }

        @Test(arguments: UInt64(0)..<3)
        func `counts are what the votes say after any votes, merges, undos, departures and bans`(
            seed: UInt64
        ) async throws {
            let names = (0..<8).map { "member-\($0)" }
            let stage = try await QAStage(members: names) { $0.field("downvotes", true) }
            let ids = await stage.members.asyncMap { await $0.signIn?.member.rawValue ?? 0 }
            var random = SplitMix64(seed: seed)
            var model = Model()
            var questions: [Int64] = []
            for number in 0..<6 {
                let author = Int.random(in: 0..<8, using: &random)
                let question = try await stage.question("question \(number)", by: stage.members[author])
                model.authors[question] = author
                questions.append(question)
            }
            for _ in 0..<150 {
                let question = questions.randomElement(using: &random) ?? 0
                let member = Int.random(in: 0..<8, using: &random)
                switch Int.random(in: 0..<20, using: &random) {
                case 0..<13:
                    let value = Int64.random(in: -1...1, using: &random)
                    let isAllowed =
                        model.into[question] == nil && model.authors[question] != member
                        && !model.banned.contains(member)
                    guard isAllowed else { continue }
                    try await stage.vote(value, on: question, by: stage.members[member])
                    // The record dates votes in milliseconds.
                    try await Task.sleep(for: .milliseconds(2))
                    model.vote(value, on: question, by: member)
                case 13..<15:
                    let target = questions.randomElement(using: &random) ?? 0
                    guard target != question, model.into[target] == nil, model.into[question] == nil else { continue }
                    try await stage.act("merge", on: question) { $0.field("into", target) }
                    model.into[question] = target
                case 15..<17:
                    guard model.into[question] != nil else { continue }
                    try await stage.act("undo", on: question)
                    model.into[question] = nil
                case 17..<19:
                    guard !model.banned.contains(member) else { continue }
                    try await stage.members[member].send("room.leave") { $0.field("room", stage.room.rawValue) }
                    for question in questions { model.votes[question]?[member] = nil }
                    _ = try await stage.members[member].join(stage.room)
                default:
                    try await turn(ids[member], stage, isBanned: model.banned.contains(member))
                    if model.banned.remove(member) == nil {
                        model.banned.insert(member)
                    } else {
                        let name = names[member]
                        _ = try await stage.members[member].signIn(name: name, password: "password of \(name)")
                    }
                }
            }
            for question in questions {
                let seen = try #require(try await stage.look(at: question, for: stage.host))
                #expect([seen.integer("up"), seen.integer("down")] == model.counts(question))
            }
            // The copy is verified, which counts every vote again.
            let copy = try ChildProcess(
                [
                    Daemon.executable, "backup", "create", "\(stage.daemon.scratchPath)/copy", "--data",
                    stage.daemon.dataPath,
                ])
            _ = copy.outputToEnd(within: .seconds(60))
            #expect(copy.exitCode == 0)
        }

        private func turn(_ member: Int64, _ stage: QAStage, isBanned: Bool) async throws {
            try await stage.host.send(isBanned ? "member.pardon" : "member.sanction") { json in
                json.field("member", member)
                if !isBanned {
                    json.field("kind", "ban")
                    json.field("reason", "test")
                }
            }
        }
    }
}

extension Sequence {
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
