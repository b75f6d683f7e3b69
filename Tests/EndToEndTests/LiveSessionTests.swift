import Locking
import LyceumClient
import LyceumProtocol
import TestSupport
import Testing

extension EndToEnd {
    /// A whole session as it would be held, with a daemon that dies in the middle.
    @Suite struct LiveSession {
        private static let clients = 500
        private static let questions = 20
        private static let votesEach = 4

        /// What the clients know that they did, counted without the server.
        private final class Log: Sendable {
            private let votes = Locked<[Int64: [Int: Int64]]>([:])

            func note(_ value: Int64, on question: Int64, by client: Int) {
                votes.withLock { $0[question, default: [:]][client] = value }
            }

            /// How many clients but `author` voted for any of the questions.
            func ups(_ questions: [Int64], besides author: Int) -> Int64 {
                votes.withLock { votes in
                    let voters = questions.flatMap { (votes[$0] ?? [:]).filter { $0.value > 0 }.keys }
                    return Int64(Set(voters).subtracting([author]).count)
                }
            }
        }

        @Test func `500 clients ask, vote, merge and carry through a kill, and their own log agrees`() async throws {
            let names = (0..<Self.clients).map { "guest-\($0)" }
            let stage = try await QAStage(members: [], settings: ["activity.enabled": "off"])
            let clients = try await guests(names, stage)
            let log = Log()
            let questions = try await ask(clients, stage)
            try await vote(clients, questions, half: 0, log, stage)
            let voting = Task { try await vote(clients, questions, half: 1, log, stage) }
            #expect(
                try await eventually(within: .seconds(60)) {
                    let list = try await stage.list(for: stage.host).objects("questions")
                    return list.reduce(0) { $0 + ($1.integer("up") ?? 0) } > Int64(Self.clients * Self.votesEach / 2)
                })
            stage.daemon.kill()
            try stage.daemon.start()
            try await voting.value

            let (main, double) = (questions[0], questions[1])
            try await stage.act("merge", on: double) { $0.field("into", main) }
            try await stage.act("live", on: questions[2])
            try await stage.act("answer", on: questions[2]) { $0.field("spoken", true) }
            try await stage.act("answer", on: questions[3]) { $0.field("text", "Yes.") }
            let closed = try await stage.host.send("qa.close") { json in
                json.field("room", stage.room.rawValue)
                json.field("qa", stage.qa)
                json.field("carry", true)
            }
            #expect(closed.objects("carried").count == Self.questions - 3)
            try await compare(questions, merged: (main, double), log, stage)
        }

        private func guests(_ names: [String], _ stage: QAStage) async throws -> [Client] {
            try await withThrowingTaskGroup(of: (Int, Client).self) { group in
                var clients = [Client?](repeating: nil, count: names.count)
                for (index, name) in names.enumerated() {
                    if index >= 50, let (done, client) = try await group.next() { clients[done] = client }
                    group.addTask {
                        let client = try await stage.daemon.member(name) { $0.patience = .seconds(120) }
                        _ = try await client.join(stage.room)
                        return (index, client)
                    }
                }
                for try await (done, client) in group { clients[done] = client }
                return clients.compactMap { $0 }
            }
        }

        private func ask(_ clients: [Client], _ stage: QAStage) async throws -> [Int64] {
            var questions: [Int64] = []
            for number in 0..<Self.questions {
                questions.append(try await stage.question("Question \(number) of the audience?", by: clients[number]))
            }
            return questions
        }

        /// Each client votes on some of the questions, changes its mind on one, and notes what the server acknowledged.
        private func vote(
            _ clients: [Client], _ questions: [Int64], half: Int, _ log: Log, _ stage: QAStage
        ) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, client) in clients.enumerated() {
                    group.addTask {
                        for step in 0..<Self.votesEach / 2 {
                            let place = (index * 7 + (half * Self.votesEach / 2 + step) * 3) % Self.questions
                            // Nobody votes on their own question, and question n is asked by client n.
                            guard place != index else { continue }
                            let value: Int64 = index % 10 == 0 && step == 0 ? 0 : 1
                            try await stage.vote(1, on: questions[place], by: client)
                            if value == 0 { try await stage.vote(0, on: questions[place], by: client) }
                            log.note(value, on: questions[place], by: index)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }

        /// The last tally of each question in the room's record, which has no holes.
        private static func tallies(_ stage: QAStage) async throws -> [Int64: Int64] {
            var tallies: [Int64: Int64] = [:]
            var numbers: [Int64] = []
            for event in try await stage.record() {
                numbers.append(event.seq ?? 0)
                if event.name == "question.tally", let question = event.json.integer("question") {
                    tallies[question] = event.json.integer("up")
                }
            }
            #expect(numbers == Array(1...Int64(numbers.count)))
            return tallies
        }

        private func compare(
            _ questions: [Int64], merged: (into: Int64, from: Int64), _ log: Log, _ stage: QAStage
        ) async throws {
            let list = try await stage.list(for: stage.host).objects("questions")
            var expected: [Int64: Int64] = [:]
            for (author, question) in questions.enumerated() where question != merged.from {
                let united = question == merged.into ? [merged.into, merged.from] : [question]
                expected[question] = log.ups(united, besides: author)
                let listed = list.first { $0.integer("seq") == question }
                #expect(listed?.integer("up") == expected[question])
            }
            // Tallies come a moment after the votes.
            var tallies: [Int64: Int64] = [:]
            _ = try await eventually {
                tallies = try await Self.tallies(stage)
                return expected.allSatisfy { tallies[$0.key] == $0.value }
            }
            for (question, count) in expected { #expect(tallies[question] == count) }
            let states = Dictionary(grouping: list) { $0.string("state") ?? "" }.mapValues(\.count)
            #expect(states == ["merged": 1, "answered": 2, "carried": Self.questions - 3])
            let export = try await stage.host.send("qa.export") { json in
                json.field("room", stage.room.rawValue)
                json.field("qa", stage.qa)
                json.field("format", "json")
            }
            let exported = JSONText(Array((export.string("text") ?? "").utf8)).objects("questions")
            #expect(Set(exported.map { $0.integer("up") ?? 0 }) == Set(list.map { $0.integer("up") ?? 0 }))
            for question in list where question.string("state") == "carried" {
                let root = try #require(question.integer("thread"))
                let page = try await stage.host.foldedHistory(of: stage.room, thread: root)
                #expect(page.elements.first?.text.hasPrefix("> Question ") == true)
            }
        }
    }
}
