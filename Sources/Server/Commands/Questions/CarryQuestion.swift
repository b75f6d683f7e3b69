import Community
import LyceumProtocol

/// `question.carry`: lets an unanswered question go on in a thread, under a message that quotes it.
struct CarryQuestion: QuestionCommand {
    static let answer: [Field] = QuestionStep.answer + [.required("thread", .number)]
    let step: QuestionStep

    func perform(in context: WriteContext) throws -> [UInt8] {
        var (question, _) = try step.load(for: .carried, in: context)
        let event = try context.carry(&question, reason: try context.admitReason(step.reason))
        return object { json in
            json.field("seq", event.seq)
            json.field("question", question.seq)
            json.field("state", question.state.rawValue)
            json.field("thread", question.thread)
        }
    }
}

extension WriteContext {
    /// Scalars of a question that become its thread's title.
    private static let titleLength = 100

    /// Opens a thread for a question. Who asked by name is called in it; whoever asked follows it, which nobody else
    /// learns.
    @discardableResult
    func carry(_ question: inout Question, reason: String? = nil) throws -> RoomEvent {
        let host = try requireActor()
        let asker = try transaction.author(of: question)
        // The quoted text was judged when it was asked; nobody is called by what it says.
        var mentions = Mentions(in: "", community: community)
        var text = question.text.split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }
            .joined(separator: "\n")
        if !question.isAnonymous, let name = community.members[asker]?.name {
            text += "\n\n@\(name)"
            mentions.members = [asker]
        }
        let draft = MessageDraft(room: question.room, author: host.id, text: text, thread: nil, replyTo: nil)
        let message = try draft.post(to: nil, mentions: mentions, in: self)
        let title = String(String.UnicodeScalarView(question.text.unicodeScalars.prefix(Self.titleLength)))
        try transaction.put(
            ThreadRecord(
                room: question.room, root: message.seq, title: title, lastSeq: message.seq, lastAt: message.at))
        try append(.threadUpdated, in: question.room, by: host.id) { json in
            json.field("thread", message.seq)
            json.field("title", title)
            json.field("closed", false)
        }
        try transaction.follow(message.seq, in: question.room, by: asker, readSeq: message.seq)
        return try advance(&question, .carried, .init(reason: reason)) {
            ($0.state, $0.slot, $0.thread) = (.carried, nil, message.seq)
        }
    }

    /// Deletes the message that a question was carried to, unless somebody has answered there.
    func takeBackThread(of question: Question) throws {
        guard let root = question.thread, let event = try transaction.event(root, in: question.room),
            try transaction.thread(root, in: question.room)?.replies ?? 0 == 0
        else { return }
        var message = try MessageBody(event)
        guard !message.isDeleted else { return }
        _ = try delete(&message, by: actor.member ?? MemberID(0))
    }
}
