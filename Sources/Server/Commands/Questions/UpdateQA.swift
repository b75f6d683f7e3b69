import Community
import LyceumProtocol

/// `qa.update`: changes a session that is not closed. A time of 0 takes the time away: a scheduled session without one
/// begins now, an open one runs until somebody closes it.
struct UpdateQA: Command, WriteCommand {
    static let fields: [Field] =
        [.required("room", .number), .required("qa", .number), .optional("title", .string(1...200))]
        + QASettings.fields
    static let answer: [Field] = [.required("qa", .object(QuestionText.sessionFields))]

    let room: RoomID?
    private let qa: SequenceNumber
    private let title: String?
    private let settings: QASettings
    var texts: [SubmittedText] {
        (title.map { [SubmittedText(kind: .title, text: $0)] } ?? []) + settings.texts
    }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        qa = try fields.integer("qa")
        title = fields.optionalString("title")
        settings = try QASettings(fields)
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let room = try context.room(room)
        var session = try context.qaSessionToHold(qa, in: room.id)
        guard session.state != .closed else { throw Refusal(.archived, "This session is closed.") }
        if let selfVotes = settings.selfVotes, selfVotes != session.rules.selfVotes {
            throw Refusal(.conflict, "Whether authors vote on their own questions is settled when a session is opened.")
        }
        if settings.startsAt != nil, session.state == .open {
            throw Refusal(.conflict, "This session has begun already.")
        }
        if let title { session.title = try context.admit(title, as: .title) }
        try settings.apply(to: &session, in: context)
        let begins = session.state == .scheduled && session.startsAt.map { $0 <= context.now } ?? true
        if begins || session.state == .open, try context.isBlocked(session) {
            throw Refusal(.conflict, "Another session is open in this room; close it first.")
        }
        if begins { try context.begin(&session) } else { try context.put(session) }
        try context.tellUpdate(of: session, begins ? "opened" : "updated")
        let updated = session
        return object { json in json.field("qa", object: { QASettings.write(updated, to: &$0) }) }
    }
}

/// `qa.close`: ends a session, or calls a scheduled one off; with `carry` what is unanswered goes on in threads.
struct CloseQA: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("qa", .number), .optional("reason", .string(1...500)),
        .optional("carry", .boolean),
    ]
    static let answer: [Field] = [
        .required("seq", .number), .required("carried", .array(.object("question thread"), atMost: 10_000)),
    ]

    let room: RoomID?
    private let qa: SequenceNumber
    private let reason: String?
    private let carries: Bool
    var texts: [SubmittedText] { reason.map { [SubmittedText(kind: .reason, text: $0)] } ?? [] }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        qa = try fields.integer("qa")
        reason = fields.optionalString("reason")
        carries = fields.optionalBool("carry") ?? false
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let room = try context.room(room)
        let host = try context.requireActor()
        var session = try context.qaSessionToHold(qa, in: room.id)
        guard session.state != .closed else { throw Refusal(.conflict, "This session is closed already.") }
        if carries { try context.require(.seeing(.post), in: room.id) }
        let reason = try context.admitReason(reason)
        var carried: [Question] = []
        if carries {
            for var question in try context.transaction.questions(of: qa, in: room.id)
            where QuestionChange.Kind.carried.origins.contains(question.state) && !question.text.isEmpty {
                try context.carry(&question)
                carried.append(question)
            }
        }
        try context.close(&session, by: host.id, reason: reason)
        let seq = context.nextSeq(in: room.id) - 1
        return object { json in
            json.field("seq", seq)
            json.field("carried", array: carried) { json, question in
                json.object { json in
                    json.field("question", question.seq)
                    json.field("thread", question.thread)
                }
            }
        }
    }
}

/// `qa.reopen`: takes a close back; the session then runs until somebody closes it.
struct ReopenQA: Command, WriteCommand {
    static let fields: [Field] = [.required("room", .number), .required("qa", .number)]
    static let answer: [Field] = UpdateQA.answer

    let room: RoomID?
    private let qa: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        qa = try fields.integer("qa")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let room = try context.room(room)
        var session = try context.qaSessionToHold(qa, in: room.id)
        guard session.state == .closed else { throw Refusal(.conflict, "This session is not closed.") }
        guard try !context.isBlocked(session) else {
            throw Refusal(.conflict, "Another session is open in this room; close it first.")
        }
        (session.startsAt, session.endsAt) = (nil, nil)
        try context.begin(&session)
        try context.tellUpdate(of: session, "reopened")
        let reopened = session
        return object { json in json.field("qa", object: { QASettings.write(reopened, to: &$0) }) }
    }
}
