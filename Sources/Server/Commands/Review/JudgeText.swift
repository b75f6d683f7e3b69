import Community
import LyceumProtocol
import Moderation

/// `moderation.judge`: the stage as a service: the verdict on a text that is not posted and leaves no trace.
struct JudgeText: Command, ReadCommand {
    static let fields: [Field] = [
        .required("text", .string(1...32_000)), .optional("room", .number), .optional("member", .number),
        .optional("kind", .word(["message", "edit", "title", "topic", "name", "report"])),
    ]
    static let answer: [Field] = [
        .required("action", .word(VerdictAction.allCases.map(\.rawValue))), .required("score", .object("a number")),
        .required("reasons", .array(.object("rule or classifier or standing, with scores"), atMost: 1000)),
        .required("rules_version", .string(1...100)), .required("model_version", .string(1...100)),
    ]

    var room: RoomID? { nil }
    private let submitted: SubmittedText
    private let place: RoomID?
    private let author: MemberID?

    init(_ fields: CommandFields) throws(JSONError) {
        submitted = SubmittedText(
            kind: fields.optionalString("kind").flatMap(SubmittedText.Kind.init(rawValue:)) ?? .message,
            text: try fields.string("text"))
        place = fields.optionalInteger("room").map { RoomID($0) }
        author = fields.optionalInteger("member").map { MemberID($0) }
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        if let place { try context.require(.seeing(.moderate), in: place) }
        let settings = context.server.settings.moderation
        let facts = context.community { community in
            AuthorFacts(of: author, in: place, saying: submitted, community, settings, at: context.now)
        }
        return context.server.stage.tryOut(submitted, facts).encoded
    }
}
