import Community
import LyceumProtocol

/// `appeal.open`: a member's objection, once, to a decision about their own text or to a sanction.
struct OpenAppeal: Command, WriteCommand {
    static let fields: [Field] = [.required("item", .number), .required("text", .string(1...2000))]
    static let answer: [Field] = [.required("appeal", .number)]

    var room: RoomID? { nil }
    private let item: ReviewItemID
    private let text: String
    var texts: [SubmittedText] { [SubmittedText(kind: .report, text: text)] }

    init(_ fields: CommandFields) throws(JSONError) {
        item = try fields.integer("item")
        text = try fields.string("text")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let member = try context.requireActor()
        guard var item = try context.transaction.reviewItem(item), item.member == member.id, item.parent == nil else {
            throw Refusal.notFound
        }
        guard item.state == .decided, let decision = item.decision, decision.action != .approve, !item.isAppealed else {
            throw Refusal(.conflict, "There is nothing to object to, or you have done so already.")
        }
        var appeal = ReviewItem(
            id: try context.transaction.makeReviewItemID(), kind: .appeal, room: item.room, member: member.id,
            text: text, createdAt: context.now)
        appeal.parent = item.id
        appeal.isSealed = item.isSealed
        // Heard whatever it says, and near to nothing else: only the verdict goes with it.
        try context.add(&appeal, Judged(kind: .report, verdict: context.judgement(on: .report).verdict))
        item.isAppealed = true
        try context.update(&item, telling: .updated)
        let named = item.namedMember
        try context.audit(
            "appeal.open", by: named ?? MemberID(0), room: item.room, member: named, item: item.id)
        return object { $0.field("appeal", appeal.id) }
    }
}

/// `appeal.decide`: approving an appeal overrules what it objects to: its strike goes, its lesson is un-learned, a post
/// that was kept back is posted.
struct DecideAppeal: Command, WriteCommand {
    static let fields: [Field] = [
        .required("item", .number), .required("action", .word(["approve", "reject"])),
        .required("reason", .string(0...500)), .optional("version", .number),
    ]
    static let answer: [Field] = [.required("item", .number), .required("version", .number)]

    var room: RoomID? { nil }
    private let item: ReviewItemID
    private let isApproved: Bool
    private let reason: String
    private let version: Int64?
    var texts: [SubmittedText] { reason.isEmpty ? [] : [SubmittedText(kind: .reason, text: reason)] }

    init(_ fields: CommandFields) throws(JSONError) {
        item = try fields.integer("item")
        isApproved = try fields.string("action") == "approve"
        reason = try fields.string("reason")
        version = fields.optionalInteger("version")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var appeal = try context.reviewItem(item)
        try context.require(.person)
        let moderator = try context.checkDecidable(appeal)
        guard appeal.kind == .appeal, let parent = appeal.parent,
            var objected = try context.transaction.reviewItem(parent)
        else { throw Refusal.notFound }
        if let version, version != appeal.version {
            throw Refusal(.conflict, "The item has changed since you looked at it.")
        }
        // Nobody judges an objection to their own decision, unless there is nobody above them.
        let decider = objected.decision.map { context.community.person(behind: $0.by) }
        guard decider != moderator.id || moderator.role.rank >= Role.admin.rank else {
            throw Refusal(.forbidden, "Another moderator decides about an objection to your decision.")
        }
        if isApproved, objected.state == .decided { try context.checkMayTakeBack(objected) }
        let reason = try context.admitReason(ofDecision: reason)
        appeal.state = .decided
        appeal.claim = nil
        appeal.decision = .init(
            action: isApproved ? .approve : .reject, by: moderator.id, at: context.now, reason: reason)
        if isApproved, objected.state == .decided { try context.overrule(&objected, reason: reason) }
        try context.update(&appeal, telling: .decided)
        try context.audit("appeal.decide", room: appeal.room, member: appeal.namedMember, item: appeal.id) { json in
            json.field("action", isApproved ? "approve" : "reject")
            json.field("reason", reason)
        }
        try context.tell(.decided, to: appeal.member) { json in
            json.field("review", appeal.id)
            json.field("action", isApproved ? "approve" : "reject")
            json.field("room", appeal.room?.rawValue)
            json.field("reason", reason)
        }
        return object { json in
            json.field("item", appeal.id)
            json.field("version", appeal.version)
        }
    }
}

extension WriteContext {
    /// Undoes a decision, and puts the opposite in its place, without teaching the classifier anything.
    func overrule(_ item: inout ReviewItem, reason: String) throws {
        try undo(&item)
        let order = DecisionOrder(action: .approve, reason: reason, note: "", labels: [], spans: [])
        try decide(&item, order, sanction: nil, teaching: false)
    }
}

/// `review.mine`: the member's own items: what waits, what was decided and may be objected to.
struct ListOwnReview: Command, ReadCommand {
    static let fields: [Field] = [.optional("before", .number), .optional("limit", .integer(1...100))]
    static let answer: [Field] = [
        .required(
            "items",
            .array(.object("review kind state room seq text created_at expires_at action reason appealed"), atMost: 100)
        ),
        .optional("next", .number),
    ]

    var room: RoomID? { nil }
    private let before: ReviewItemID?
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        before = fields.optionalInteger("before")
        limit = Int(fields.optionalInteger("limit") ?? 50)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        var query = ReviewQuery()
        query.member = context.member
        query.includesSealed = true
        query.order = .newest
        query.after = before
        query.limit = limit
        let items = try context.reader.reviewItems(query)
        return object { json in
            json.field("items", array: items.filter(Self.isKnownToAuthor)) { json, item in
                json.object { Self.write(item, to: &$0) }
            }
            if items.count == limit { json.field("next", items.last?.id) }
        }
    }

    /// Reports, flags and questions about a text are the moderators' own until something is done.
    private static func isKnownToAuthor(_ item: ReviewItem) -> Bool {
        switch item.kind {
        case .held, .heldEdit, .redact, .sanction, .appeal: true
        case .report, .flag, .check, .sample:
            item.parent == nil && item.decision.map { $0.action != .approve } ?? false
        }
    }

    private static func write(_ item: ReviewItem, to json: inout JSONWriter) {
        json.field("review", item.id)
        json.field("kind", item.kind.rawValue)
        json.field("state", item.state.rawValue)
        json.field("room", item.room?.rawValue)
        json.field("seq", item.seq)
        json.field("text", item.text)
        json.field("created_at", item.createdAt)
        json.field("expires_at", item.expiresAt)
        json.field("action", item.decision?.action.rawValue)
        json.field("reason", item.decision?.reason)
        if item.isAppealed { json.field("appealed", true) }
    }
}
