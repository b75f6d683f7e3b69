import Community
import LyceumProtocol

/// A command that moves one question on. Most take what every step takes; others add to it.
protocol QuestionCommand: Command, WriteCommand {
    var step: QuestionStep { get }
    init(step: QuestionStep)
}

extension QuestionCommand {
    static var fields: [Field] { QuestionStep.fields }
    static var answer: [Field] { QuestionStep.answer }
    var room: RoomID? { step.room }
    var texts: [SubmittedText] { step.texts }

    init(_ fields: CommandFields) throws(JSONError) { self.init(step: try QuestionStep(fields)) }
}

/// What such commands say: which question, and perhaps why.
struct QuestionStep: Sendable {
    static let fields: [Field] = [
        .required("room", .number), .required("question", .number), .optional("reason", .string(1...500)),
    ]
    static let answer: [Field] = [
        .required("seq", .number), .required("question", .number),
        .required("state", .word(Question.State.allCases.map(\.rawValue))),
    ]

    let room: RoomID?
    let question: SequenceNumber
    let reason: String?
    var texts: [SubmittedText] { reason.map { [SubmittedText(kind: .reason, text: $0)] } ?? [] }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        question = try fields.integer("question")
        reason = fields.optionalString("reason")
    }

    /// The question, ready for the step, and its session.
    func load(
        for change: QuestionChange.Kind?, in context: WriteContext
    ) throws -> (question: Question, session: QASession) {
        try context.questionToHold(question, in: try context.room(room).id, for: change)
    }

    static func reply(_ question: Question, _ event: RoomEvent) -> [UInt8] {
        object { json in
            json.field("seq", event.seq)
            json.field("question", question.seq)
            json.field("state", question.state.rawValue)
        }
    }
}

/// `question.approve`: shows a question that waited for the host.
struct ApproveQuestion: QuestionCommand {
    let step: QuestionStep

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, _) = try step.load(for: .approved, in: context)
        let reason = try context.admitReason(step.reason)
        question.textSeq = context.nextSeq(in: question.room)
        let event = try context.advance(&question, .approved, .init(reason: reason, tellsText: true)) {
            $0.state = .open
        }
        return QuestionStep.reply(question, event)
    }
}

/// `question.dismiss`: takes a question off the list; only hosts, moderators and its author see it then.
struct DismissQuestion: QuestionCommand {
    let step: QuestionStep

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, _) = try step.load(for: .dismissed, in: context)
        let reason = try context.admitReason(step.reason)
        let event = try context.advance(&question, .dismissed, .init(reason: reason)) {
            ($0.state, $0.slot) = (.dismissed, nil)
        }
        return QuestionStep.reply(question, event)
    }
}

/// `question.reopen`: back to the open ones, from the stage, from among the answered, dismissed or carried.
struct ReopenQuestion: QuestionCommand {
    let step: QuestionStep

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, _) = try step.load(for: .reopened, in: context)
        let reason = try context.admitReason(step.reason)
        let isFirst = question.textSeq == nil
        if isFirst { question.textSeq = context.nextSeq(in: question.room) }
        let event = try context.advance(&question, .reopened, .init(reason: reason, tellsText: isFirst)) {
            ($0.state, $0.slot, $0.answeredAt) = (.open, nil, nil)
        }
        return QuestionStep.reply(question, event)
    }
}

/// `question.live`: puts a question on stage, `now` or `next`; whatever stood in that place is open again.
struct StageQuestion: Command, WriteCommand {
    static let fields: [Field] =
        QuestionStep.fields + [.optional("slot", .word(Question.Slot.allCases.map(\.rawValue)))]
    static let answer = QuestionStep.answer
    private let step: QuestionStep
    private let slot: Question.Slot
    var room: RoomID? { step.room }
    var texts: [SubmittedText] { step.texts }

    init(_ fields: CommandFields) throws(JSONError) {
        step = try QuestionStep(fields)
        slot = fields.optionalString("slot").flatMap(Question.Slot.init(rawValue:)) ?? .now
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, session) = try step.load(for: .live, in: context)
        try context.checkOpen(session)
        guard question.slot != slot else { throw Refusal(.conflict, "This question is on stage already.") }
        let reason = try context.admitReason(step.reason)
        if var other = try context.onStage(slot, of: session) {
            try context.advance(&other, .reopened) { ($0.state, $0.slot) = (.open, nil) }
        }
        let event = try context.advance(&question, .live, .init(reason: reason)) {
            ($0.state, $0.slot) = (.live, slot)
        }
        return QuestionStep.reply(question, event)
    }
}

/// `question.label`: gives a question some of its session's labels, in the place of those it had.
struct LabelQuestion: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("question", .number),
        .required("labels", .array(.string(1...50), atMost: 20)),
    ]
    static let answer = QuestionStep.answer
    private let step: QuestionStep
    private let labels: [String]
    var room: RoomID? { step.room }

    init(_ fields: CommandFields) throws(JSONError) {
        step = try QuestionStep(fields)
        labels = fields.json["labels"]?.elements?.compactMap(\.string) ?? []
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, session) = try step.load(for: .labelled, in: context)
        guard labels.allSatisfy(session.labels.contains) else {
            throw Refusal(.notFound, "The session has no such label.")
        }
        let chosen = session.labels.filter(labels.contains)
        let event = try context.advance(&question, .labelled) { $0.labels = chosen }
        return QuestionStep.reply(question, event)
    }
}

extension WriteContext {
    /// What stands in a place on stage.
    func onStage(_ slot: Question.Slot, of session: QASession) throws -> Question? {
        try transaction.questions(of: session.seq, in: session.room).first { $0.state == .live && $0.slot == slot }
    }
}
