import Community
import LyceumProtocol

/// `question.answer`: answers in writing, notes that it was answered aloud, or names the message that answers.
///
/// Hosts, moderators and mentors settle a question by it; where the session has `member_answers` everybody else may
/// propose answers in writing, which a host then accepts.
struct AnswerQuestion: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("question", .number), .optional("text", .string(1...32_000)),
        .optional("spoken", .boolean), .optional("message", .number), .optional("nonce", .string(1...64)),
    ]
    static let answer: [Field] = [
        .optional("seq", .number), .required("at", .number), .required("verdict", .word(["allow", "redact", "hold"])),
        .optional("state", .word(Question.State.allCases.map(\.rawValue))), .optional("review", .number),
        .optional("duplicate", .boolean),
    ]

    let room: RoomID?
    let nonce: String?
    private let question: SequenceNumber
    private let text: String
    private let isSpoken: Bool
    private let message: SequenceNumber?
    var texts: [SubmittedText] { [SubmittedText(kind: .answer, text: text)] }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        question = try fields.integer("question")
        text = fields.optionalString("text") ?? ""
        isSpoken = fields.optionalBool("spoken") ?? false
        message = fields.optionalInteger("message")
        nonce = fields.optionalString("nonce")
        guard !text.isEmpty || isSpoken || message != nil else {
            throw .field("text", "given where neither \"spoken\" nor \"message\" is")
        }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let author = try context.requireActor()
        if let nonce, let first = try context.transaction.outcome(of: nonce, by: author.id) {
            return try first.repeated(in: room)
        }
        let room = try context.room(room)
        var (question, settles) = try check(author, room, in: context)
        var draft = AnswerDraft(author: author.id, text: text, isSpoken: isSpoken, message: message)
        let judged = context.judgement(on: .answer)
        switch judged.verdict.action {
        case .block: throw context.rejection(of: judged.verdict)
        case .hold:
            let item = try context.hold(draft, to: question, judged)
            return try context.reply(judged, to: nonce, in: room.id) { $0.field("review", item.id) }
        case .redact: draft.text = judged.verdict.masked(text)
        case .allow: break
        }
        let event = try draft.post(to: &question, settles: settles, in: context)
        try context.noteForReview(
            judged, original: text, .answer, event.seq, about: question.seq, in: room.id, by: author.id,
            isSealed: false)
        let state = question.state
        return try context.reply(judged, to: nonce, in: room.id) { json in
            json.field("seq", event.seq)
            json.field("state", state.rawValue)
        }
    }

    private func check(
        _ author: Member, _ room: Room, in context: WriteContext
    ) throws -> (question: Question, settles: Bool) {
        guard let question = try context.transaction.question(question, in: room.id), question.state.isPublic else {
            throw Refusal.notFound
        }
        let session = try context.qaSession(question.qa, in: room.id)
        let settles = AnswerDraft.settles(session, by: author.id, in: context)
        guard settles || session.rules.memberAnswers && !isSpoken else {
            throw Refusal(.forbidden, "Hosts, moderators and mentors answer in this session.")
        }
        try context.check(question, for: .answered)
        if !text.isEmpty { try context.settings.checkLength(of: text) }
        if let message { _ = try context.message(message, in: room.id) }
        return (question, settles)
    }
}

/// `question.accept`: says which of several answers counts.
struct AcceptAnswer: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("question", .number), .required("answer", .number),
    ]
    static let answer = QuestionStep.answer
    private let step: QuestionStep
    private let chosen: SequenceNumber
    var room: RoomID? { step.room }

    init(_ fields: CommandFields) throws(JSONError) {
        step = try QuestionStep(fields)
        chosen = try fields.integer("answer")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, _) = try step.load(for: .accepted, in: context)
        let answer = try context.transaction.answer(chosen, in: question.room)
        guard let answer, answer.question == question.seq, !answer.isRemoved else { throw Refusal.notFound }
        guard question.accepted != answer.seq || question.state != .answered else {
            throw Refusal(.conflict, "This answer is the accepted one already.")
        }
        let now = context.now
        let event = try context.advance(&question, .accepted) { question in
            (question.accepted, question.state, question.slot) = (answer.seq, .answered, nil)
            question.answeredAt = question.answeredAt ?? now
        }
        return QuestionStep.reply(question, event)
    }
}
