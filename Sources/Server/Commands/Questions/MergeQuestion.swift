import Community
import LyceumProtocol

/// `question.merge`: one question goes on in another, with its voters; who voted on both counts once.
struct MergeQuestion: Command, WriteCommand {
    static let fields: [Field] = QuestionStep.fields + [.required("into", .number)]
    static let answer: [Field] =
        QuestionStep.answer + [
            .required("votes", .integer(-(1 << 53)...1 << 53)), .required("up", .position),
            .required("down", .position),
        ]
    private let step: QuestionStep
    private let target: SequenceNumber
    var room: RoomID? { step.room }
    var texts: [SubmittedText] { step.texts }

    init(_ fields: CommandFields) throws(JSONError) {
        step = try QuestionStep(fields)
        target = try fields.integer("into")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, session) = try step.load(for: .merged, in: context)
        guard target != question.seq else { throw Refusal(.malformed, "A question is not merged into itself.") }
        let into = try context.transaction.question(target, in: question.room)
        guard let into, into.qa == session.seq else { throw Refusal.notFound }
        // What is merged itself takes nothing up, so merges never go in circles.
        guard [.open, .live, .answered].contains(into.state), !into.text.isEmpty else {
            throw Refusal(.conflict, "Nothing is merged into a question that is \(into.state.rawValue).")
        }
        let reason = try context.admitReason(step.reason)
        let event = try context.advance(&question, .merged, .init(reason: reason)) {
            ($0.state, $0.slot, $0.into) = (.merged, nil, into.seq)
        }
        try context.recount(into.seq, in: into.room)
        let counts = try context.transaction.question(into.seq, in: into.room)?.counts ?? VoteCounts()
        return object { json in
            json.field("seq", event.seq)
            json.field("question", question.seq)
            json.field("state", question.state.rawValue)
            QuestionText.write(counts, to: &json)
        }
    }
}

/// `question.undo`: takes a question's last step back; again and again it goes back to how it was asked.
struct UndoQuestion: QuestionCommand {
    let step: QuestionStep

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, session) = try step.load(for: nil, in: context)
        guard !question.text.isEmpty,
            let last = try context.transaction.newestChange(of: question.seq, in: question.room)
        else { throw Refusal(.conflict, "There is no step to take back.") }
        let reason = try context.admitReason(step.reason)
        var before = last.before
        if let slot = before.slot, try context.onStage(slot, of: session).map({ $0.seq != question.seq }) ?? false {
            (before.state, before.slot) = (.open, nil)
        }
        try undo(last, of: &question, &before, in: context)
        let merged = question.into
        let event = try context.advance(
            &question, .undone, .init(reason: reason, undoes: last.kind), isUndoable: false
        ) { $0.standing = before }
        try context.transaction.remove(last)
        if let merged { try context.recount(merged, in: question.room) }
        return QuestionStep.reply(question, event)
    }

    /// What a step did beyond changing how the question stands.
    private func undo(
        _ step: QuestionChange, of question: inout Question, _ before: inout QuestionChange.Standing,
        in context: WriteContext
    ) throws {
        let room = question.room
        switch step.kind {
        case .approved, .reopened:
            guard question.textSeq == step.seq else { break }
            try context.takeOut("text", saying: question.text, of: step.seq, in: room)
            question.textSeq = nil
        case .answered:
            if var answer = try context.transaction.answer(step.seq, in: room) {
                try context.takeOut("answer", saying: answer.text, of: answer.textSeq, in: room)
                (answer.text, answer.isRemoved) = ("", true)
                try context.transaction.put(answer)
            }
        case .carried: try context.takeBackThread(of: question)
        default: break
        }
        if let accepted = before.accepted, try context.transaction.answer(accepted, in: room)?.isRemoved ?? true {
            before.accepted = nil
        }
    }
}
