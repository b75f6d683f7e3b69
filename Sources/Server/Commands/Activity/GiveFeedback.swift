import Activity
import Community
import LyceumProtocol

/// `recommend.feedback`: what became of a recommendation; the rankers learn from it, and what is dismissed stays away.
struct GiveFeedback: Command, LiveCommand {
    static let fields: [Field] = [
        .required("impression", .string(1...20)),
        .required("action", .word(FeedbackAction.allCases.map(\.rawValue))), .optional("term", .string(1...64)),
    ]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    private let impression: UInt64
    private let action: FeedbackAction
    /// With `muted`: the term of the reason of which less is wanted.
    private let term: String?

    init(_ fields: CommandFields) throws(JSONError) {
        guard let number = UInt64(try fields.string("impression")) else {
            throw .field("impression", "one that an item carried")
        }
        impression = number
        action = FeedbackAction(rawValue: try fields.string("action")) ?? .shown
        term = fields.optionalString("term")
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        guard let member = call.actor.member, let service = call.server.activity else { throw .notFound }
        let (server, address, actor) = (call.server, call.address, call.actor)
        try service.submit { core, pushes in
            guard let feedback = core.recommender.feedback(action, impression: impression, by: member, term: term)
            else { return server.tell([(address, .refused(.notFound))]) }
            if action == .shown {
                core.recommender.take(feedback, by: member, at: server.now())
                return server.tell([(address, .done(emptyObject))])
            }
            // Gone at once, though it teaches only when it comes back through the log.
            if action == .dismissed {
                core.recommender.dismiss(feedback.subject, by: member, at: server.now())
                pushes.mark(member)
            }
            server.keep(feedback, of: actor, replyingTo: address)
        }
        return nil
    }
}

extension ServerState {
    /// Stores feedback before it is answered, so that no crash loses what it teaches and no restart brings back what a
    /// member has turned down. Commands that wait share a transaction, as all do.
    fileprivate func keep(_ feedback: Feedback, of actor: Actor, replyingTo address: ReplyAddress) {
        do throws(Refusal) {
            try writer.submit(
                Submission(KeepFeedback(feedback: feedback), needs: .signedIn, as: actor, reply: address, through: self)
            )
        } catch {
            tell([(address, .refused(error))])
        }
    }
}

/// The write behind feedback.
private struct KeepFeedback: WriteCommand {
    let feedback: Feedback
    var room: RoomID? { nil }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        try context.note(.feedback, by: member.id, detail: feedback.json)
        return emptyObject
    }
}
