import Foundation
import LyceumClient
import LyceumProtocol

/// Answers questions from what has been answered before, and says nothing where it is not sure.
///
/// It is a bot like any other, on the public interface alone. A question is a message that ends in a question mark, one
/// that names the bot, a question of a Q&A session, or `/ask`, whose answer only the asking member sees.
public actor AnswerBot {
    public struct Options: Sendable {
        /// From which probability on it answers.
        public var confidence = 0.5
        /// Where it keeps what it has learned; `nil` keeps nothing.
        public var memory: String?
        /// Public rooms that it enters by itself, by name; its owner has to be there. It is let into others.
        public var rooms: Set<String> = []

        public init() {}
    }

    private let bot: Bot
    private let client: Client
    private let options: Options
    private var memory: Memory
    private var librarian: Librarian
    private var rooms: [RoomID: RoomEntry] = [:]
    private var name = ""
    private let onFailure: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - knowledge: What it knows before it has read anything.
    ///   - onFailure: Is told of what goes wrong with single questions.
    /// - Throws: If what it has kept cannot be read.
    public init(
        _ bot: Bot, _ options: Options = Options(), knowledge: Knowledge = Knowledge(),
        onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
    ) throws {
        self.bot = bot
        self.options = options
        self.onFailure = onFailure
        client = bot.client
        memory = try options.memory.map { try Memory.read(from: $0) } ?? Memory()
        librarian = Librarian(knowledge)
    }

    /// How many answers it knows.
    public var known: Int { librarian.knowledge.count }

    /// Runs until the server does not want it any more.
    public func run() async throws {
        await bot.command(
            "ask", "Asks what has been answered here", chinese: ("问", "问问这里回答过什么"),
            options: [CommandOption("question", required: true, "What you want to know", chinese: ("问题", "想知道什么"))]
        ) { [weak self] in try await self?.answer($0) }
        await bot.component("helped") { [weak self] in try await self?.takeVote($0) }
        await bot.message { [weak self] in try await self?.read($0) }
        await bot.mention { [weak self] in try await self?.answer($0) }
        await bot.event { [weak self] in try await self?.learn(from: $0) }
        await bot.signedIn { [weak self] in try await self?.arrived($0) }
        await bot.failure(onFailure)
        try await bot.run()
    }

    // MARK: Learning

    /// Reads what the rooms have, then what was asked while it was away.
    private func arrived(_ signIn: SignIn) async throws {
        for room in Set(rooms.keys).subtracting(signIn.rooms.map(\.id)) { librarian.leave(room) }
        name = signIn.name
        rooms = Dictionary(uniqueKeysWithValues: signIn.rooms.map { ($0.id, $0) })
        try await enterWantedRooms()
        for entry in rooms.values {
            try await readPins(of: entry.id)
            try await readQuestions(of: entry.id)
        }
        for entry in signIn.rooms { try await catchUp(entry) }
        keep()
    }

    private func enterWantedRooms() async throws {
        var missing = options.rooms.subtracting(rooms.values.map(\.name))
        var after: Int64?
        while !missing.isEmpty {
            let page = try await client.rooms(after: after, limit: 200)
            for json in page.elements {
                guard let entry = try? RoomEntry(json), missing.remove(entry.name) != nil else { continue }
                rooms[entry.id] = try await client.join(entry.id)
            }
            after = page.next
            if after == nil { return }
        }
    }

    private func readPins(of room: RoomID) async throws {
        let pins = try await client.send("room.pins", isRepeatable: true) { $0.field("room", room.rawValue) }
            .objects("messages")
        var questions: [SequenceNumber: JSONText] = [:]
        for seq in Set(pins.compactMap { Librarian.question(of: $0) }) {
            questions[seq] = try await message(seq, in: room)
        }
        librarian.take(pins: pins, questions: questions, in: room)
    }

    private func readQuestions(of room: RoomID) async throws {
        let sessions = try await client.send("qa.list", isRepeatable: true) { json in
            json.field("room", room.rawValue)
            json.field("limit", 1)
        }.objects("sessions").compactMap { $0.integer("seq") }
        for qa in sessions {
            var offset: Int64? = 0
            while let position = offset {
                let page = try await client.send("qa.list", isRepeatable: true) { json in
                    json.field("room", room.rawValue)
                    json.field("qa", qa)
                    json.field("sort", "old")
                    json.field("offset", position)
                    json.field("limit", 500)
                }
                for question in page.objects("questions") {
                    let texts = try await texts(of: question.objects("answers"), in: room)
                    librarian.take(question: question, texts, in: room)
                }
                offset = page.integer("next")
            }
        }
    }

    /// Answers what was asked since it last read the room. A question that was answered already is answered by the
    /// same nonce, and so by nothing.
    private func catchUp(_ room: RoomEntry) async throws {
        var after = memory.positions[room.id.description]
        while let position = after, position < room.seq {
            let page = try await client.history(of: room.id, after: position, limit: 200)
            for event in page.elements where isRecent(event) && event.seq ?? .max <= room.seq { await take(event) }
            after = page.next
        }
        memory.positions[room.id.description] = max(room.seq, memory.positions[room.id.description] ?? 0)
    }

    /// The server knows its nonces for a day; what is older has been answered, or nobody waits for it any more.
    private func isRecent(_ event: Event) -> Bool {
        let age = Date.now.timeIntervalSince1970 - Double(event.json.integer("at") ?? 0) / 1000
        return age < 20 * 3600
    }

    private func take(_ event: Event) async {
        do {
            if let message = BotMessage(event.json, client), event.name == "message.posted" {
                try await read(message)
            } else if event.name == "question.asked" {
                try await answer(question: event)
            }
        } catch {
            onFailure(error)
        }
    }

    private func learn(from event: Event) async throws {
        if let room = event.room, let seq = event.seq, event.stream == .room(room) {
            memory.positions[room.description] = seq
        }
        switch event.name {
        case "me.room_added": try await enter()
        case "me.room_removed": if let room = event.room { leave(room) }
        case "message.posted": return
        default: break
        }
        let wanted = librarian.wanted(by: event)
        var (found, question): (JSONText?, JSONText?)
        if let room = event.room, let wanted {
            found = try await message(wanted, in: room)
            if let asked = found.flatMap({ Librarian.question(of: $0) }) {
                question = try await message(asked, in: room)
            }
        }
        let answers = event.json.object("answer").map { [$0] } ?? []
        let texts = if let room = event.room { try await texts(of: answers, in: room) } else { [:] as Texts }
        librarian.take(event, message: found, repliesTo: question, texts)
        if event.name == "question.asked" { try await answer(question: event) }
    }

    /// A room that it was let into: what is there is read.
    private func enter() async throws {
        let page = try await client.rooms(limit: 200)
        for json in page.elements {
            guard let entry = try? RoomEntry(json), !entry.role.isEmpty, rooms[entry.id] == nil else { continue }
            rooms[entry.id] = entry
            try await readPins(of: entry.id)
            try await readQuestions(of: entry.id)
        }
    }

    private func leave(_ room: RoomID) {
        rooms[room] = nil
        librarian.leave(room)
        memory.positions[room.description] = nil
    }

    private typealias Texts = [SequenceNumber: String]

    /// What answers say, by their numbers; some are messages that have the words.
    private func texts(of answers: [JSONText], in room: RoomID) async throws -> Texts {
        var texts: Texts = [:]
        for answer in answers {
            guard let seq = answer.integer("seq") else { continue }
            // Without either, a moderator took the words away.
            texts[seq] = answer.string("text") ?? ""
            if texts[seq] == "", let place = answer.integer("message") {
                texts[seq] = try await message(place, in: room)?.string("text") ?? ""
            }
        }
        return texts
    }

    /// A message as it reads now; `nil` for what is none.
    private func message(_ seq: SequenceNumber, in room: RoomID) async throws -> JSONText? {
        let page = try await client.history(of: room, after: seq - 1, limit: 1)
        return page.elements.first { $0.seq == seq && $0.name == "message.posted" }?.json
    }

    // MARK: Answering

    private func read(_ message: BotMessage) async throws {
        if Reading.asks(message.text) { try await answer(message) }
    }

    private func answer(_ message: BotMessage) async throws {
        let audience = Audience(of: client, in: message.room, asking: message.by, isAlone: false)
        let question = message.text.replacing("@\(name)", with: " ")
        guard let found = try await best(for: question, audience, except: message.seq) else { return }
        try await message.reply(found.reply(to: message.text, rooms), components: found.buttons)
    }

    /// Answers a question of a Q&A session among the room's messages; its answers proper are people's.
    private func answer(question event: Event) async throws {
        guard let room = event.room, let seq = event.seq, let text = event.json.string("text") else { return }
        let audience = Audience(
            of: client, in: room, asking: event.json.bool("anonymous") == true ? nil : event.json.member("by"),
            isAlone: false)
        guard let found = try await best(for: text, audience, except: seq) else { return }
        _ = try await client.post(
            "> \(text.prefix(200))\n\n" + found.reply(to: text, rooms), to: room, nonce: "reply \(room) \(seq)",
            components: found.buttons)
    }

    private func answer(_ invocation: Invocation) async throws {
        let question = invocation.text("question") ?? ""
        let audience = Audience(of: client, in: invocation.room, asking: invocation.by.id, isAlone: true)
        guard let found = try await best(for: question, audience, except: nil) else {
            let silence =
                invocation.locale == "zh" || Reading.isChinese(question)
                ? "这里还没有人回答过。" : "Nobody has answered this here yet."
            return try await invocation.answer(silence, ephemeral: true).discard()
        }
        try await invocation.answer(found.reply(to: question, rooms), ephemeral: true, components: found.buttons)
    }

    /// The answer that most probably helps, among those that everybody may see who gets to read it; `nil` if that is
    /// not probable enough.
    private func best(
        for question: String, _ audience: Audience, except seq: SequenceNumber?
    ) async throws -> FoundAnswer? {
        let room = audience.room
        func surest(_ isAllowed: (AnswerID) -> Bool) -> FoundAnswer? {
            librarian.knowledge.candidates(for: question) {
                isAllowed($0) && !($0.room == room && $0.seq == seq)
            }.map { answer, evidence in
                FoundAnswer(
                    answer: answer, evidence: evidence,
                    probability: memory.confidence.probability(evidence, of: answer.id))
            }.filter { $0.probability >= options.confidence }.max { $0.probability < $1.probability }
        }
        // Nobody has to be asked about the room itself.
        if let found = surest({ $0.room == room }) { return found }
        let elsewhere = surest { id in id.room != room && rooms[id.room]?.kind == "public" }
        guard let elsewhere, try await audience.maySee(elsewhere.answer.id.room) else { return nil }
        return elsewhere
    }

    // MARK: Votes

    private func takeVote(_ invocation: Invocation) async throws {
        guard let vote = Vote(invocation.component ?? "") else { return try await invocation.acknowledge() }
        let isNew = memory.noteVote(
            on: invocation.message ?? -invocation.id, in: invocation.room, by: invocation.by.id)
        if isNew {
            memory.confidence.learn(vote.evidence, of: vote.answer, helped: vote.helped)
            keep()
        }
        let thanks = invocation.locale == "zh" ? "谢谢，我会记住。" : "Thank you, I will remember."
        try await invocation.answer(thanks, ephemeral: true)
    }

    private func keep() {
        guard let path = options.memory else { return }
        do { try memory.write(to: path) } catch { onFailure(error) }
    }

    /// Writes what it has learned down, as before it ends.
    public func close() { keep() }
}

extension JSONText {
    fileprivate func member(_ name: StaticString) -> MemberID? { integer(name).map { MemberID($0) } }
    fileprivate func discard() {}
}
