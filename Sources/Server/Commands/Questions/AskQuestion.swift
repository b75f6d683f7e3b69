import Community
import LyceumProtocol
import Transport

/// `question.ask`: asks in an open session, at most once for its nonce. The answer lists what was asked before.
///
/// Looked for off the event loop and before the question is stored, so that it neither waits on the writer nor finds
/// itself.
struct AskQuestion: Command, LiveCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("qa", .number), .required("text", .string(1...32_000)),
        .required("nonce", .string(1...64)), .optional("anonymous", .boolean),
    ]
    static let answer: [Field] =
        PostQuestion.answer + [.required("similar", .array(.object(ServerState.similarFields), atMost: 8))]

    let room: RoomID?
    private let question: PostQuestion

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        question = try PostQuestion(fields)
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        guard let member = call.actor.member else { throw Refusal(.unauthenticated, "Sign in first.") }
        let (server, actor, address, question) = (call.server, call.actor, call.address, question)
        try server.readPool.submit {
            // Nobody is kept from asking because the search for others failed.
            let similar = (try? server.questions(like: question.text, for: member)) ?? []
            let bytes = question.text.utf8.count + 512
            server.write(question, needs: .within(.post), as: actor, byteCount: bytes) { outcome in
                server.tell([(address, Self.adding(similar, to: outcome))])
            }
        }
        return nil
    }

    private static func adding(_ similar: [SimilarQuestion], to outcome: Outcome) -> Outcome {
        guard case .done(let ok) = outcome else { return outcome }
        let list = object { SimilarQuestion.write(similar, to: &$0) }
        return .done(ok.dropLast() + [UInt8(ascii: ",")] + list.dropFirst())
    }
}

/// The part of asking that changes the record.
struct PostQuestion: WriteCommand {
    static let answer: [Field] = [
        .optional("seq", .number), .required("at", .number), .required("verdict", .word(["allow", "redact", "hold"])),
        .optional("state", .word(["submitted", "open"])), .optional("review", .number),
        .optional("duplicate", .boolean),
    ]
    /// Most questions of one session, so that one answer can hold and order them.
    private static let mostQuestions = 10_000

    let room: RoomID?
    let qa: SequenceNumber
    let text: String
    let nonce: String?
    let isAnonymous: Bool
    var texts: [SubmittedText] { [SubmittedText(kind: .question, text: text)] }
    var hidesSender: Bool { isAnonymous }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        qa = try fields.integer("qa")
        text = try fields.string("text")
        nonce = try fields.string("nonce")
        isAnonymous = fields.optionalBool("anonymous") ?? false
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let author = try context.requireActor()
        if let nonce, let first = try context.transaction.outcome(of: nonce, by: author.id) {
            return try first.repeated(in: room)
        }
        let room = try context.room(room)
        let session = try context.qaSession(qa, in: room.id)
        try check(session, author, in: context)
        var draft = QuestionDraft(
            room: room.id, qa: qa, author: author.id, text: text, isAnonymous: isAnonymous)
        let judged = context.judgement(on: .question)
        switch judged.verdict.action {
        case .block: throw context.rejection(of: judged.verdict)
        case .hold:
            let item = try context.hold(draft, judged)
            return try context.reply(judged, to: nonce, in: room.id) { $0.field("review", item.id) }
        case .redact: draft.text = judged.verdict.masked(text)
        case .allow: break
        }
        let question = try draft.post(premoderated: session.rules.premoderated, in: context)
        try context.noteForReview(
            judged, original: text, .question, question.seq, about: qa, in: room.id, by: author.id,
            isSealed: isAnonymous)
        return try context.reply(judged, to: nonce, in: room.id) { json in
            json.field("seq", question.seq)
            json.field("state", question.state.rawValue)
        }
    }

    private func check(_ session: QASession, _ author: Member, in context: WriteContext) throws {
        try context.checkOpen(session)
        guard text.unicodeScalars.contains(where: \.showsSomething) else {
            throw Refusal(.malformed, "A question needs text.")
        }
        guard text.unicodeScalars.count <= session.rules.questionCharacters else {
            throw Refusal(
                .tooLarge, "A question has at most \(session.rules.questionCharacters) characters in this session.")
        }
        guard !isAnonymous || session.rules.anonymousAllowed else {
            throw Refusal(.forbidden, "Nobody asks anonymously in this session.")
        }
        let reader = context.transaction
        let limit = session.rules.questionsPerMember
        if limit > 0, try reader.countQuestions(of: qa, in: session.room, by: author.id) >= limit {
            throw Refusal(.conflict, "You have asked as many questions as this session allows.")
        }
        guard try reader.countQuestions(of: qa, in: session.room) < Self.mostQuestions else {
            throw Refusal(.conflict, "This session is full.")
        }
    }
}

/// `question.similar`: questions that read like a text, while it is being typed; of one room, or of all that the
/// member may see.
struct FindSimilarQuestions: Command, PoolCommand {
    static let fields: [Field] = [.optional("room", .number), .required("text", .string(1...4000))]
    static let answer: [Field] = [.required("similar", .array(.object(ServerState.similarFields), atMost: 8))]

    /// The row asks for no room; one that is named is looked into only if the member may see it.
    var room: RoomID? { nil }
    private let only: RoomID?
    private let text: String

    init(_ fields: CommandFields) throws(JSONError) {
        only = fields.optionalInteger("room").map { RoomID($0) }
        text = try fields.string("text")
    }

    func answer(for member: MemberID, on server: ServerState) throws -> [UInt8] {
        if let only {
            guard server.committed.withLock({ Gate.canSee(only, member, of: $0) }) else { throw Refusal.notFound }
        }
        let similar = try server.questions(like: text, for: member, only: only)
        return object { SimilarQuestion.write(similar, to: &$0) }
    }
}
