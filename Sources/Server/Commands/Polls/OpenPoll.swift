import Community
import LyceumProtocol

/// `poll.open`: asks the room. What kind of poll it is follows from at most one of `multiple`, `ranked`, `free_text` and
/// `quiz_answer`.
struct OpenPoll: Command, WriteCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("question", .string(1...300)),
        .optional("options", .array(.string(1...200), atMost: Poll.optionCounts.upperBound)),
        .optional("multiple", .boolean), .optional("ranked", .boolean), .optional("free_text", .boolean),
        .optional("quiz_answer", .integer(0...Int64(Poll.optionCounts.upperBound - 1))),
        .optional("anonymous", .boolean), .optional("results_hidden", .boolean), .optional("closes_at", .number),
        .optional("nonce", .string(1...64)),
    ]
    static let answer: [Field] = [
        .required("seq", .number), .required("at", .number), .required("verdict", .word(["allow", "redact"])),
        .optional("duplicate", .boolean),
    ]

    let room: RoomID?
    let nonce: String?
    private let wording: PollWording
    private let kind: Poll.Kind
    private let rightOption: Int?
    private let isAnonymous: Bool
    private let hidesResults: Bool
    private let closesAt: UnixMilliseconds?
    var texts: [SubmittedText] { [SubmittedText(kind: .poll, text: wording.text)] }

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        nonce = fields.optionalString("nonce")
        wording = PollWording(
            question: try fields.string("question"),
            options: fields.json["options"]?.elements?.compactMap(\.string) ?? [])
        rightOption = fields.optionalInteger("quiz_answer").map(Int.init)
        isAnonymous = fields.optionalBool("anonymous") ?? false
        hidesResults = fields.optionalBool("results_hidden") ?? false
        closesAt = fields.optionalInteger("closes_at")
        kind = try Self.kind(fields, isQuiz: rightOption != nil)
    }

    private static func kind(_ fields: CommandFields, isQuiz: Bool) throws(JSONError) -> Poll.Kind {
        var kinds: [Poll.Kind] = isQuiz ? [.quiz] : []
        if fields.optionalBool("multiple") == true { kinds.append(.multiple) }
        if fields.optionalBool("ranked") == true { kinds.append(.ranked) }
        if fields.optionalBool("free_text") == true { kinds.append(.text) }
        guard kinds.count <= 1 else {
            throw .field("multiple", "alone of \"multiple\", \"ranked\", \"free_text\" and \"quiz_answer\"")
        }
        return kinds.first ?? .single
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let author = try context.requireActor()
        if let nonce, let first = try context.transaction.outcome(of: nonce, by: author.id) {
            return try first.repeated(in: room)
        }
        let room = try context.room(room)
        try checkOptions()
        try checkTime(context.now)
        try checkPlace(room, author, in: context)
        let judged = context.judgement(on: .poll)
        let shown: PollWording
        switch judged.verdict.action {
        case .allow: shown = wording
        case .redact: shown = wording.masked(by: judged.verdict)
        // A poll that was released after hours would ask a room that has moved on.
        case .hold, .block: throw context.rejection(of: judged.verdict)
        }
        let event = try open(shown, room, author, in: context)
        try context.noteForReview(
            judged,
            .init(subject: .poll, text: wording.text, room: room.id, member: author.id, seq: event.seq))
        return try context.reply(judged, to: nonce, in: room.id) { $0.field("seq", event.seq) }
    }

    private func open(
        _ wording: PollWording, _ room: Room, _ author: Member, in context: WriteContext
    ) throws -> RoomEvent {
        let poll = Poll(
            room: room.id, seq: room.seq + 1, author: author.id, openedAt: context.now, kind: kind,
            question: wording.question, options: wording.options, isAnonymous: isAnonymous, hidesResults: hidesResults,
            rightOption: rightOption, closesAt: closesAt)
        let event = try context.append(.pollOpened, in: room.id, by: author.id) { PollText.writeWording(poll, to: &$0) }
        try context.transaction.put(poll)
        if let closesAt { context.note(.set(.pollCloses(room.id, poll.seq), at: closesAt)) }
        try context.apply(.posted(room.id, author.id, at: context.now))
        return event
    }

    private func checkOptions() throws(Refusal) {
        guard !wording.question.isEmpty, !wording.options.contains("") else {
            throw Refusal(.malformed, "The question and every option need text.")
        }
        if kind == .text {
            guard wording.options.isEmpty else {
                throw Refusal(.malformed, "A poll that asks for words has no options.")
            }
            return
        }
        guard Poll.optionCounts.contains(wording.options.count) else {
            let (least, most) = (Poll.optionCounts.lowerBound, Poll.optionCounts.upperBound)
            throw Refusal(.malformed, "A poll has \(least) to \(most) options.")
        }
        guard Set(wording.options).count == wording.options.count else {
            throw Refusal(.malformed, "Two options are the same.")
        }
        guard rightOption.map(wording.options.indices.contains) ?? true else {
            throw Refusal(.malformed, "\"quiz_answer\" must be the index of an option.")
        }
    }

    private func checkTime(_ now: UnixMilliseconds) throws(Refusal) {
        guard let closesAt, closesAt <= now || closesAt - now > Poll.longest else { return }
        throw Refusal(.malformed, "\"closes_at\" must be a time in the coming \(Poll.longest / .day) days.")
    }

    private func checkPlace(_ room: Room, _ author: Member, in context: WriteContext) throws {
        if room.rules.isAnnouncement { try context.require(.within(.announce), in: room.id) }
        try context.checkSlowMode(room, author)
        let open = try context.transaction.polls(in: room.id, isOpen: true, before: .max, limit: Poll.openLimit)
        guard open.count < Poll.openLimit else {
            throw Refusal(.conflict, "A room can have \(Poll.openLimit) open polls; close one first.")
        }
    }
}
